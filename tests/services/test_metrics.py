"""Every service serves its metrics, with what it knows of access."""

import pytest

from services.cli.composition import SERVICES, build_of

TOKEN = "a-token-of-the-tests-for-metrics"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_its_metrics_by_the_file_of_its_settings(
    service, make_settings, run_app, http, bearer, tmp_path
) -> None:
    file = tmp_path / "metrics-token"
    file.touch(mode=0o600)
    file.write_text(TOKEN)
    url = run_app(build_of(service)(make_settings(service, metrics_token_file=file)))
    http.get(f"{url}/v1/events", headers=bearer())
    answer = http.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["content-type"].startswith("text/plain; version=")
    copies = {
        line.partition(" ")[0] for line in answer.text.splitlines() if line.startswith("handbill_access_copy_age")
    }
    aged = {f'handbill_access_copy_age_seconds{{copy="{one}"}}' for one in ("keys", "revocations")}
    assert copies == (set() if service in ("access", "clearinghouse") else aged)
    assert "handbill_database_retries_total 0.0" in answer.text
