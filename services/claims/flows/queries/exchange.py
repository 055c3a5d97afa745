"""Files and messages as callers read them, of their own organization."""

from services.claims.domain.message_lifecycle import MessageState
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.flows.queries.views import file_view, message_view
from services.claims.store import claims as store
from services.claims.store import exchange
from shared.contracts.exchange import MessagePage, X12FilePage
from shared.errors import NotFound
from shared.paging import Cursor, page_of
from shared.security.caller import Caller


def list_files(
    deps: Dependencies, caller: Caller, *, claim_id: str | None, after: str | None, limit: int
) -> X12FilePage:
    """Files in order of id; with `claim_id` those that the claim went out in, under any of its numbers."""
    last = last_id(after)
    with deps.database.reading() as session:
        only_ids = None if claim_id is None else store.file_ids_of_claim(session, caller.organization_id, claim_id)
        rows = exchange.files_page(session, caller.organization_id, only_ids=only_ids, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        claim_ids = store.claim_ids_of_files(session, caller.organization_id, [row.id for row in page])
        return X12FilePage(items=[file_view(row, claim_ids[row.id]) for row in page], next=following)


def get_file_content(deps: Dependencies, caller: Caller, file_id: str) -> str:
    """The 837P as it was or will be sent."""
    with deps.database.reading() as session:
        row = exchange.file(session, caller.organization_id, file_id)
        if row is None:
            raise NotFound("file is not in this organization", code="file_not_found")
        return row.content


def list_messages(
    deps: Dependencies,
    caller: Caller,
    *,
    state: MessageState | None,
    claim_id: str | None,
    after: str | None,
    limit: int,
) -> MessagePage:
    """Messages of the clearinghouse in order of arrival; `state=quarantined` selects those that wait for a person.
    `claim_id` selects those about a claim or about a file that it went out in."""
    key = Cursor.read(after, (int,))
    last, owner = int(key[0]) if key else None, caller.organization_id
    with deps.database.reading() as session:
        subjects = None if claim_id is None else [claim_id, *store.file_ids_of_claim(session, owner, claim_id)]
        rows = exchange.messages_page(session, owner, state=state, subject_ids=subjects, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.arrival,))
        return MessagePage(items=[message_view(row) for row in page], next=following)


def get_message_content(deps: Dependencies, caller: Caller, message_id: str) -> str:
    """The message as it was received."""
    with deps.database.reading() as session:
        row = exchange.message(session, caller.organization_id, message_id)
        if row is None:
            raise NotFound("message is not in this organization", code="message_not_found")
        return row.content
