"""Whose message it is: by the files and claims that it names, else by its billing provider; unrouted if unclear."""

from dataclasses import dataclass

from sqlmodel import Session

from services.claims.store import claims as claim_store
from services.claims.store import exchange
from services.claims.store import practice as practice_store
from services.claims.store.tables import UNROUTED
from shared import x12
from shared.wire.envelope import interchange_of_group


@dataclass(frozen=True, slots=True)
class Addressees:
    """Our files, claims and providers that a message names."""

    interchanges: tuple[str, ...] = ()
    claim_numbers: tuple[str, ...] = ()
    npis: tuple[str, ...] = ()


def addressees_of(content: str) -> Addressees:
    """What the text of an unread message names."""
    return addressees_in(x12.read_all(content.encode()))


def addressees_in(file: x12.File) -> Addressees:
    """What a parsed message names."""
    interchanges: list[str] = []
    claim_numbers: list[str] = []
    npis: set[str] = set()
    for transaction in file.transactions:
        if isinstance(transaction.header, x12.Remittance):
            npis.add(transaction.header.payee.id)
        for record in transaction.records:
            match record:
                case x12.InterchangeAcknowledgement(control_number=number):
                    interchanges.append(number)
                case x12.Acknowledgement(group_control_number=number):
                    interchanges.append(interchange_of_group(number))
                case x12.ClaimStatus(claim_number=number, provider=level):
                    claim_numbers.append(number)
                    npis.add(level.party.id)
                case x12.LevelStatus(party=party):
                    npis.add(party.id)
                case x12.ClaimPayment(claim_number=number):
                    claim_numbers.append(number)
                case _:
                    pass
    return Addressees(tuple(interchanges), tuple(claim_numbers), tuple(sorted(npis)))


def subjects_of(session: Session, organization_id: str, to: Addressees) -> list[str]:
    """The ids of the organization's files and claims that the message names, in order."""
    files = (exchange.file_by_control_number(session, number) for number in to.interchanges)
    named = {file.id for file in files if file is not None and file.organization_id == organization_id}
    return sorted(named | claim_store.claim_ids_of_numbers(session, organization_id, to.claim_numbers))


def organization_of(session: Session, to: Addressees) -> str:
    """The one organization whose files and claims the message names, else the one that bills under its provider's NPI.
    UNROUTED if it names none or several organizations: no organization may read another's message."""
    files = (exchange.file_by_control_number(session, number) for number in to.interchanges)
    owners = {file.organization_id for file in files if file is not None}
    owners |= claim_store.organizations_of_numbers(session, to.claim_numbers)
    # Only where no file and no claim is named: an NPI can stand in several organizations, a claim number only in one.
    owners = owners or practice_store.organizations_of_npis(session, to.npis)
    return min(owners) if len(owners) == 1 else UNROUTED
