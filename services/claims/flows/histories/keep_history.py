"""A history is made, gets its files, is asked for its report, and is discarded."""

import base64
import binascii

from sqlmodel import Session

from services.claims.domain.histories.history_lifecycle import HISTORY_LIFECYCLE, HistoryEvent, HistoryState
from services.claims.domain.histories.payer_terms import given_terms
from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.histories.read_history import found_history, history_view
from services.claims.store import histories as store
from services.claims.store import practice as practice_store
from services.claims.store.history_tables import HistoryFileRow, HistoryRow
from shared.contracts.histories import (
    MAX_HISTORY_BYTES,
    MAX_HISTORY_FILES,
    History,
    HistoryAction,
    HistoryCreate,
    HistoryFileReceipt,
    HistoryFileUpload,
    HistoryTerms,
)
from shared.database import UnitOfWork
from shared.dates import local_date
from shared.errors import Conflict, Fault, Malformed, NotFound, RuleBroken
from shared.payer_profiles import ProfileError
from shared.security.caller import Caller
from shared.transition_table import NotAllowed


def create_history(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: HistoryCreate) -> History:
    """A history without files. Raises NotFound before the practice was put, RuleBroken for a payer's profile that does
    not exist."""
    now, owner = deps.clock.now(), caller.organization_id
    terms = HistoryTerms(**command.model_dump(exclude={"actor"}))
    _check_payers(terms)

    def write(session: Session) -> History:
        practice = practice_store.practice(session, owner)
        if practice is None:
            raise NotFound("the practice was not put yet; PUT /v1/practice", code="practice_not_found")
        row = HistoryRow(
            organization_id=owner,
            id=deps.ids("his"),
            state=HistoryState.OPEN,
            as_of=terms.as_of or local_date(now, practice.time_zone),
            created_at=now,
            terms=terms,
        )
        session.add(row)
        audit(session, deps, caller, at=now, action="create_history", subject_id=row.id, actor=command.actor)
        return history_view(row, None)

    return unit_of_work.run(write)


def add_history_file(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, history_id: str, command: HistoryFileUpload
) -> HistoryFileReceipt:
    """One file more. Raises NotFound, Malformed for what is no base64, RuleBroken where the history is full or takes no
    more files."""
    now, owner = deps.clock.now(), caller.organization_id
    size = _size(command.file)

    def write(session: Session) -> HistoryFileReceipt:
        history = found_history(store.history(session, owner, history_id))
        _step(history, HistoryEvent.ADD)
        if history.files >= MAX_HISTORY_FILES or history.total_bytes + size > MAX_HISTORY_BYTES:
            raise _full()
        row = HistoryFileRow(
            organization_id=owner, id=deps.ids("hfl"), history_id=history_id, name=command.name, content=command.file
        )
        history.files, history.total_bytes = history.files + 1, history.total_bytes + size
        session.add(row)
        session.add(history)
        audit(session, deps, caller, at=now, action="add_history_file", subject_id=history_id, actor=command.actor)
        return HistoryFileReceipt(
            id=row.id, name=row.name, size_bytes=size, files=history.files, total_bytes=history.total_bytes
        )

    return unit_of_work.run(write)


def ask_history_report(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, history_id: str, command: HistoryAction
) -> History:
    """The worker is to make the report. Raises NotFound, RuleBroken where it has no files or was asked before."""
    now, owner = deps.clock.now(), caller.organization_id

    def write(session: Session) -> History:
        row = found_history(store.history(session, owner, history_id))
        if not row.files:
            raise _refused("history_empty", "It has no files.", "Add files, then ask for the report.")
        _step(row, HistoryEvent.ASK)
        session.add(row)
        audit(session, deps, caller, at=now, action="ask_history_report", subject_id=row.id, actor=command.actor)
        return history_view(row, None)

    return unit_of_work.run(write)


def discard_history(deps: Dependencies, caller: Caller, history_id: str) -> None:
    """The history goes, with its files and its report. Raises NotFound, Conflict while the report is made."""
    now, owner = deps.clock.now(), caller.organization_id

    def write(session: Session) -> None:
        row = found_history(store.history(session, owner, history_id))
        if row.state == HistoryState.ASKED:
            raise Conflict(
                "its report is being made; discard it when that is there",
                code="history_asked",
                pointer="/history_id",
                fix="Wait for its report, and discard it then.",
            )
        found = store.report(session, owner, history_id)
        if found is not None:
            session.delete(found)
        store.delete_files(session, owner, history_id)
        session.delete(row)
        audit(session, deps, caller, at=now, action="discard_history", subject_id=history_id, actor=None)

    deps.database.run(write)


def _step(row: HistoryRow, event: HistoryEvent) -> None:
    try:
        row.state = HISTORY_LIFECYCLE.step(HistoryState(row.state), event)
    except NotAllowed:
        raise _refused(
            "history_closed", "Its report was asked for already.", "Make a new history with all files."
        ) from None


def _full() -> RuleBroken:
    most = f"{MAX_HISTORY_FILES} files or {MAX_HISTORY_BYTES // 10**6} MB"
    return _refused(
        "history_full", f"A history has at most {most}.", "Make another one for other years, or use handbill history."
    )


def _refused(code: str, message: str, fix: str) -> RuleBroken:
    return RuleBroken("the history cannot do this", code=code, errors=[Fault("/history", code, message, fix)])


def _check_payers(terms: HistoryTerms) -> None:
    for place, payer in enumerate(terms.payers):
        try:
            given_terms({payer.identifier: payer_document(payer.model_dump())})
        except ProfileError as error:
            code = "payer_profile_invalid"
            fault = Fault(f"/body/payers/{place}/profile", code, str(error), "Name a packaged profile.")
            raise RuleBroken("a payer's profile cannot be used", code=code, errors=[fault]) from error


def payer_document(payer: dict[str, object]) -> dict[str, object]:
    """What is said of a payer in the form in which a file says it: what is absent says nothing."""
    return {key: value for key, value in payer.items() if key != "identifier" and value is not None}


def _size(file: str) -> int:
    try:
        return len(base64.b64decode(file, validate=True))
    except binascii.Error:
        fault = Fault("/body/file", "not_base64", "The file is not base64.", "Encode the whole file: base64 -w0 FILE.")
        raise Malformed("the file cannot be read", errors=[fault]) from None
