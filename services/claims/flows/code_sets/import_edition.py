"""The operator imports a published edition, takes the newest one back, and sees which are in force."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.store import code_sets as store
from services.claims.store.code_set_tables import CodeSetEditionRow
from shared.codesets import CodeSets, ImportRefused
from shared.codesets.quarters import quarter_of
from shared.codesets.read_edition import ReadEdition, read_edition
from shared.contracts.code_sets import (
    CodeSetEdition,
    CodeSetEditions,
    CodeSetImport,
    CodeSetKind,
    CodeSetWithdraw,
)
from shared.database import UnitOfWork
from shared.database.operator import COMMAND_LINE, Operator
from shared.errors import Conflict, Fault, Malformed, NotFound
from shared.security.caller import Caller
from shared.tenancy import INSTALLATION_ID


def import_edition(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, kind: CodeSetKind, command: CodeSetImport
) -> CodeSetEdition:
    """In force in this process once it is answered. Raises Malformed with the lines of what cannot be read, and then
    nothing of it is taken; Conflict where another import came between."""
    now = deps.wall_clock.now()
    file = _decoded(command.file)
    deps.code_sets.look_now()
    over = dict(deps.code_sets.numbers)
    try:
        read = read_edition(deps.code_sets(), kind, file, command.effective_from)
    except ImportRefused as refused:
        raise _malformed(refused) from None

    def write(session: Session) -> CodeSetEdition:
        row = _add(session, read, file, over, at=now, client_id=caller.client_id, actor_id=command.actor.id)
        audit(
            session, deps, caller, at=now, action="code_set.import", subject_id=row.id, actor=command.actor, reason=None
        )
        return _view(row, in_force=True)

    edition = unit_of_work.run(write)
    deps.code_sets.look_now()
    return edition


def import_file(operator: Operator, over: dict[str, int], read: ReadEdition, file: bytes) -> None:
    """The same from the command line, for an edition that was read over the editions of the numbers in `over`."""
    now = operator.clock.now()

    def write(session: Session) -> None:
        row = _add(session, read, file, over, at=now, client_id=COMMAND_LINE, actor_id=operator.name)
        operator.audit(session, at=now, action="code_set.import", subject_id=row.id)

    operator.database.run(write)


def withdraw_edition(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, edition_id: str, command: CodeSetWithdraw
) -> CodeSetEdition:
    """Raises NotFound, and Conflict for one that is not in force: later ones were laid over it."""
    now = deps.wall_clock.now()

    def write(session: Session) -> CodeSetEdition:
        row = store.edition_of_id(session, edition_id)
        if row is None:
            raise NotFound("there is no edition of that id; GET /v1/code-sets lists them", code="edition_not_found")
        if store.numbers_in_force(session).get(row.kind) != row.number:
            raise Conflict(
                "only the edition in force can be withdrawn; withdraw what came after it first",
                code="edition_not_in_force",
                pointer="/edition_id",
                fix="Withdraw what came after it first.",
            )
        row.withdrawn_at = now
        session.add(row)
        audit(session, deps, caller, at=now, action="code_set.withdraw", subject_id=row.id, actor=command.actor)
        return _view(row, in_force=False)

    edition = unit_of_work.run(write)
    deps.code_sets.look_now()
    return edition


def list_editions(deps: Dependencies) -> CodeSetEditions:
    """All that were imported, and of the packaged kinds what is in force."""
    with deps.database.reading() as session:
        numbers, rows = store.numbers_in_force(session), store.editions(session)
        items = [_view(row, in_force=numbers.get(row.kind) == row.number) for row in rows]
    packaged = [one for one in _not_imported(deps.code_sets()) if one.kind not in numbers]
    return CodeSetEditions(items=[*packaged, *items])


def _add(
    session: Session,
    read: ReadEdition,
    file: bytes,
    over: dict[str, int],
    *,
    at: datetime,
    client_id: str,
    actor_id: str,
) -> CodeSetEditionRow:
    """Raises Conflict where what it was laid over is not in force any more."""
    if store.numbers_in_force(session) != over:
        raise Conflict(
            "another edition was imported meanwhile; send this one again",
            code="edition_came_between",
            pointer="/body",
            fix="Send this one again.",
        )
    number = store.newest_number(session, read.kind) + 1
    row = CodeSetEditionRow(
        organization_id=INSTALLATION_ID,
        id=store.edition_id(read.kind, number),
        kind=read.kind,
        number=number,
        version=read.version,
        effective_from=read.effective_from,
        effective_to=read.effective_to,
        entries=read.entries,
        file_digest=sha256(file).hexdigest(),
        imported_at=at,
        client_id=client_id,
        actor_id=actor_id,
        content=read.content,
    )
    session.add(row)
    return row


def _decoded(file: str) -> bytes:
    try:
        return base64.b64decode(file, validate=True)
    except binascii.Error:
        fault = Fault("/body/file", "not_base64", "The file is not base64.", "Encode the whole file: base64 -w0 FILE.")
        raise Malformed("the file cannot be read", errors=[fault]) from None


def _malformed(refused: ImportRefused) -> Malformed:
    faults = [
        Fault(
            "/body/file",
            "row_unreadable" if row.line else "file_refused",
            f"Line {row.line}: {row.message}." if row.line else f"{row.message[:1].upper()}{row.message[1:]}.",
            "Download the edition again and send it unchanged; nothing of this file was taken.",
        )
        for row in refused.rows
    ]
    return Malformed("the edition was refused, and nothing of it was taken", errors=faults)


def _view(row: CodeSetEditionRow, *, in_force: bool) -> CodeSetEdition:
    return CodeSetEdition(
        id=row.id,
        kind=row.kind,
        version=row.version,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        entries=row.entries,
        in_force=in_force,
        imported_at=row.imported_at,
        imported_by_client=row.client_id,
        imported_by=row.actor_id,
        withdrawn_at=row.withdrawn_at,
    )


def _not_imported(codes: CodeSets) -> Iterator[CodeSetEdition]:
    table = codes.diagnoses
    yield CodeSetEdition(
        kind="icd10",
        version=table.version,
        effective_from=table.effective_from,
        effective_to=table.effective_to,
        entries=len(table),
        in_force=True,
    )
    for kind, version, entries in (
        ("ncci", codes.pairs.version, len(codes.pairs)),
        ("mue", codes.limits.version, len(codes.limits)),
    ):
        days = quarter_of(version)
        yield CodeSetEdition(
            kind=kind,
            version=version,
            effective_from=days.effective_from if days else None,
            effective_to=days.effective_to if days else None,
            entries=entries,
            in_force=True,
        )
