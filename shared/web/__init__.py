"""HTTP as every service speaks it: problems, request ids, limits, tokens, idempotency, paging, docs."""

from shared.web.auth import Caller, requires
from shared.web.idempotency import Once, once
from shared.web.paging import Cursor, page_of
from shared.web.service import create_service, provided

__all__ = ["Caller", "Cursor", "Once", "create_service", "once", "page_of", "provided", "requires"]
