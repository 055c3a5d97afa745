"""Where a visit was: its place of service, and the address of the service location where it is not the practice's.

Source: 005010X222A1, loop 2310C: sent when the location of the service is different from that of the billing provider;
CMS transmittal 2015 of 2010 (CR 6947): the patient's home (12) is such a location. Telehealth has none.
"""

from dataclasses import dataclass

from services.claims.document import ClaimSource
from shared.contracts.common import Address
from shared.contracts.notes import Note
from shared.contracts.practice import Practice

HOME = "12"
TELEHEALTH = frozenset({"02", "10"})
HOME_NAME = "Patient's home"


@dataclass(frozen=True, slots=True)
class ServiceLocation:
    """A place that is not the practice's own address."""

    name: str
    address: Address


def place_of_service(source: ClaimSource) -> str:
    """The code of the visit's place: the note's where it names one, else the practice's usual one."""
    return _code(source.note, source.practice)


def place_of_visit(note: Note, practice: Practice) -> tuple[str, Address | None]:
    """What a visit's place is known by, to compare visits: its code, and the address that the note names."""
    return _code(note, practice), note.place.address if note.place else None


def _code(note: Note, practice: Practice) -> str:
    return note.place.place_of_service if note.place else practice.place_of_service


def address_of_service(source: ClaimSource) -> Address | None:
    """Where the visit was: as the note says, the patient's home, or the practice; None by telehealth, and where
    nobody has said."""
    place, code = source.note.place, place_of_service(source)
    if code in TELEHEALTH:
        return None
    if place and place.address:
        return place.address
    if code == HOME:
        return source.coverage_bundle.patient.address
    # A note that names no place, or the practice's usual one, is of a visit to the practice.
    return source.practice.address if code == source.practice.place_of_service else None


def service_location(source: ClaimSource) -> ServiceLocation | None:
    """The service location of the claim (2310C), or None where it is the billing provider's address."""
    place, address = source.note.place, address_of_service(source)
    if address is None or _street(address) == _street(source.practice.address):
        return None
    name = place.name if place and place.name else None
    usual = HOME_NAME if place_of_service(source) == HOME else source.practice.name
    return ServiceLocation(name or usual, address)


def _street(address: Address) -> tuple[str, ...]:
    """What tells two addresses apart: a suite, or four more digits of the ZIP, are of the same house."""
    return (*(part.upper().strip(" .,") for part in (address.line1, address.city, address.state)), address.zip[:5])
