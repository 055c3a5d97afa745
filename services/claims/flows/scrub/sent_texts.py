"""The names and addresses of a claim as callers gave them, each with its place in the 837P."""

from collections.abc import Iterator

from services.claims.domain.scrubber_input import SentText
from shared.contracts.common import Address, PersonName
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.practice import Practice, Therapist
from shared.wire.basic_character_set import (
    ADDRESS_LINE_MAX_LENGTH,
    CITY_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    LAST_NAME_MAX_LENGTH,
    MIDDLE_NAME_MAX_LENGTH,
)


def sent_texts(file: CoverageBundle, practice: Practice, therapist: Therapist) -> tuple[SentText, ...]:
    """Every text of a person, an organization or an address that goes out with the claim."""
    return tuple(
        SentText(pointer, label, text, max_length)
        for pointer, label, text, max_length in _texts(file, practice, therapist)
        if text
    )


Text = tuple[str, str, str | None, int]


def _texts(file: CoverageBundle, practice: Practice, therapist: Therapist) -> Iterator[Text]:
    patient, insured = file.patient, file.coverage.insured
    yield from _person("/patient/name", "patient", patient.name)
    yield from _address("/patient/address", "patient", patient.address)
    if insured is not None:
        organization = insured.organization_name
        yield "/coverage/subscriber/organization_name", "subscriber's name", organization, LAST_NAME_MAX_LENGTH
        yield from _person("/coverage/subscriber/name", "subscriber", insured.name)
        yield from _address("/coverage/subscriber/address", "subscriber", insured.address)
    yield "/payer/name", "payer's name", file.payer.name, LAST_NAME_MAX_LENGTH
    yield "/billing/name", "practice's name", practice.name, LAST_NAME_MAX_LENGTH
    yield "/billing/contact_name", "practice's contact", practice.contact_name, LAST_NAME_MAX_LENGTH
    yield from _address("/billing/address", "practice", practice.address)
    yield from _person("/provider/name", "therapist", therapist.name)
    for place, referral in enumerate(file.referrals):
        yield from _person(f"/coverage/referrals/{place}/referring_name", "referring person", referral.referring_name)


def _person(pointer: str, whose: str, name: PersonName | None) -> Iterator[Text]:
    if name is None:
        return
    yield f"{pointer}/last", f"{whose}'s last name", name.last, LAST_NAME_MAX_LENGTH
    yield f"{pointer}/first", f"{whose}'s first name", name.first, FIRST_NAME_MAX_LENGTH
    yield f"{pointer}/middle", f"{whose}'s middle name", name.middle, MIDDLE_NAME_MAX_LENGTH


def _address(pointer: str, whose: str, address: Address | None) -> Iterator[Text]:
    if address is None:
        return
    yield f"{pointer}/line1", f"{whose}'s address", address.line1, ADDRESS_LINE_MAX_LENGTH
    yield f"{pointer}/line2", f"{whose}'s address", address.line2, ADDRESS_LINE_MAX_LENGTH
    yield f"{pointer}/city", f"{whose}'s city", address.city, CITY_MAX_LENGTH
