"""Which authorization and which referral count for a visit, seen in the file that is sent: REF*G1 and REF*9F.

The visit is of 2026-03-02: 97124 and 97110.
"""

import pytest

from tests.services.claims.factories import COVERAGE, NOTE, a_coverage_bundle, a_note, a_payer

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

LATER = "note_0000009"


def authorization(number, **changed):
    return {
        "id": f"auth_{number}",
        "version": 1,
        "coverage_id": COVERAGE,
        "number": number,
        "effective_from": "2026-03-02",
        "effective_to": "2026-03-02",
    } | changed


def referral(number, **changed):
    return {
        "id": f"ref_{number}",
        "version": 1,
        "coverage_id": COVERAGE,
        "kind": "referral",
        "number": number,
        "referring_name": {"last": "Rao", "first": "Ira"},
        "referring_npi": "1234567893",
        "issued_on": "2026-02-01",
        "diagnoses": ["M54.2"],
    } | changed


def sent_with(office, neighbours, scenario, *authorizations):
    neighbours.notes[NOTE] = a_note()
    neighbours.files[COVERAGE] = a_coverage_bundle(authorizations=list(authorizations))
    claim = office.create().json()
    assert claim["state"] == "ready", claim["findings"]
    office.submit(claim["id"])
    scenario.run()
    (content,) = scenario.clearinghouse.taken
    return [segment for segment in content.split("~") if segment.startswith(("REF*G1", "REF*9F"))]


UNFIT = [
    pytest.param({"effective_from": "2026-01-01", "effective_to": "2026-03-01"}, id="ended the day before"),
    pytest.param({"effective_from": "2026-03-03", "effective_to": "2026-12-31"}, id="begins the day after"),
    pytest.param({"status": "pending"}, id="not yet approved"),
    pytest.param({"procedure_codes": ["97124"]}, id="lists one of the two procedures"),
]


@pytest.mark.parametrize("unfit", UNFIT)
def test_an_authorization_that_does_not_hold_gives_way_to_a_later_one_that_does(office, neighbours, scenario, unfit):
    both = authorization("UNFIT", **unfit), authorization("FIT", procedure_codes=["97110", "97124"])
    assert sent_with(office, neighbours, scenario, *both) == ["REF*G1*FIT"]


@pytest.mark.parametrize("unfit", UNFIT)
def test_an_authorization_that_does_not_hold_is_never_sent(office, neighbours, scenario, unfit):
    """Not even where it is the only one and the payer asks for none."""
    assert sent_with(office, neighbours, scenario, authorization("UNFIT", **unfit)) == []


def test_an_authorization_holds_on_its_first_and_its_last_day(office, neighbours, scenario):
    assert sent_with(office, neighbours, scenario, authorization("FIT")) == ["REF*G1*FIT"]


def test_visits_are_counted_by_earlier_days_and_another_visit_of_the_same_day_uses_none(office, neighbours):
    """Two visits are authorized: one was on the day before, and the day has two."""
    first, second = neighbours.hold(2)
    day = neighbours.notes[second]["date_of_service"]
    times = {"started_at": f"{day}T15:00:00-08:00", "ended_at": f"{day}T16:05:00-08:00", "date_of_service": day}
    neighbours.notes[LATER] = a_note(LATER, **times)
    two = authorization("TWO", effective_from="2026-01-01", effective_to="2026-12-31", visits=2)
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(authorization="required"), authorizations=[two])
    made = [office.create(note_id).json() for note_id in (first, second, LATER)]
    found = [{finding["code"] for finding in claim["findings"]} for claim in made]
    assert ["authorization_visits_used" in codes for codes in found] == [False, False, False]


def test_the_visits_of_an_authorization_are_used_up_by_as_many_earlier_days(office, neighbours):
    two = authorization("TWO", effective_from="2026-01-01", effective_to="2026-12-31", visits=2)
    made = []
    for note_id in neighbours.hold(3):
        neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(authorization="required"), authorizations=[two])
        made.append(office.create(note_id).json())
    found = [{finding["code"] for finding in claim["findings"]} for claim in made]
    assert ["authorization_visits_used" in codes for codes in found] == [False, False, True]


def test_an_authorization_whose_visits_are_used_up_gives_way_to_the_next(office, neighbours, scenario):
    days = {"effective_from": "2026-01-01", "effective_to": "2026-12-31"}
    both = [authorization("ONE", visits=1, **days), authorization("NEXT", **days)]
    for note_id in neighbours.hold(2):
        neighbours.files[COVERAGE] = a_coverage_bundle(authorizations=both)
        assert office.submit(office.create(note_id).json()["id"]).status_code == 202
    scenario.run()
    (content,) = scenario.clearinghouse.taken
    sent = [segment for segment in content.split("~") if segment.startswith("REF*G1")]
    assert sent == ["REF*G1*ONE", "REF*G1*NEXT"]


@pytest.mark.parametrize(
    ("unfit", "terms"),
    [
        pytest.param({"issued_on": "2026-01-30"}, {"referral_age_days": 30}, id="too old for this payer"),
        pytest.param({"effective_to": "2026-03-01"}, {}, id="ended the day before"),
    ],
)
def test_a_referral_that_does_not_hold_gives_way_to_a_later_one_that_does(office, neighbours, scenario, unfit, terms):
    neighbours.notes[NOTE] = a_note()
    both = [referral("UNFIT", **unfit), referral("FIT")]
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(referral="required", **terms), referrals=both)
    claim = office.create().json()
    assert claim["state"] == "ready", claim["findings"]
    office.submit(claim["id"])
    scenario.run()
    (content,) = scenario.clearinghouse.taken
    assert [segment for segment in content.split("~") if segment.startswith("REF*9F")] == ["REF*9F*FIT"]
