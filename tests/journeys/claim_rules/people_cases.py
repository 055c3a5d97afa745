"""Cases of people, places and numbers."""

from tests.journeys.claim_rules.baselines import ADDRESS, times
from tests.journeys.claim_rules.case import Case, new_note, override
from tests.journeys.claim_rules.office import Facts

GYM_ADDRESS = {"line1": "88 Mill Road", "city": "Tacoma", "state": "WA", "zip": "984021234"}
STREET = "4127 Salal Street NW"


def practice(**address: object) -> Facts:
    return {"practice": {"address": address}}


def place(code: str, **more: object) -> Facts:
    """The visit was elsewhere."""
    return new_note(place={"place_of_service": code, **more})


def card(**more: object) -> Facts:
    return {"coverage": more}


PEOPLE_CASES = (
    Case(
        "name_not_sendable",
        {"patient": {"address": {"city": "X"}}},
        "/patient/address/city",
        {"patient": {"address": {"city": "Xu"}}},
        branch="city",
        submitted=True,
    ),
    Case(
        "name_not_sendable",
        {"payer": {"payer_identifier": "F"}},
        "/payer/payer_identifier",
        {"payer": {"payer_identifier": "FERNA"}},
        branch="payer",
        baseline="auto",
        submitted=True,
    ),
    Case(
        "billing_address_po_box",
        practice(line1="PO Box 4127"),
        "/billing/address/line1",
        {"practice": {"address": {"line1": STREET}, "pay_to_address": {**ADDRESS, "line1": "PO Box 4127"}}},
        submitted=True,
    ),
    Case(
        "billing_zip_incomplete",
        practice(zip="98107"),
        "/billing/address/zip",
        practice(zip="981074812"),
        submitted=True,
    ),
    Case(
        "address_state_unknown",
        {"patient": {"address": {"state": "ZZ"}}},
        "/patient/address/state",
        {"patient": {"address": {"state": "WA"}}},
        submitted=True,
    ),
    Case(
        "service_address_missing",
        place("99", name="Mill Road Gym"),
        "/note/place/address",
        place("99", name="Mill Road Gym", address=GYM_ADDRESS),
        submitted=True,
    ),
    Case(
        "id_is_placeholder",
        card(member_id="123456789") | {"asked": False},
        "/coverage/member_id",
        card(member_id="HOLLY0001"),
        beside=frozenset({"coverage_not_checked"}),
        leaves=frozenset({"coverage_not_checked"}),
    ),
    Case(
        "id_is_placeholder",
        card(claim_number="PENDING"),
        "/claim/insurer_claim_number",
        card(claim_number="FA-20441"),
        branch="claim_number",
        baseline="auto",
    ),
    Case(
        "insurer_claim_number_form",
        card(claim_number="BK-412-07"),
        "/claim/insurer_claim_number",
        card(claim_number="BK41207"),
        baseline="workers_comp",
    ),
    Case(
        "therapist_is_patient",
        {"patient": {"name": {"first": "Ingrid", "last": "Solberg"}}, "asked": False},
        "/patient/name",
        [override],
        beside=frozenset({"coverage_not_checked"}),
        leaves=frozenset({"therapist_is_patient", "coverage_not_checked"}),
    ),
    Case(
        "note_signed_late",
        new_note(**times("2026-04-20")),
        "/note/signed_on",
        [override],
        leaves=frozenset({"note_signed_late"}),
    ),
)
