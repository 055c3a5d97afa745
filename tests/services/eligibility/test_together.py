"""Many callers at once: nothing is lost, numbered twice, or asked twice."""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from services.eligibility.store import InquiryRow
from shared import x12
from tests.services.eligibility.conftest import PATIENT, Api, a_check, a_coverage, a_patient
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse

CALLERS = 8


def test_checks_at_once_have_control_numbers_of_their_own_and_events_without_gaps(
    api: Api, clearinghouse: FakeClearinghouse
) -> None:
    api.covered()
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("BE",))]]
    coverages = [f"cov_1000{number}" for number in range(CALLERS)]
    for coverage in coverages:
        api.put(f"coverages/{coverage}", a_coverage())
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda c: api.check(a_check(coverage_id=c), key=f"check-{c}"), coverages))
    assert [answer.status_code for answer in answers] == [201] * CALLERS
    with api.client.app.state.database.reading() as session:
        numbers = sorted(row.control_number for row in session.exec(select(InquiryRow)).all())
    assert numbers == list(range(500_000_001, 500_000_001 + CALLERS))
    sequences = [event["sequence"] for event in api.get("events?limit=200").json()["items"]]
    assert sequences == list(range(1, len(sequences) + 1))


def test_one_key_sent_many_times_at_once_asks_once(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("BE",))]]
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: api.check(key="a-key-of-my-own"), range(CALLERS)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert made
    assert {answer.content for answer in made} == {made[0].content}
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} <= {"idempotency_key_in_flight"}
    assert len(clearinghouse.asked) == 1


def test_of_writes_at_once_with_one_if_match_one_wins(api: Api) -> None:
    api.put(f"patients/{PATIENT}", a_patient())
    phones = [f"20655501{number:02d}" for number in range(CALLERS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = pool.map(lambda p: api.put(f"patients/{PATIENT}", a_patient(phone=p), if_match='"1"'), phones)
        statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(412) >= CALLERS - 2
    assert statuses[0] == 200
    assert api.get(f"patients/{PATIENT}").json()["version"] == 2
