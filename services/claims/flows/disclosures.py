"""Accounting of disclosures (45 CFR 164.528): what of a patient's claims left the practice, when, to whom and why.

A row is written when a claim is put in a file or is to be printed, with the payer that the claim then names; it counts
from the moment that the clearinghouse is known to have the file. The law does not ask for disclosures for payment to be
accounted for; a patient who asks is better told all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from services.claims.flows.audit import PAYMENT, audit_work
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_pair, moment
from services.claims.store import disclosures as store
from services.claims.store.disclosure_tables import DisclosureRow
from services.claims.store.tables import ClaimRow, FileRow
from shared.audit import about_patient
from shared.contracts.disclosures import Disclosure, DisclosurePage
from shared.ids import Ids
from shared.paging import page_of
from shared.security.caller import Caller

STATUS_QUESTION = "276"
APPEAL = "appeal"
ACCOUNTED = timedelta(days=6 * 365 + 2)
"""Six years back, as the law has it, with their leap days."""


def expect_disclosure(session: Session, ids: Ids, claim: ClaimRow, file_id: str) -> None:
    """The claim was put in a file and will leave with it."""
    session.add(_row(ids, claim, file_id=file_id))


def disclose_on_paper(session: Session, ids: Ids, claim: ClaimRow, now: datetime) -> None:
    """The claim was submitted to a payer that takes paper alone: it is printed and mailed."""
    session.add(_row(ids, claim, disclosed_at=now))


def disclose_question(session: Session, ids: Ids, claim: ClaimRow, now: datetime) -> None:
    """The payer was asked for the claim's status, and has answered: it has the question."""
    row = _row(ids, claim, disclosed_at=now)
    row.kind = STATUS_QUESTION
    session.add(row)


def disclose_appeal(session: Session, ids: Ids, claim: ClaimRow, recipient: str, now: datetime) -> None:
    """A person has sent an appeal with its packet; `recipient` says by what way."""
    row = _row(ids, claim, disclosed_at=now)
    row.kind, row.recipient = APPEAL, recipient
    session.add(row)


def disclose_file(session: Session, ids: Ids, file: FileRow, now: datetime) -> None:
    """The clearinghouse has the file, as it says itself or as one of its answers shows: from now on its claims count as
    disclosed, each with an entry in the audit trail. Nothing happens the second time."""
    for row in store.undisclosed(session, file.organization_id, file.id):
        row.disclosed_at = now
        session.add(row)
        reason = f"claim {row.claim_number} to {row.recipient}, in file {file.interchange_control_number}"
        audit_work(
            session,
            ids,
            row.organization_id,
            at=now,
            action="claim_sent",
            subject_id=row.claim_id,
            patient_id=row.patient_id,
            reason=reason,
        )


def list_disclosures(
    deps: Dependencies, caller: Caller, patient_id: str, *, after: str | None, limit: int
) -> DisclosurePage:
    """What of the patient left in the last six years, oldest first. Raises Malformed for a cursor that is not ours."""
    last, since = last_pair(after, moment), deps.clock.now() - ACCOUNTED
    about_patient(patient_id)
    with deps.database.reading() as session:
        rows: Sequence[DisclosureRow] = store.disclosures_page(
            session, caller.organization_id, patient_id, since=since, after=last, limit=limit
        )
        page, following = page_of(rows, limit, lambda row: (_disclosed_at(row).isoformat(), row.id))
        return DisclosurePage(items=[_view(row) for row in page], next=following)


def _row(
    ids: Ids, claim: ClaimRow, *, file_id: str | None = None, disclosed_at: datetime | None = None
) -> DisclosureRow:
    return DisclosureRow(
        organization_id=claim.organization_id,
        id=ids("dis"),
        patient_id=claim.patient_id,
        claim_id=claim.id,
        claim_number=claim.claim_number,
        file_id=file_id,
        recipient=claim.document.source.coverage_bundle.payer.name,
        disclosed_at=disclosed_at,
    )


def _view(row: DisclosureRow) -> Disclosure:
    printed = row.file_id is None and row.kind is None
    return Disclosure(
        id=row.id,
        disclosed_at=_disclosed_at(row),
        recipient=row.recipient,
        through=None if printed or row.kind == APPEAL else "clearinghouse",
        description=_description(row, printed=printed),
        purpose=PAYMENT,
        claim_id=row.claim_id,
        file_id=row.file_id,
    )


def _description(row: DisclosureRow, *, printed: bool) -> str:
    if row.kind == APPEAL:
        return (
            f"Appeal about claim {row.claim_number}: letter, treatment notes and what else its packet has, with name, "
            "birth date, member id, diagnoses, dates and kinds of treatment, charges."
        )
    if row.kind == STATUS_QUESTION:
        return (
            f"Question for the status of claim {row.claim_number}, sent through the clearinghouse: name, birth date, "
            "sex, member id, date of treatment, charges."
        )
    way = "printed and mailed" if printed else "sent through the clearinghouse"
    return (
        f"Health care claim {row.claim_number}, {way}: name, birth date, address, member id, diagnoses, dates and "
        "kinds of treatment, charges."
    )


def _disclosed_at(row: DisclosureRow) -> datetime:
    assert row.disclosed_at is not None, "only rows with it are listed"
    return row.disclosed_at
