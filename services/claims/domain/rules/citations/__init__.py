"""Who says what the rules say: the one home of their sources, as data.

`source` is the shape of a citation and whom it speaks for, `documents` lists every document once, `passages` the
places in them that several rules cite, `by_rule` what stands behind each rule. A rule judges a program for which no
source speaks by our own advice alone, and so it only informs there.
"""

from services.claims.domain.rules.citations.by_rule import CITATIONS
from services.claims.domain.rules.citations.documents import DOCUMENTS
from services.claims.domain.rules.citations.source import (
    ADVICE,
    ALL,
    Document,
    Source,
    speaking,
    text_of,
)

__all__ = ["ADVICE", "ALL", "CITATIONS", "DOCUMENTS", "Document", "Source", "speaking", "text_of"]
