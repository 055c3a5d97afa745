"""The operator confirms whose a billing NPI is, sees who holds which, and takes a confirmation back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.store import practice as store
from services.claims.store.tables import (
    BillingNpiRow,
)
from shared.codesets import npi_valid
from shared.database.operator import Operator
from shared.errors import Conflict, Fault, NotFound, RuleBroken
from shared.tenancy import INSTALLATION_ID


@dataclass(frozen=True, slots=True)
class HeldNpi:
    """`also_put_by`: organizations whose practice has the NPI although another holds it."""

    npi: str
    holder: str
    confirmed_at: datetime | None
    also_put_by: tuple[str, ...]


def list_npis(operator: Operator) -> list[HeldNpi]:
    """All NPIs that are held, in order."""
    with operator.database.reading() as session:
        return [_view(session, row) for row in store.billing_npis(session)]


def confirm_npi(operator: Operator, organization_id: str, npi: str) -> HeldNpi:
    """From now on what names this NPI, and no claim number, is the organization's. It may be confirmed before the
    practice is put, and is taken from an organization that holds it unconfirmed.

    Raises RuleBroken for what is no NPI, Conflict where it is confirmed for another organization."""
    if not npi_valid(npi):
        fault = Fault("/npi", "npi_check_digit", "The NPI fails its check digit.", "Copy it again from NPPES.")
        raise RuleBroken("this is no NPI", code="npi_check_digit", errors=[fault])
    now = operator.clock.now()

    def write(session: Session) -> HeldNpi:
        row = store.billing_npi(session, npi)
        if row is None:
            row = BillingNpiRow(organization_id=INSTALLATION_ID, id=npi, holder=organization_id)
        if row.confirmed_at is not None and row.holder != organization_id:
            raise Conflict(
                f"NPI {npi} is confirmed for {row.holder}; take that back first: handbill npi withdraw {npi}",
                code="npi_confirmed_for_another",
            )
        # Confirmed again, it keeps its first date.
        if row.confirmed_at is None:
            row.holder, row.confirmed_at = organization_id, now
            session.add(row)
            session.flush()
            operator.audit(
                session, at=now, action="npi.confirm", subject_id=npi, organization_id=organization_id, reason=None
            )
        return _view(session, row)

    return operator.database.run(write)


def withdraw_npi(operator: Operator, npi: str, reason: str) -> HeldNpi:
    """Take a confirmation back: the NPI routes nothing any more, and may be confirmed for another organization.

    Raises NotFound where it is not confirmed."""
    now = operator.clock.now()

    def write(session: Session) -> HeldNpi:
        row = store.billing_npi(session, npi)
        if row is None or row.confirmed_at is None:
            raise NotFound(f"NPI {npi} is not confirmed for anybody; handbill npi list", code="npi_not_confirmed")
        row.confirmed_at = None
        session.add(row)
        session.flush()
        operator.audit(
            session, at=now, action="npi.withdraw", subject_id=npi, organization_id=row.holder, reason=reason
        )
        return _view(session, row)

    return operator.database.run(write)


def _view(session: Session, row: BillingNpiRow) -> HeldNpi:
    others = tuple(one for one in store.organizations_with_npi(session, row.id) if one != row.holder)
    return HeldNpi(row.id, row.holder, row.confirmed_at, others)
