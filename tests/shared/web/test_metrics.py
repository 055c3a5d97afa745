"""What /metrics tells, to whom, and that nothing of a request's content is in it."""

import threading

import pytest

from shared.private_files import ReadableByOthers
from shared.settings import Settings
from shared.telemetry.metrics_token import MetricsTokenUnusable, metrics_token
from shared.web.fair_share import Shares
from shared.web.limits import RequestLimits
from shared.web.rates import RateLimits
from tests.shared.web.toy import HEADERS, Gate, toy

TOKEN = "a-token-of-the-tests-for-metrics"
ASKING = {"Authorization": f"Bearer {TOKEN}"}
CANARY = "Zyxwvut-canary"


@pytest.fixture
def url(database, keys, gate, run_app, clock) -> str:
    return run_app(toy(database, keys, gate, wall_clock=clock, metrics_token=TOKEN))


@pytest.fixture
def metrics(http, url):
    """All samples by name and labels, as the text has them."""

    def read(at: str = url) -> dict[str, float]:
        answer = http.get(at + "/metrics", headers=ASKING)
        assert answer.status_code == 200, answer.text
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    return read


def test_requests_are_counted_by_method_template_and_class_of_status(metrics, http, url, bearer) -> None:
    body = {"id": "thing_1"}
    http.post(url + "/v1/things", json=body, headers=bearer(key="key-number-1"))
    http.get(url + "/v1/things/thing_1", headers=bearer())
    http.get(url + "/v1/things/thing_2", headers=bearer())
    http.get(url + "/v1/nowhere/at/all")
    http.request("BREW", url + "/v1/things")
    found = metrics()
    counted = {name: value for name, value in found.items() if name.startswith("handbill_requests_total")}
    assert counted == {
        'handbill_requests_total{method="POST",route="/v1/things",status="2xx"}': 1,
        'handbill_requests_total{method="GET",route="/v1/things/{thing_id}",status="4xx"}': 2,
        'handbill_requests_total{method="GET",route="unknown",status="4xx"}': 1,
        'handbill_requests_total{method="other",route="/v1/things",status="4xx"}': 1,
    }
    assert found['handbill_request_seconds_count{method="GET",route="/v1/things/{thing_id}"}'] == 2
    assert found['handbill_request_seconds_bucket{le="+Inf",method="POST",route="/v1/things"}'] == 1
    assert found["handbill_requests_under_way"] == 1, "the one that asks"


def test_what_every_process_has_is_there(metrics) -> None:
    found = metrics()
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found["process_open_fds"] > 3
    assert 'python_gc_collections_total{generation="2"}' in found
    assert found["handbill_audit_entries_waiting"] == 0
    assert found["handbill_database_retries_total"] == 0


def test_a_request_is_under_way_until_its_answer_has_left(metrics, http, url, gate, create_at) -> None:
    thread = threading.Thread(target=create_at, args=(url,))
    thread.start()
    assert gate.entered.wait(10)
    assert metrics()["handbill_requests_under_way"] == 2
    gate.open.set()
    thread.join()
    assert metrics()["handbill_requests_under_way"] == 1


@pytest.fixture
def create_at(http, bearer):
    def post(at: str) -> None:
        http.post(at + "/v1/things", json={"id": "thing_1", "fail": "wait"}, headers=bearer(key="key-number-1"))

    return post


def test_what_a_limit_refuses_is_counted_by_the_limit(metrics, http, database, keys, gate, run_app, bearer) -> None:
    few = RequestLimits(RateLimits(requests=2))
    url = run_app(toy(database, keys, gate, limits=few, metrics_token=TOKEN))
    statuses = [http.get(url + "/v1/things", headers=bearer()).status_code for _ in range(4)]
    assert statuses.count(429) >= 1
    found = metrics(url)
    assert found['handbill_requests_over_limit_total{limit="rate_limited"}'] == statuses.count(429)
    assert found['handbill_requests_total{method="GET",route="unknown",status="4xx"}'] == statuses.count(429)


def test_what_finds_no_turn_is_counted_too(metrics, http, database, keys, gate, run_app, bearer, create_at) -> None:
    one = RequestLimits(shares=Shares(alone=1, shared=1, present=1))
    url = run_app(toy(database, keys, gate, limits=one, metrics_token=TOKEN))
    thread = threading.Thread(target=create_at, args=(url,))
    thread.start()
    assert gate.entered.wait(10)
    assert http.get(url + "/v1/things", headers=bearer()).json()["code"] == "too_many_at_once"
    gate.open.set()
    thread.join()
    assert metrics(url)['handbill_requests_over_limit_total{limit="too_many_at_once"}'] == 1


def test_faults_and_retries_of_the_database_are_counted(metrics, database) -> None:
    from shared.database.faults import BUSY, FULL

    database.faults.begins(FULL)
    database.faults.begins(FULL)
    database.faults.begins(BUSY)
    database.retries.count("retries")
    found = metrics()
    assert found['handbill_database_faults_total{code="database_full"}'] == 2
    assert found['handbill_database_faults_total{code="database_busy"}'] == 1
    assert found['handbill_database_fault_present{code="database_full"}'] == 1
    assert found["handbill_database_retries_total"] == 1
    database.faults.ends()
    assert 'handbill_database_fault_present{code="database_full"}' not in metrics()


@pytest.mark.safeguard("164.312(a)(1)", "API8")
@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_their_own_token_nobody_reads_the_metrics(http, url, shown) -> None:
    answer = http.get(url + "/metrics", headers=shown)
    assert (answer.status_code, answer.json()["code"]) == (401, "metrics_token_wrong")


@pytest.mark.safeguard("164.312(a)(1)", "API8")
def test_an_api_clients_token_reads_no_metrics_and_where_no_file_is_named_nobody_does(
    http, url, toy_url, bearer
) -> None:
    assert http.get(url + "/metrics", headers=bearer()).status_code == 401
    assert http.get(toy_url + "/metrics", headers=ASKING).json()["code"] == "no_such_route"
    assert "/metrics" not in http.get(url + "/openapi.json").json()["paths"]


@pytest.mark.safeguard("164.312(e)(1)", "API8")
def test_nothing_of_a_requests_path_query_body_or_failure_is_in_the_metrics(http, url, bearer) -> None:
    bad = {"id": CANARY, "fail": "crash"}
    assert http.post(url + "/v1/things", json=bad, headers=bearer(key="key-number-1")).status_code == 500
    http.get(f"{url}/v1/things/{CANARY}", headers=bearer(organization_id=f"org_{CANARY}"))
    http.get(f"{url}/v1/things", params={"name": CANARY}, headers={**bearer(), "X-Request-Id": CANARY})
    http.get(f"{url}/{CANARY}", headers={"User-Agent": CANARY})
    http.request(CANARY.partition("-")[0].upper(), url + "/v1/things")
    text = http.get(url + "/metrics", headers=ASKING).text.lower()
    assert "zyxwvut" not in text
    assert "org_" not in text


def test_nothing_of_a_header_is_in_the_metrics(http, url, bearer) -> None:
    for header in HEADERS:
        for path in ("/v1/things", "/v1/nowhere", "/health"):
            http.get(url + path, headers={**bearer(), header: CANARY})
    assert "zyxwvut" not in http.get(url + "/metrics", headers=ASKING).text.lower()


def test_apps_of_one_process_count_apart(metrics, http, url, database, keys, run_app) -> None:
    other = run_app(toy(database, keys, Gate(), metrics_token=TOKEN))
    http.get(other + "/health")
    assert metrics(other)['handbill_requests_total{method="GET",route="/health",status="2xx"}'] == 1
    assert 'handbill_requests_total{method="GET",route="/health",status="2xx"}' not in metrics(url)


def test_a_token_that_is_no_secret_keeps_a_service_from_starting(tmp_path) -> None:
    file = tmp_path / "token"
    settings = Settings(metrics_token_file=file)
    with pytest.raises(MetricsTokenUnusable, match="holds no token"):
        metrics_token(settings)
    file.touch(mode=0o600)
    file.write_text("short\n")
    with pytest.raises(MetricsTokenUnusable):
        metrics_token(settings)
    file.write_text(TOKEN + "\n")
    assert metrics_token(settings) == TOKEN
    file.chmod(0o644)
    with pytest.raises(ReadableByOthers):
        metrics_token(settings)
    assert metrics_token(Settings()) is None
