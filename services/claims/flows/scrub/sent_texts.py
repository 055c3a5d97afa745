"""The names, numbers and addresses of a claim as callers gave them, each with its place in the 837P."""

from collections.abc import Collection, Iterator

from services.claims.document import ClaimSource
from services.claims.domain.scrubber_input import SentAddress, SentText
from services.claims.flows.scrub.service_location import service_location
from shared.contracts.common import Address, PersonName
from shared.contracts.eligibility import Coverage
from shared.wire.basic_character_set import (
    ADDRESS_LINE_MAX_LENGTH,
    CITY_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    LAST_NAME_MAX_LENGTH,
    MIDDLE_NAME_MAX_LENGTH,
)

CITY_MIN_LENGTH = 2  # N401
ID_MIN_LENGTH = 2  # NM109
ID_MAX_LENGTH = 80

Text = tuple[str, str, str | None, int, int]
Place = tuple[str, str, Address | None, bool]


def sent_texts(source: ClaimSource, earlier_payers: Collection[str]) -> tuple[SentText, ...]:
    """Every text of a person, an organization or an address that goes out with the claim, also of the coverages that
    have paid before."""
    return tuple(
        SentText(pointer, label, text, max_length, min_length)
        for pointer, label, text, max_length, min_length in _texts(source, earlier_payers)
        if text
    )


def sent_addresses(source: ClaimSource, earlier_payers: Collection[str]) -> tuple[SentAddress, ...]:
    """Every address that goes out with the claim."""
    return tuple(
        SentAddress(pointer, whose, tuple(filter(None, (at.line1, at.line2))), at.state, is_location)
        for pointer, whose, at, is_location in _addresses(source, earlier_payers)
        if at is not None
    )


def _coverages(source: ClaimSource, earlier_payers: Collection[str]) -> Iterator[tuple[str, Coverage]]:
    yield "/coverage/subscriber", source.coverage_bundle.coverage
    for place, other in enumerate(source.coverage_bundle.other_coverages):
        if other.coverage.payer_id in earlier_payers:
            yield f"/coverage/other_coverages/{place}/subscriber", other.coverage


def _texts(source: ClaimSource, earlier_payers: Collection[str]) -> Iterator[Text]:
    file, practice = source.coverage_bundle, source.practice
    yield from _person("/patient/name", "patient", file.patient.name)
    for pointer, coverage in _coverages(source, earlier_payers):
        insured = coverage.insured
        if insured is not None:
            organization = insured.organization_name
            yield f"{pointer}/organization_name", "subscriber's name", organization, LAST_NAME_MAX_LENGTH, 1
            yield from _person(f"{pointer}/name", "subscriber", insured.name)
    yield "/payer/name", "payer's name", file.payer.name, LAST_NAME_MAX_LENGTH, 1
    yield "/payer/payer_identifier", "payer's identifier", file.payer.payer_identifier, ID_MAX_LENGTH, ID_MIN_LENGTH
    yield "/billing/name", "practice's name", practice.name, LAST_NAME_MAX_LENGTH, 1
    yield "/billing/contact_name", "practice's contact", practice.contact_name, LAST_NAME_MAX_LENGTH, 1
    yield from _person("/provider/name", "therapist", source.therapist.name)
    for place, referral in enumerate(file.referrals):
        yield from _person(f"/coverage/referrals/{place}/referring_name", "referring person", referral.referring_name)
    location = service_location(source)
    if location is not None:
        yield "/note/place/name", "service location's name", location.name, LAST_NAME_MAX_LENGTH, 1
    for pointer, whose, address, _ in _addresses(source, earlier_payers):
        yield from _lines(pointer, whose, address)


def _addresses(source: ClaimSource, earlier_payers: Collection[str]) -> Iterator[Place]:
    practice, location = source.practice, service_location(source)
    yield "/patient/address", "patient", source.coverage_bundle.patient.address, False
    for pointer, coverage in _coverages(source, earlier_payers):
        yield f"{pointer}/address", "subscriber", coverage.insured.address if coverage.insured else None, False
    yield "/billing/address", "practice", practice.address, True
    yield "/billing/pay_to_address", "pay-to address", practice.pay_to_address, False
    yield "/note/place/address", "service location", location.address if location else None, True


def _person(pointer: str, whose: str, name: PersonName | None) -> Iterator[Text]:
    if name is None:
        return
    yield f"{pointer}/last", f"{whose}'s last name", name.last, LAST_NAME_MAX_LENGTH, 1
    yield f"{pointer}/first", f"{whose}'s first name", name.first, FIRST_NAME_MAX_LENGTH, 1
    yield f"{pointer}/middle", f"{whose}'s middle name", name.middle, MIDDLE_NAME_MAX_LENGTH, 1


def _lines(pointer: str, whose: str, address: Address | None) -> Iterator[Text]:
    if address is None:
        return
    yield f"{pointer}/line1", f"{whose}'s address", address.line1, ADDRESS_LINE_MAX_LENGTH, 1
    yield f"{pointer}/line2", f"{whose}'s address", address.line2, ADDRESS_LINE_MAX_LENGTH, 1
    yield f"{pointer}/city", f"{whose}'s city", address.city, CITY_MAX_LENGTH, CITY_MIN_LENGTH
