"""A remittance that comes from elsewhere than the clearinghouse: an 835 that is uploaded, or a paper EOB that is typed.

Both become a message of the organization and go the way of every message. What is here already, from whatever source,
is said to be, and nothing is stored.
"""

import base64
import binascii
from collections.abc import Iterator

from sqlmodel import Session

from services.claims.domain.remittances.numbered_payments import (
    numbered_payments,
    provider_adjustments,
    remittance_digest,
)
from services.claims.domain.remittances.typed_remittance import (
    KnownClaim,
    TypedPayee,
    lines_known,
    out_of_balance,
    typed_payments,
    write_typed,
)
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_ids import uploaded_id
from services.claims.flows.messages.message_outcome import reason
from services.claims.store import exchange
from services.claims.store import practice as practice_store
from services.claims.store import remittances as store
from services.claims.store.claims_of_remittances import claims_by_id
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.contracts.common import Actor
from shared.contracts.remittances import RemittanceReceipt, RemittanceUpload, TypedRemittance
from shared.database import UnitOfWork
from shared.errors import Fault, Malformed, NotFound, RuleBroken
from shared.security.caller import Caller
from shared.wire.basic_character_set import FIRST_NAME_MAX_LENGTH, LAST_NAME_MAX_LENGTH, to_basic

FAULTS_SHOWN = 20
REMITTANCE = "835"


def upload_remittance(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: RemittanceUpload
) -> RemittanceReceipt:
    """Take an 835 as the caller's own. Raises Malformed for what is no remittance at all; one with errors is taken, and
    waits for a person."""
    content = _text(command.file)
    file = x12.read_all(content.encode())
    others = [one for one in file.transactions if one.opened.type != REMITTANCE]
    if others or not any(isinstance(one.header, x12.Remittance) for one in file.transactions):
        faults = [Fault("/body/file", one.code, one.message, one.fix) for one in file.findings[:FAULTS_SHOWN]]
        raise _not_a_remittance("the file is no 835 whose payment can be read", faults)
    return _take_in(deps, unit_of_work, caller, content, file, command.actor, "upload_remittance")


def type_remittance(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: TypedRemittance
) -> RemittanceReceipt:
    """Take a paper EOB. Raises NotFound for a claim, RuleBroken with each line, claim and check that does not add up,
    or that no remittance can say; then nothing is taken."""
    with deps.database.reading() as session:
        rows = claims_by_id(session, caller.organization_id, {one.claim_id for one in command.claims})
        claims = {one.claim_id: _known(found_claim(rows.get(one.claim_id))) for one in command.claims}
        payee = _payee(session, caller)
    if faults := lines_known(command, claims):
        raise RuleBroken("the claim has no such line", code="line_unknown", errors=faults)
    payments = typed_payments(command, claims)
    if faults := out_of_balance(command, payments):
        raise RuleBroken("the paper as typed does not add up", code="remittance_out_of_balance", errors=faults)
    try:
        content = write_typed(command, payments, payee)
    except x12.WriteError:
        raise RuleBroken(
            "no remittance can say this",
            code="remittance_unwritable",
            pointer="/body",
            fix="Shorten what has more characters than an 835 takes, or leave it out.",
        ) from None
    file = x12.read_all(content.encode(), strict=True, codes=deps.rule_set.codes)
    errors = [reason(one) for one in file.findings if one.severity is x12.Severity.ERROR]
    if errors:
        faults = [Fault(one.pointer, one.code, one.message, one.fix) for one in errors[:FAULTS_SHOWN]]
        raise RuleBroken("no remittance can say this", code="remittance_unwritable", errors=faults)
    return _take_in(deps, unit_of_work, caller, content, file, command.actor, "type_remittance")


def _take_in(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    content: str,
    file: x12.File,
    actor: Actor,
    action: str,
) -> RemittanceReceipt:
    now, owner, message_id = deps.clock.now(), caller.organization_id, uploaded_id(content)
    digests = list(_digests(file))

    def write(session: Session) -> RemittanceReceipt:
        known = [row for one in digests if (row := store.remittance_of_digest(session, owner, one)) is not None]
        ids = [row.id for row in known]
        before = exchange.message(session, owner, message_id) is not None
        whole = bool(digests) and len(known) == len(digests)
        if before or whole:
            first = message_id if before else known[0].message_id
            return RemittanceReceipt(message_id=first, received_before=True, remittance_ids=ids)
        exchange.keep_message(session, owner, message_id, REMITTANCE, content, now)
        audit(session, deps, caller, at=now, action=action, subject_id=message_id, actor=actor)
        return RemittanceReceipt(message_id=message_id, received_before=False, remittance_ids=ids)

    return unit_of_work.run(write)


def _digests(file: x12.File) -> Iterator[str]:
    for transaction in file.transactions:
        header = transaction.header
        if isinstance(header, x12.Remittance):
            payments = numbered_payments(header, transaction.records)
            yield remittance_digest(header, payments, provider_adjustments(transaction.records))


def _text(file: str) -> str:
    try:
        return base64.b64decode(file, validate=True).decode()
    except binascii.Error:
        fault = Fault("/body/file", "not_base64", "The file is not base64.", "Encode the whole file: base64 -w0 FILE.")
    except UnicodeDecodeError:
        fault = Fault("/body/file", "not_text", "The file is no text.", "Send the 835 itself, not an archive of it.")
    raise _not_a_remittance("the file cannot be read", [fault])


def _not_a_remittance(detail: str, faults: list[Fault]) -> Malformed:
    unreadable = Fault(
        "/body/file", "not_a_remittance", "It holds no 835 that can be read.", "Ask the payer for the 835."
    )
    return Malformed(detail, errors=faults or [unreadable])


def _payee(session: Session, caller: Caller) -> TypedPayee:
    row = practice_store.practice(session, caller.organization_id)
    if row is None:
        raise NotFound("the practice was not put yet; PUT /v1/practice", code="practice_not_found")
    body = row.body
    return TypedPayee(body.name, body.npi, body.tax_id, body.address.state, body.address.zip)


def _known(row: ClaimRow) -> KnownClaim:
    bundle = row.document.source.coverage_bundle
    return KnownClaim(
        claim_number=row.claim_number,
        patient_last=to_basic(bundle.patient.name.last, LAST_NAME_MAX_LENGTH),
        patient_first=to_basic(bundle.patient.name.first, FIRST_NAME_MAX_LENGTH),
        member_id=bundle.coverage.member_id,
        filing_indicator=bundle.payer.filing_indicator or "",
        date_of_service=row.date_of_service,
        lines=row.document.claim.billed_lines,
    )
