"""The operator confirms whose a billing NPI is, sees who has put which, and takes a confirmation back.

Any number of organizations may put one NPI: a PUT proves nothing, and a refusal would let whoever puts it first shut
its owner out, and tell strangers whose it is. What the clearinghouse sends goes by a confirmed NPI alone, and an NPI is
confirmed for one organization.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.store import practice as store
from services.claims.store.tables import BillingNpiRow
from shared.codesets import npi_valid
from shared.database.operator import Operator
from shared.errors import Conflict, Fault, NotFound, RuleBroken
from shared.tenancy import INSTALLATION_ID


@dataclass(frozen=True, slots=True)
class BillingNpi:
    """`holder` is whom it is confirmed for, and empty where it is not; `put_by` are the other organizations whose
    practice has it."""

    npi: str
    holder: str
    confirmed_at: datetime | None
    put_by: tuple[str, ...]


def list_npis(operator: Operator) -> list[BillingNpi]:
    """All NPIs that are confirmed or that a practice has, in order."""
    with operator.database.reading() as session:
        confirmed = {row.id: row for row in store.confirmed_npis(session)}
        put = store.npis_of_practices(session)
        return [_view(npi, confirmed.get(npi), put.get(npi, ())) for npi in sorted(confirmed.keys() | put.keys())]


def confirm_npi(operator: Operator, organization_id: str, npi: str) -> BillingNpi:
    """From now on what names this NPI, and no claim number, is the organization's. It may be confirmed before the
    practice is put.

    Raises RuleBroken for what is no NPI, Conflict where it is confirmed for another organization."""
    if not npi_valid(npi):
        fault = Fault("/npi", "npi_check_digit", "The NPI fails its check digit.", "Copy it again from NPPES.")
        raise RuleBroken("this is no NPI", code="npi_check_digit", errors=[fault])
    now = operator.clock.now()

    def write(session: Session) -> BillingNpi:
        row = store.confirmed_npi(session, npi)
        if row is not None and row.holder != organization_id:
            raise Conflict(
                f"NPI {npi} is confirmed for {row.holder}; take that back first: handbill npi withdraw {npi}",
                code="npi_confirmed_for_another",
                pointer="/npi",
                fix="Withdraw it from its holder first.",
            )
        # Confirmed again, it keeps its first date.
        if row is None:
            row = store.billing_npi(session, npi)
            row = row or BillingNpiRow(organization_id=INSTALLATION_ID, id=npi, holder=organization_id)
            row.holder, row.confirmed_at = organization_id, now
            session.add(row)
            session.flush()
            operator.audit(
                session, at=now, action="npi.confirm", subject_id=npi, organization_id=organization_id, reason=None
            )
        return _view(npi, row, store.organizations_with_npi(session, npi))

    return operator.database.run(write)


def withdraw_npi(operator: Operator, npi: str, reason: str) -> BillingNpi:
    """Take a confirmation back: the NPI routes nothing any more, and may be confirmed for another organization.

    Raises NotFound where it is not confirmed."""
    now = operator.clock.now()

    def write(session: Session) -> BillingNpi:
        row = store.confirmed_npi(session, npi)
        if row is None:
            raise NotFound(f"NPI {npi} is not confirmed for anybody; handbill npi list", code="npi_not_confirmed")
        row.confirmed_at = None
        session.add(row)
        session.flush()
        operator.audit(
            session, at=now, action="npi.withdraw", subject_id=npi, organization_id=row.holder, reason=reason
        )
        return _view(npi, None, store.organizations_with_npi(session, npi))

    return operator.database.run(write)


def _view(npi: str, row: BillingNpiRow | None, put_by: Sequence[str]) -> BillingNpi:
    holder = row.holder if row else ""
    return BillingNpi(npi, holder, row.confirmed_at if row else None, tuple(one for one in put_by if one != holder))
