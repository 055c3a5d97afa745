"""HTTP as every service speaks it: problems, request ids, limits, tokens, idempotency, paging, docs."""

from shared.web.auth import Caller, requires
from shared.web.idempotency import IdempotentUnitOfWork, idempotent_unit_of_work
from shared.web.paging import Cursor, page_of
from shared.web.service import create_service, dependency

__all__ = [
    "Caller",
    "Cursor",
    "IdempotentUnitOfWork",
    "create_service",
    "dependency",
    "idempotent_unit_of_work",
    "page_of",
    "requires",
]
