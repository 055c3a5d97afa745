"""Whose a message is, unit by unit: a claim payment, a claim's status, the answer to a file. Never a file as a whole.

1. A unit that names a claim number or a file of ours is its organization's: numbers are ours, random, and issued once.
2. Any other (an unknown claim number, a provider adjustment, a level that is rejected as a whole) belongs to the
   organization for which the operator has confirmed the NPI that it names. What a tenant writes into its own practice
   routes nothing.
3. Everything else is nobody's, and waits for the operator.

A provider adjustment (PLB) is money of the payee, not of a claim: it takes back, advances or adds interest on what the
payee is paid. So it goes by the payee's NPI (rule 2), whoever's claims are in the same check; and to the operator where
the adjustment itself names an NPI that is confirmed for another organization.

An account of the clearinghouse speaks only of the organizations that send through it (`shared.wire.trading_partner`):
whoever has an account of its own cannot move another's claims by naming their numbers there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from services.claims.domain.message_parts import Outline, Unit, UnitKind, View
from services.claims.store import claims as claim_store
from services.claims.store import exchange
from services.claims.store import practice as practice_store
from services.claims.store.tables import FileRow
from shared import x12
from shared.wire.envelope import interchange_of_group
from shared.wire.trading_partner import TradingPartners

MAX_UNKNOWN_NPIS = 20
"""Each has a part of its own for the operator. A part is a walk through the whole message, so the units of further NPIs
are in one part together: a file may name as many NPIs as it has claims."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The organization whose units are in a part, or the empty text: then the provider (`npi`) that the units name, and
    the organization whose claims they name although the account does not speak of it (`claims_of`)."""

    organization_id: str = ""
    npi: str = ""
    claims_of: str = ""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner of every unit of a message, and who holds which confirmed NPI."""

    owners: Mapping[Unit, Owner]
    holders: Mapping[str, str]
    account: str

    def view(self, owner: Owner) -> View:
        """What an owner sees. The operator, who sees everything, is shown every provider."""
        return View(
            mine=lambda unit: self.owners[unit] == owner,
            shows=lambda npi: not owner.organization_id or self.holders.get(npi) == owner.organization_id,
            account=self.account,
        )


def ownership(session: Session, partners: TradingPartners, outline: Outline, account: str) -> Ownership:
    """Who owns what of a message that came to this account (its sender id)."""
    units = outline.units
    by_number = claim_store.organizations_of_numbers(session, {one.claim_number for one in units})
    files = exchange.files_by_control_numbers(session, {one.interchange for one in units}, account)
    holders = practice_store.confirmed_holders(session, {npi for one in units for npi in (one.npi, one.own_npi)})
    speaks_of = _speaks_of(session, partners, account)
    holders = {npi: holder for npi, holder in holders.items() if speaks_of(holder)}
    owners: dict[Unit, Owner] = {}
    nobodys = _Nobodys()
    for unit in units:
        named = _named(unit, by_number, files)
        # A file answers through the account that it was sent through.
        file = files.get(unit.interchange)
        spoken_of = {one for one in named if speaks_of(one) and (file is None or file.sender_id == account)}
        if len(named) == 1 and spoken_of:
            owners[unit] = Owner(min(named))
        elif named:
            owners[unit] = nobodys.owner(unit, claims_of=min(named) if len(named) == 1 else "")
        else:
            owners[unit] = Owner(_holder(unit, holders)) if _holder(unit, holders) else nobodys.owner(unit)
    return Ownership(owners, holders, account)


class _Nobodys:
    """The owners of what is the operator's, of at most MAX_UNKNOWN_NPIS apart."""

    def __init__(self) -> None:
        self._apart: set[Owner] = set()

    def owner(self, unit: Unit, claims_of: str = "") -> Owner:
        owner = Owner(npi=unit.npi, claims_of=claims_of)
        if owner not in self._apart and len(self._apart) == MAX_UNKNOWN_NPIS:
            return Owner(claims_of=claims_of)
        self._apart.add(owner)
        return owner


def subjects_of(session: Session, organization_id: str, file: x12.File) -> list[str]:
    """The ids of the organization's files and claims that a message names, in order."""
    numbers, interchanges = _names(file)
    named = exchange.file_ids_by_control_numbers(session, organization_id, interchanges)
    return sorted(named | claim_store.claim_ids_of_numbers(session, organization_id, numbers))


def _named(unit: Unit, by_number: Mapping[str, set[str]], files: Mapping[str, FileRow]) -> set[str]:
    """The organizations whose claim or file the unit names."""
    if unit.kind is UnitKind.CLAIM:
        return by_number.get(unit.claim_number, set())
    file = files.get(unit.interchange)
    return {file.organization_id} if file is not None else set()


def _holder(unit: Unit, holders: Mapping[str, str]) -> str:
    """The organization that holds the unit's NPI; empty where nobody does, or where it names those of two."""
    holder = holders.get(unit.npi, "")
    return holder if holders.get(unit.own_npi, holder) == holder else ""


def _speaks_of(session: Session, partners: TradingPartners, account: str) -> Callable[[str], bool]:
    """Whether an organization sends, or has sent, through the account."""
    known: dict[str, bool] = {}

    def speaks_of(organization_id: str) -> bool:
        if organization_id not in known:
            now = partners.of(organization_id).sender_id == account
            known[organization_id] = now or account in exchange.accounts_of(session, organization_id)
        return known[organization_id]

    return speaks_of


def _names(file: x12.File) -> tuple[Sequence[str], Sequence[str]]:
    """(claim numbers, interchange control numbers)."""
    numbers: list[str] = []
    interchanges: list[str] = []
    for transaction in file.transactions:
        for record in transaction.records:
            match record:
                case x12.InterchangeAcknowledgement(control_number=number):
                    interchanges.append(number)
                case x12.Acknowledgement(group_control_number=number):
                    interchanges.append(interchange_of_group(number))
                case x12.ClaimStatus(claim_number=number) | x12.ClaimPayment(claim_number=number):
                    numbers.append(number)
                case _:
                    pass
    return numbers, interchanges
