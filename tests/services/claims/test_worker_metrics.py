"""What the worker tells Prometheus: work that waits, its age and tries, what waits for the operator, leases, polls."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.claims.domain.message_lifecycle import MAX_TRIES, wait_after
from services.claims.flows.messages.receive_messages import receive
from services.claims.flows.run_due import run_due
from services.claims.flows.submission.form_files import form_files
from services.claims.store import exchange
from services.claims.worker import Worker
from services.claims.worker_metrics import MAX_ACCOUNTS, WorkerTally, worker_registry
from shared.database.faults import UNAVAILABLE
from shared.errors import Unavailable
from shared.private_files import ReadableByOthers
from shared.telemetry.metrics import exposed
from shared.web.metrics_server import MetricsUnusable, serving_metrics
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import CANARIES, OTHER_NPI
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, remittance
from tests.services.claims.test_message_tries import Broken
from tests.services.claims.test_worker import LEASE_SECONDS, SlowClearinghouse, eventually, sqlite_only, start_worker

__all__ = ["start_worker"]

TOKEN = "a-token-of-the-tests-for-metrics"
OWN = "claims-0123456789abcdef"


class Ticks:
    """A monotonic clock that a test sets."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def tally(ticks):
    return WorkerTally(OWN, ticks)


@pytest.fixture
def metrics(scenario, tally):
    """All samples by name and labels, as the text has them."""

    def read():
        lines = exposed(worker_registry(scenario.deps, tally)).decode().splitlines()
        samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        return {name: float(value) for name, _, value in samples}

    return read


def of_kinds(found, metric):
    """What a metric says by kind."""
    start = f'handbill_{metric}{{kind="'
    return {name.removeprefix(start).removesuffix('"}'): value for name, value in found.items() if start in name}


def waiting(found):
    return {kind: count for kind, count in of_kinds(found, "work_waiting").items() if count}


def test_what_waits_is_counted_from_the_claim_to_the_file_and_its_acknowledgement(scenario, metrics, clock, wall):
    assert waiting(metrics()) == {}
    assert of_kinds(metrics(), "work_oldest_seconds") == {}
    scenario.submit(2)
    assert waiting(metrics()) == {"claims_to_file": 2}
    wall.advance(timedelta(minutes=7))
    (queued,) = of_kinds(metrics(), "work_oldest_seconds").items()
    assert queued[0] == "claims_to_file" and queued[1] > 7 * 60
    form_files(scenario.deps)
    clock.advance(timedelta(minutes=3))
    scenario.clearinghouse.orders = ["refuse", "lose_file", "take"]
    scenario.run()
    assert waiting(metrics()) == {"files_to_send": 1}, "formed, and not sent"
    scenario.run()
    found = metrics()
    assert waiting(found) == {"files_to_send": 1}, "sending, and it is not known whether it has come"
    assert of_kinds(found, "work_oldest_seconds") == {"files_to_send": 180}
    assert of_kinds(found, "work_most_tries") == {"files_to_send": 2, "messages_to_split": 0, "messages_to_apply": 0}
    wall.advance(timedelta(minutes=2))
    scenario.run()
    clock.advance(timedelta(minutes=2))
    found = metrics()
    assert waiting(found) == {"files_unacknowledged": 1}
    assert of_kinds(found, "work_oldest_seconds")["files_unacknowledged"] == 120
    scenario.receive(accepted(scenario.number()))
    assert waiting(metrics()) == {"files_unacknowledged": 1}, "a 277CA is about a claim; TA1 and 999 are about a file"


def test_a_message_waits_to_be_split_then_to_be_applied_with_its_tries_and_its_next_time(
    scenario, metrics, clock, wall
):
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    receive(scenario.deps)
    clock.advance(timedelta(seconds=40))
    assert waiting(metrics()) == {"files_unacknowledged": 1, "messages_to_split": 1}
    assert of_kinds(metrics(), "work_oldest_seconds")["messages_to_split"] == 40
    run_due(replace(scenario.deps, rule_set=Broken()))
    found = metrics()
    assert waiting(found) == {"files_unacknowledged": 1, "messages_to_apply": 1}
    assert of_kinds(found, "work_most_tries")["messages_to_apply"] == 1
    assert found['handbill_worker_failures_total{step="apply_message"}'] == 1
    due = (wall.now() + wait_after(1)).timestamp()
    assert of_kinds(found, "work_next_due_timestamp_seconds")["messages_to_apply"] == due


def test_what_waits_for_the_operator_is_counted_by_what_is_wrong_with_it(scenario, metrics, wall):
    scenario.send()
    scenario.clearinghouse.deliver(remittance(paid_in_part("NEVERGIVEN01"), payee_npi=OTHER_NPI), "835")
    scenario.run()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    for _ in range(MAX_TRIES):
        run_due(replace(scenario.deps, rule_set=Broken()))
        wall.advance(timedelta(hours=2))
    found = waiting(metrics())
    assert found == {"files_unacknowledged": 1, "belongs_to_nobody": 1, "not_applied": 1}


def test_a_message_that_cannot_be_split_waits_for_the_operator_too(scenario, metrics, wall, clock):
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    receive(scenario.deps)
    for _ in range(MAX_TRIES):
        # Only what splitting needs beyond what came before it is broken.
        run_due(replace(scenario.deps, trading_partners=_NoOwner(scenario.deps.trading_partners)))
        wall.advance(timedelta(hours=2))
    assert waiting(metrics())["not_split"] == 1


class _NoOwner:
    """Trading partners that know their accounts and fail at everything else."""

    def __init__(self, partners):
        self.accounts = partners.accounts

    def __getattr__(self, name):
        raise RuntimeError("WHITLOCKCANARY")


def test_a_claim_whose_wait_is_over_waits_for_the_worker_and_before_that_its_day_is_known(scenario, metrics, clock):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    due = datetime.fromisoformat(scenario.claim()["next_action"]["due_on"]).replace(tzinfo=UTC)
    found = metrics()
    assert waiting(found) == {"files_unacknowledged": 1}
    everywhere = due + timedelta(days=2)
    assert of_kinds(found, "work_next_due_timestamp_seconds") == {"claims_to_follow_up": everywhere.timestamp()}
    clock.advance(everywhere - timedelta(seconds=1) - clock.now())
    assert "claims_to_follow_up" not in waiting(metrics())
    clock.advance(timedelta(hours=5, seconds=1))
    assert waiting(metrics())["claims_to_follow_up"] == 1
    assert of_kinds(metrics(), "work_oldest_seconds")["claims_to_follow_up"] == 5 * 3600
    scenario.run()
    assert "claims_to_follow_up" not in waiting(metrics())
    clock.advance(timedelta(days=200))
    scenario.run()
    assert scenario.claim()["next_action"]["owner"] == "biller"
    clock.advance(timedelta(days=10))
    assert "claims_to_follow_up" not in waiting(metrics()), "what a person has to do does not wait for the worker"


def test_leases_are_counted_by_what_they_say_and_a_worker_knows_its_own(scenario, metrics, wall):
    def lease(executor_id, **ends):
        scenario.deps.database.run(
            lambda session: exchange.renew_lease(session, executor_id, wall.now() + timedelta(**ends))
        )

    assert metrics()["handbill_worker_lease_seconds"] == 0
    lease(OWN, seconds=12)
    lease("claims-00dead", seconds=-5)
    lease("claims-2037", days=4000)
    found = metrics()
    states = {state: found[f'handbill_worker_leases{{state="{state}"}}'] for state in ("alive", "ended", "ahead")}
    assert states == {"alive": 1, "ended": 1, "ahead": 1}
    assert found["handbill_worker_lease_seconds"] == 12


def test_the_last_poll_of_every_account_has_an_age_also_of_one_that_never_answered(scenario, tally, metrics, ticks):
    polls = type(scenario.deps.polls)(ticks)
    default = scenario.deps.trading_partners.default
    partners = type(scenario.deps.trading_partners)(default, {"org_other": replace(default, sender_id="OTHERS")})
    scenario.deps = replace(scenario.deps, polls=polls, trading_partners=partners)
    ticks.now += 30
    scenario.run()
    ticks.now += 9
    scenario.clearinghouse.silent = True
    scenario.run()
    ages = {name: value for name, value in metrics().items() if "poll_age" in name}
    name = 'handbill_clearinghouse_poll_age_seconds{{account="{}"}}'
    assert ages == {name.format("HANDBILL"): 9, name.format("OTHERS"): 9}
    many = {f"org_{n}": replace(default, sender_id=f"S{n:04d}") for n in range(MAX_ACCOUNTS + 5)}
    scenario.deps = replace(scenario.deps, trading_partners=type(partners)(default, many))
    ages = {name: value for name, value in metrics().items() if "poll_age" in name}
    assert len(ages) == MAX_ACCOUNTS + 1
    assert ages[name.format("other")] == 39, "the oldest of those that have no line of their own"


def test_passes_and_failures_are_counted_by_step(scenario, metrics, settings, tally, ticks):
    worker = Worker(scenario.deps, settings)
    worker.tally = tally
    steps = ("_take_over", "_form", "_send", "_receive", "_split_waiting", "_apply_waiting", "_follow_up", "_purge")
    for step in steps:
        setattr(worker, step, _named(step, lambda: None))
    worker.turn()
    ticks.now += 4
    found = metrics()
    assert (found["handbill_worker_passes_total"], found["handbill_worker_pass_age_seconds"]) == (1, 4)
    assert [name for name in found if "worker_failures_total" in name] == []
    worker._form = _named("_form", lambda: 1 / 0)
    worker.turn()
    found = metrics()
    assert found['handbill_worker_failures_total{step="form"}'] == 1
    assert (found["handbill_worker_passes_total"], found["handbill_worker_pass_age_seconds"]) == (2, 0)


def _named(name, function):
    function.__name__ = name
    return function


@pytest.mark.safeguard("164.312(e)(1)", "API8")
def test_nothing_of_a_person_or_an_organization_is_in_the_workers_metrics(scenario, tally):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    scenario.clearinghouse.deliver(remittance(paid_in_part(scenario.number())), "835")
    scenario.run()
    text = exposed(worker_registry(scenario.deps, tally)).decode().lower()
    claim = scenario.claim()
    words = [*CANARIES, ORGANIZATION, OWN, claim["id"], claim["claim_number"], claim["patient_id"], "org_", "file_"]
    assert [
        word for word in words if f'"{word.lower()}' in text or f"{word.lower()}" in text.replace("file_", "")
    ] == []


def test_without_its_database_the_worker_tells_what_it_knows_by_itself(scenario, metrics):
    class Gone:
        faults, retries = scenario.deps.database.faults, scenario.deps.database.retries

        def reading(self):
            raise Unavailable("gone")

    scenario.deps.database.faults.begins(UNAVAILABLE)
    scenario.deps = replace(scenario.deps, database=Gone())
    found = metrics()
    assert found["handbill_worker_passes_total"] == 0
    assert found['handbill_database_fault_present{code="database_unavailable"}'] == 1
    assert of_kinds(found, "work_waiting") == {}


def test_where_the_business_clock_does_not_answer_counts_are_told_and_ages_are_not(scenario, metrics):
    class Silent:
        def now(self):
            raise Unavailable("silent")

    scenario.send()
    scenario.deps = replace(scenario.deps, clock=Silent())
    found = metrics()
    assert waiting(found) == {"files_unacknowledged": 1}
    assert of_kinds(found, "work_oldest_seconds") == {}


@pytest.fixture
def port(free_port):
    return free_port()


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN)
    return file


@pytest.mark.safeguard("164.312(a)(1)", "API8")
def test_the_metrics_are_served_on_the_loopback_port_of_the_setting_for_their_token(
    scenario, settings, tally, port, token_file
):
    named = settings.model_copy(update={"worker_metrics_port": port, "metrics_token_file": token_file})
    url = f"http://127.0.0.1:{port}"
    with serving_metrics(named, worker_registry(scenario.deps, tally)), httpx.Client() as http:
        answer = http.get(url + "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert 'handbill_work_waiting{kind="claims_to_file"} 0.0' in answer.text
        refused = http.get(url + "/metrics")
        assert (refused.status_code, refused.json()["code"]) == (401, "metrics_token_wrong")
        assert http.get(url + "/openapi.json").status_code == http.get(url + "/docs").status_code == 404
        again = serving_metrics(named, worker_registry(scenario.deps, tally))
        with pytest.raises(MetricsUnusable, match=f"port {port}, .* HANDBILL_WORKER_METRICS_PORT"), again:
            pass
    assert [one.name for one in threading.enumerate() if one.name == "metrics"] == [], "it ends with the worker"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + "/metrics")


def test_a_port_without_a_token_keeps_the_worker_from_starting_and_without_a_port_nothing_is_served(
    scenario, settings, tally, port, token_file
):
    registry = worker_registry(scenario.deps, tally)
    untold = serving_metrics(settings.model_copy(update={"worker_metrics_port": port}), registry)
    with pytest.raises(MetricsUnusable, match="HANDBILL_METRICS_TOKEN_FILE"), untold:
        pass
    with serving_metrics(settings.model_copy(update={"metrics_token_file": token_file}), registry):
        assert [one.name for one in threading.enumerate() if one.name == "metrics"] == []
    token_file.chmod(0o644)
    both = settings.model_copy(update={"worker_metrics_port": port, "metrics_token_file": token_file})
    with pytest.raises(ReadableByOthers), serving_metrics(both, registry):
        pass


@sqlite_only
def test_the_worker_process_serves_its_metrics_while_it_works(
    office, run_app, start_worker, port, token_file, monkeypatch
):
    monkeypatch.setenv("HANDBILL_WORKER_METRICS_PORT", str(port))
    monkeypatch.setenv("HANDBILL_METRICS_TOKEN_FILE", str(token_file))
    start_worker(run_app(SlowClearinghouse(hangs=False).app()))
    office.submit(office.create().json()["id"])

    def sent_file():
        with suppress(httpx.ConnectError):
            text = httpx.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
            return 'handbill_work_waiting{kind="files_unacknowledged"} 1.0' in text and text
        return ""

    found = eventually(sent_file, seconds=180)
    assert 'handbill_worker_leases{state="alive"} 1.0' in found
    own = next(line for line in found.splitlines() if line.startswith("handbill_worker_lease_seconds "))
    assert 0 < float(own.split()[1]) <= LEASE_SECONDS
