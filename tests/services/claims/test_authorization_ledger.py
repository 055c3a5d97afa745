"""What claims use of authorizations and referrals, in the claims and in the files that are sent: who is served first,
what a void gives back, and on which lines a number stands.

Every visit is 97124 for three units and 97110 for one.
"""

from base64 import urlsafe_b64encode

import pytest

from tests.services.claims.factories import COVERAGE, PATIENT, a_coverage_bundle, a_payer
from tests.services.claims.test_permission_that_counts import authorization, referral

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

YEAR = {"effective_from": "2026-01-01", "effective_to": "2026-12-31"}
REQUIRED = {"authorization": "required"}


def one(number, **changed):
    return authorization(number, **YEAR | changed)


class Desk:
    """Makes claims of the notes at hand, each under the same authorizations."""

    def __init__(self, office, neighbours, *authorizations, notes=3, payer=REQUIRED, referrals=None):
        self.office, self.neighbours = office, neighbours
        self.notes = neighbours.hold(notes)
        more = {} if referrals is None else {"referrals": referrals}
        self.bundle = a_coverage_bundle(payer=a_payer(**payer), authorizations=list(authorizations), **more)

    def _then(self, answer):
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def bill(self, place, **options):
        self.neighbours.files[COVERAGE] = self.bundle
        return self._then(self.office.create(self.notes[place], **options))

    def refresh(self, claim):
        self.neighbours.files[COVERAGE] = self.bundle
        return self._then(self.office.post(f"/v1/claims/{claim['id']}/refresh", {}))

    def void(self, claim):
        return self._then(self.office.post(f"/v1/claims/{claim['id']}/void", {}))


def found(claim):
    """The findings about authorizations and referrals, and the line or place of each."""
    some = [f for f in claim["findings"] if f["code"].startswith(("authorization", "referral"))]
    return [(finding["code"], finding["pointer"]) for finding in some]


def numbers(claim):
    return [line["authorization_number"] for line in claim["lines"]]


ALL_VISITS = [("authorization_visits_used", "/coverage/authorizations")]


def test_visits_are_used_in_the_order_in_which_claims_are_made_whatever_their_day(office, neighbours):
    desk = Desk(office, neighbours, one("TWO", visits=2))
    last, first, middle = desk.bill(2), desk.bill(0), desk.bill(1)
    assert [found(claim) for claim in (last, first, middle)] == [[], [], ALL_VISITS]
    assert [numbers(claim) for claim in (last, middle)] == [["TWO", "TWO"], [None, None]]
    assert [found(desk.refresh(claim)) for claim in (last, first, middle)] == [[], [], ALL_VISITS]


def test_a_void_gives_the_visit_back(office, neighbours):
    desk = Desk(office, neighbours, one("ONE", visits=1))
    first, second = desk.bill(0), desk.bill(1)
    assert found(second) == ALL_VISITS
    desk.void(first)
    assert (found(desk.refresh(second)), numbers(desk.refresh(second))) == ([], ["ONE", "ONE"])


def test_units_are_used_by_all_lines_of_all_claims(office, neighbours):
    desk = Desk(office, neighbours, one("SEVEN", units=7))
    first, second, third = desk.bill(0), desk.bill(1), desk.bill(2)
    assert (found(first), numbers(first)) == ([], ["SEVEN", "SEVEN"])
    assert found(second) == [("authorization_units_used", "/claim/lines/1/units")]
    assert numbers(second) == ["SEVEN", None]
    (finding,) = [f for f in second["findings"] if f["code"] == "authorization_units_used"]
    assert finding["message"] == "97110 has 1 unit, and its authorization has 0 left."
    assert [place for _, place in found(third)] == ["/claim/lines/0/units", "/claim/lines/1/units"]


def test_two_records_of_one_number_count_the_units_of_each_procedure(office, neighbours):
    by_procedure = (
        one("BOTH", id="auth_m", units=6, procedure_codes=["97124"]),
        one("BOTH", id="auth_e", units=1, procedure_codes=["97110"]),
    )
    desk = Desk(office, neighbours, *by_procedure, payer=REQUIRED | {"authorization_on_lines": "never"})
    assert (found(desk.bill(0)), numbers(desk.refresh(desk.bill(1)))) == ([], ["BOTH", None])


def test_a_referral_is_used_up_by_the_claims_that_were_made_before(office, neighbours):
    order = referral("R", visits=1, issued_on="2025-12-01")
    desk = Desk(office, neighbours, payer={"referral": "required"}, referrals=[order])
    first, second = desk.bill(1), desk.bill(0)
    assert found(second) == [("referral_visits_used", "/coverage/referrals")]
    assert found(desk.refresh(first)) == []


EACH = (one("MASSAGE", procedure_codes=["97124"]), one("EXERCISE", procedure_codes=["97110"]))
ON_THE_WIRE = [
    pytest.param((one("ALL"),), {}, ["ALL", "", ""], id="one for all stands on the claim alone"),
    pytest.param((one("ALL"),), {"authorization_on_lines": "every"}, ["ALL", "ALL", "ALL"], id="on every line too"),
    pytest.param(EACH, {}, ["MASSAGE", "", "EXERCISE"], id="a line has another number"),
    pytest.param(EACH, {"authorization_on_lines": "every"}, ["MASSAGE", "MASSAGE", "EXERCISE"], id="each its own"),
    pytest.param(
        EACH,
        {"authorization": "ask", "authorization_on_lines": "never"},
        ["MASSAGE", "", ""],
        id="one number is read, and nobody knows that one is wanted",
    ),
    pytest.param(EACH[:1], {"authorization": "none"}, ["", "", ""], id="for one line, and none is asked for"),
    pytest.param(
        (one("LATE", effective_to="2026-11-30"), one("SOON", effective_to="2026-06-30")),
        {},
        ["SOON", "", ""],
        id="what ends first is used first",
    ),
]


@pytest.mark.parametrize(("authorizations", "payer", "sent"), ON_THE_WIRE)
def test_a_number_stands_on_the_claim_and_on_the_lines_where_it_belongs(
    office, neighbours, scenario, authorizations, payer, sent
):
    desk = Desk(office, neighbours, *authorizations, notes=1, payer=REQUIRED | payer)
    claim = desk.bill(0)
    assert (claim["state"], found(claim)) == ("ready", [])
    assert office.submit(claim["id"]).status_code == 202
    scenario.run()
    (content,) = scenario.clearinghouse.taken
    parts = content.split("~LX*")
    assert ["".join(s[7:] for s in part.split("~") if s.startswith("REF*G1*")) for part in parts] == sent
    for part in parts[1:]:
        segments = [segment[:7] for segment in part.split("~") if segment.startswith("REF*")]
        assert segments in (["REF*6R*"], ["REF*G1*", "REF*6R*"])


def account_of(office, authorization_id, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = office.get(f"/v1/authorizations/{authorization_id}/account?{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def use(claim, day, line_number, procedure_code, units, state="ready"):
    return {
        "claim_id": claim["id"],
        "claim_state": state,
        "date_of_service": day,
        "line_number": line_number,
        "procedure_code": procedure_code,
        "units": units,
    }


def test_the_account_says_which_claims_used_what_and_what_is_left(office, neighbours):
    desk = Desk(office, neighbours, one("THREE", visits=3, units=9))
    later, first = desk.bill(1), desk.bill(0)
    assert account_of(office, "auth_THREE") == {
        "authorization_id": "auth_THREE",
        "coverage_id": COVERAGE,
        "number": "THREE",
        "status": "approved",
        **YEAR,
        "visits": 3,
        "visits_used_before": 0,
        "visits_used": 2,
        "visits_left": 1,
        "units": 9,
        "units_used_before": 0,
        "units_used": 8,
        "units_left": 1,
        "items": [
            use(first, "2026-01-01", 1, "97124", 3),
            use(first, "2026-01-01", 2, "97110", 1),
            use(later, "2026-01-02", 1, "97124", 3),
            use(later, "2026-01-02", 2, "97110", 1),
        ],
        "next": None,
    }


def test_the_account_is_paged_in_order_of_day_claim_and_line(office, neighbours):
    desk = Desk(office, neighbours, one("THREE"))
    for place in (2, 0, 1):
        desk.bill(place)
    whole, pages, after = account_of(office, "auth_THREE")["items"], [], {}
    while after is not None:
        page = account_of(office, "auth_THREE", limit=4, **after)
        assert (page["visits_used"], page["units_used"]) == (3, 12)
        pages.append(page["items"])
        after = {"after": page["next"]} if page["next"] else None
    assert [len(page) for page in pages] == [4, 2]
    assert [item for page in pages for item in page] == whole
    path = "/v1/authorizations/auth_THREE/account"
    for key in ('["no day","clm",1]', '["2026-01-01","clm"]'):
        refused = office.get(f"{path}?after={urlsafe_b64encode(key.encode()).rstrip(b'=').decode()}")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "cursor_invalid")


def test_a_voided_claim_is_not_in_the_account_and_nothing_is_left_that_was_not_stated(office, neighbours):
    desk = Desk(office, neighbours, one("OPEN"))
    desk.void(desk.bill(0))
    account = account_of(office, "auth_OPEN")
    assert (account["items"], account["visits_used"], account["units_used"]) == ([], 0, 0)
    assert (account["visits"], account["visits_left"], account["units"], account["units_left"]) == (None,) * 4


def test_more_is_used_than_is_granted_once_the_payer_takes_some_back(office, neighbours):
    desk = Desk(office, neighbours, one("CUT", visits=2, units=8))
    desk.bill(0), desk.bill(1)
    neighbours.files[COVERAGE]["authorizations"] = [one("CUT", visits=1, units=6)]
    account = account_of(office, "auth_CUT")
    assert (account["visits_used"], account["visits_left"]) == (2, 0)
    assert (account["units_used"], account["units_left"]) == (8, 0)


def test_the_account_of_an_authorization_that_is_not_there_is_not_found_and_a_read_is_in_the_trail(office, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(authorizations=[one("ONE")])
    assert office.get("/v1/authorizations/auth_OTHER/account").status_code == 404
    assert account_of(office, "auth_ONE")["items"] == []
    entries = office.get("/v1/audit-entries?limit=50", scopes=["audit:read"]).json()["items"]
    read = [(one["outcome"], one["patient_id"]) for one in entries if one["action"] == "get_authorization_account"]
    assert ("done", PATIENT) in read
    neighbours.down.add("eligibility")
    assert office.get("/v1/authorizations/auth_ONE/account").status_code == 503
