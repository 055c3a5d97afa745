"""Names and addresses in the characters that every X12 trading partner reads.

Source: the 005010 TR3s, appendix B.1.1.2.2. The basic character set has capital letters, digits, the space and
`! " & ' ( ) * + , - . / : ; ? =`; of the extended set only `#` is added, since addresses need it and every partner
reads it. `*` and `:` are left out: like `^` and `~` they are delimiters of the files that we write.

Letters of other alphabets and accented ones are transliterated by anyascii (Ł to L, ß to SS, ½ to 1/2). It is done
letter by letter, never by dropping what is not ASCII: that made UKASZ of Łukasz, whom a payer then does not find.
"""

import re
import string
from typing import NamedTuple

from anyascii import anyascii

LAST_NAME_MAX_LENGTH = 60  # NM103: also the name of an organization
FIRST_NAME_MAX_LENGTH = 35  # NM104
MIDDLE_NAME_MAX_LENGTH = 25  # NM105
ADDRESS_LINE_MAX_LENGTH = 55  # N301 and N302
CITY_MAX_LENGTH = 30  # N401

_OUTSIDE = re.compile(r"""[^A-Z0-9 !"#&'()+,\-./;?=]+""")
# Unlike str.upper this leaves ß, ı and ŉ alone, whose capitals are other letters.
_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


class Transliteration(NamedTuple):
    """A text as it was given and as it is sent."""

    before: str
    after: str


def to_basic(text: str, max_length: int | None = None) -> str:
    """The text as it is sent: capitals, single spaces, at most `max_length` characters.

    What has no transliteration becomes a space, so the answer is empty where nothing of the text can be sent.
    """
    ascii_only = text if text.isascii() else "".join(map(_transliterated, text))
    spaced = " ".join(_OUTSIDE.sub(" ", ascii_only.translate(_CAPITALS)).split())
    return spaced if max_length is None else spaced[:max_length].rstrip()


def transliteration(text: str, max_length: int | None = None) -> Transliteration | None:
    """The text before and after where it cannot be sent as it was given; None where only capitals and spaces differ."""
    before, after = " ".join(text.split()), to_basic(text, max_length)
    return None if before.translate(_CAPITALS) == after else Transliteration(before, after)


def _transliterated(character: str) -> str:
    """One character in ASCII. anyascii spells emoji out between colons (`:grinning:`); no name is meant by them."""
    spelled = anyascii(character)
    return " " if len(spelled) > 1 and spelled.startswith(":") else spelled
