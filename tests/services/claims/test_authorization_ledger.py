"""What claims use of authorizations and referrals, in the claims and in the files that are sent: who is served first,
what a void gives back, and on which lines a number stands.

Every visit is 97124 for three units and 97110 for one.
"""

import pytest

from tests.services.claims.factories import COVERAGE, a_coverage_bundle, a_payer
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


@pytest.mark.parametrize("payer", [{"authorization_on_lines": "never"}, {"claim_route": "paper"}])
def test_a_claim_that_carries_one_number_is_not_sent_under_two(office, neighbours, payer):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=REQUIRED | payer)
    claim = desk.bill(0)
    assert (claim["state"], found(claim)) == ("blocked", [("authorizations_split", "/claim/authorization_number")])
