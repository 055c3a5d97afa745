"""Cases of the rules about people, places and numbers."""

from datetime import timedelta

from services.claims.domain.scrubber_input import SentAddress, SentText
from tests.services.claims.domain.rules.cases_insurer import AUTO, WORK
from tests.services.claims.domain.rules.clean_claims import (
    DAY,
    all_of,
    billing,
    claim,
    coverage,
    note,
    patient,
    provider,
)


def at(*lines, state="WA", is_location=True, pointer="/billing/address"):
    return patient(sent_addresses=(SentAddress(pointer, "practice", lines, state, is_location),))


def member(number):
    return coverage(member_id=number)


def city(text):
    return patient(sent_texts=(SentText("/patient/address/city", "patient's city", text, 30, 2),))


NADIA = patient(first_name="Nadia", last_name="Whitlock")
FOUND = {
    "billing_address_po_box": [
        ("PO Box", at("PO Box 4127")),
        ("P.O. Box", at("P.O. BOX 4127")),
        ("Post Office Box", at("Post Office Box 12")),
        ("in the second line", at("4127 Salal Street", "P O Box 4")),
        ("a lock box", at("Lockbox 881")),
        ("a mailbox", at("4127 Salal Street PMB 12")),
        ("a bare box", at("Box 12")),
        ("a box in one word", at("POB 12")),
        ("a drawer", at("P.O. Drawer 4")),
        ("a private mailbox", at("9 Postal Way Private Mail Box 3")),
    ],
    "billing_zip_incomplete": [("five digits", billing(zip="98107")), ("four zeros", billing(zip="981070000"))],
    "address_state_unknown": [("ZZ", at("2218 NW 64th Street", state="ZZ", pointer="/patient/address"))],
    "service_address_missing": [("a gym", patient(has_service_address=False))],
    "id_is_placeholder": [
        *((number, member(number)) for number in ("123456789", "UNKNOWN", "Pending", "000000000", "N-A", "987654321")),
        *((number, member(number)) for number in ("SELFPAY", "NOT-ON-FILE", "UNKNOWN1", "PENDING123")),
        ("the patient's last name", all_of(NADIA, member("WHITLOCK"))),
        ("the patient's whole name", all_of(NADIA, member("Nadia-Whitlock"))),
        ("an authorization", claim(authorization_number="PENDING")),
        ("an injury's", all_of(AUTO, claim(insurer_claim_number="111111"))),
        ("a referral's", claim(referral_number="1234")),
    ],
    "insurer_claim_number_form": [
        ("eight characters", all_of(WORK, claim(insurer_claim_number="BK412077"))),
        ("three letters", all_of(WORK, claim(insurer_claim_number="BKA4127"))),
        ("a name", all_of(WORK, claim(insurer_claim_number="HARBORLINE-7"))),
        ("of a self-insured employer", all_of(WORK, coverage(self_insured=True), claim(insurer_claim_number="7-12-4"))),
    ],
    "therapist_is_patient": [
        ("of one name", all_of(NADIA, provider(first_name="Nadia", last_name="WHITLOCK"))),
        ("of one id", claim(therapist_id="pat_0001")),
    ],
    "note_signed_late": [("eight days", note(signed_on=DAY + timedelta(days=8)))],
}
PASSES = {
    "billing_zip_incomplete": [("zeros in the middle", billing(zip="900001234"))],
    "name_not_sendable": [("a city of two letters", city("Ys"))],
    "billing_address_po_box": [
        ("a street", at("4127 Salal Street NW")),
        ("Boxwood Lane", at("12 Boxwood Lane")),
        ("Postal Way", at("9 Postal Way")),
        ("payments to a box", at("PO Box 4127", is_location=False, pointer="/billing/pay_to_address")),
        ("a patient's box", at("PO Box 4127", is_location=False, pointer="/patient/address")),
    ],
    "id_is_placeholder": [
        *((number, member(number)) for number in ("W123456789", "HOLLY0001", "912345678", "AAA1")),
        *((number, member(number)) for number in ("SELF1", "PENDING1234", "UNKNOWNS1")),
        ("a name within a longer id", all_of(NADIA, member("WHITLOCK77"))),
        ("who has no member id in an injury", all_of(WORK, member("999999999"))),
    ],
    "insurer_claim_number_form": [
        ("a letter and six digits", all_of(WORK, claim(insurer_claim_number="S412077"))),
        ("two letters and five, in lower case", all_of(WORK, claim(insurer_claim_number="bk41207"))),
        ("another insurer's", all_of(AUTO, claim(insurer_claim_number="FA-20441"))),
        ("none", all_of(WORK, claim(insurer_claim_number=""))),
    ],
    "therapist_is_patient": [
        ("a namesake of one name", all_of(NADIA, provider(first_name="Nadia", last_name="Solberg"))),
        ("names that are not known", all_of(NADIA, provider(first_name="", last_name=""))),
    ],
    "note_signed_late": [
        ("a week", note(signed_on=DAY + timedelta(days=7))),
        ("not yet", note(signed=False, signed_on=None)),
    ],
}
