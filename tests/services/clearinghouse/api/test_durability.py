"""What has been accepted stays: over restarts, races, and a database that refuses to commit."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from services.clearinghouse.app import build
from services.clearinghouse.domain.payer_file import PayerFileError
from shared.settings import PAYERS_OF_THE_DEMO, SimulatorSettings
from tests.services.clearinghouse.conftest import Simulator
from tests.services.clearinghouse.x12_files import AUTH, EDI, claim, claims_file


def test_a_commit_that_fails_is_a_500_and_leaves_no_row(make_settings, run_app, http):
    app = build(make_settings("clearinghouse"), simulator=SimulatorSettings())
    simulator = Simulator(run_app(app), http)

    def refuse(_connection) -> None:
        raise RuntimeError("the disk is full")

    event.listen(app.state.database.engine, "commit", refuse)
    assert simulator.send(claims_file(claim())).status_code == 500
    assert simulator.advance(days=1).status_code == 500
    event.remove(app.state.database.engine, "commit", refuse)
    assert simulator.receipts(1) == []
    assert simulator.messages() == []
    assert simulator.now() == "2026-05-04T15:00:00Z"
    assert simulator.send(claims_file(claim())).json()["accepted"]


def test_the_same_file_sent_at_once_by_many_is_taken_once(simulator, http):
    content = claims_file(claim())
    url = f"{simulator.url}/v1/x12/files"
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _turn: http.post(url, content=content, headers=EDI, auth=AUTH), range(6)))
    assert [answer.status_code for answer in answers] == [202] * 6
    assert sorted(answer.json()["accepted"] for answer in answers) == [False] * 5 + [True]
    assert sorted(simulator.kinds()) == ["277CA", "999"] + ["TA1"] * 6
    simulator.advance(days=21)
    assert len(simulator.records("835")) == 1


def test_many_who_ask_at_once_make_each_message_once(simulator, http):
    simulator.send(claims_file(*(claim(number=f"K{place}") for place in range(3))))
    url = f"{simulator.url}/simulator/clock/advance"
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _turn: http.post(url, json={"days": 4}), range(6)))
    assert sorted(simulator.kinds()) == ["277CA", "277CA", "835", "999", "TA1"]
    assert simulator.now() == "2026-05-28T15:00:00Z"


def test_a_restart_in_the_middle_goes_on_where_it_was(make_settings, start_app, http):
    settings = make_settings("clearinghouse")
    first = start_app(build(settings, simulator=SimulatorSettings()))
    Simulator(first.url, http).send(claims_file(claim()))
    first.stop()
    second = Simulator(start_app(build(settings, simulator=SimulatorSettings())).url, http)
    assert second.kinds() == ["TA1", "999", "277CA"]
    second.advance(days=21)
    assert [paid.paid_cents for paid in second.records("835")] == [11160]


@pytest.fixture
def own_payers(tmp_path):
    folder = tmp_path / "payers"
    shutil.copytree(PAYERS_OF_THE_DEMO, folder)
    return folder


def test_a_payer_file_that_is_gone_while_claims_wait_stops_the_start(make_settings, start_app, http, own_payers):
    settings, own = make_settings("clearinghouse"), SimulatorSettings(payers_dir=own_payers)
    running = start_app(build(settings, simulator=own))
    Simulator(running.url, http).send(claims_file(claim()))
    running.stop()
    (own_payers / "cascade_mutual.toml").unlink()
    with pytest.raises(PayerFileError, match="CASCM: Claims wait for this payer, but its file is gone"):
        build(settings, simulator=own)


def test_a_member_who_is_gone_when_the_claim_is_paid_is_denied_as_unknown(make_settings, start_app, http, own_payers):
    settings, own = make_settings("clearinghouse"), SimulatorSettings(payers_dir=own_payers)
    running = start_app(build(settings, simulator=own))
    simulator = Simulator(running.url, http)
    simulator.send(claims_file(claim()))
    simulator.advance(days=2)
    running.stop()
    path = own_payers / "cascade_mutual.toml"
    path.write_text(path.read_text().replace("CMH204417701", "CMH204417702"))
    later = Simulator(start_app(build(settings, simulator=own)).url, http)
    later.advance(days=21)
    adjustment = later.records("835")[0].services[0].adjustments[0]
    assert (adjustment.group, adjustment.reason, adjustment.amount_cents) == ("CO", "31", 18000)


def test_wrong_payer_files_stop_the_start_with_all_their_mistakes(make_settings, own_payers):
    path = own_payers / "cascade_mutual.toml"
    path.write_text(path.read_text().replace("days_to_pay = 10", "days_to_pay = 0").replace("copay_cents", "copay"))
    with pytest.raises(PayerFileError) as caught:
        build(make_settings("clearinghouse"), simulator=SimulatorSettings(payers_dir=own_payers))
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["plans[0].copay", "payer.days_to_pay"]
    assert all(problem.file == "cascade_mutual.toml" for problem in caught.value.problems)
