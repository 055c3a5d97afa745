"""Every command of the README runs, in its order, against a running simulator.

The machine may have no curl, so its few options that the README uses are read here and sent with httpx.
"""

import re
import shlex
from pathlib import Path
from string import Template

import httpx
import pytest

from tests.services.clearinghouse.x12_files import (
    AUTH,
    claim,
    claims_file,
    question,
    questions_file,
    status_file,
    status_question,
)

README = Path(__file__).parents[3] / "services" / "clearinghouse" / "README.md"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def _commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), flags=re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


def _run(command: str, http: httpx.Client, folder: Path, words: dict[str, str]) -> httpx.Response:
    """What `curl` would do with -u, -H, -d, --data-binary and one URL."""
    name, *arguments = shlex.split(Template(command).substitute(words))
    assert name == "curl"
    headers, content, auth, urls = {}, None, None, []
    while arguments:
        option = arguments.pop(0)
        if option == "-u":
            user, _, password = arguments.pop(0).partition(":")
            auth = (user, password)
        elif option == "-H":
            key, _, value = arguments.pop(0).partition(": ")
            headers[key] = value
        elif option in ("-d", "--data-binary"):
            given = arguments.pop(0)
            content = (folder / given[1:]).read_bytes() if given.startswith("@") else given.encode()
        else:
            urls.append(option)
    (url,) = urls
    return http.request("POST" if content else "GET", url, headers=headers, content=content, auth=auth)


def test_every_command_of_the_readme_runs_in_its_order(simulator, http, tmp_path):
    (tmp_path / "claims.x12").write_bytes(claims_file(claim()))
    (tmp_path / "question.x12").write_bytes(questions_file(question()))
    (tmp_path / "status.x12").write_bytes(status_file(status_question()))
    words = {"SIMULATOR": simulator.url, "PARTNER": AUTH[0], "PASSWORD": AUTH[1]}
    answers = [_run(command, http, tmp_path, words) for command in _commands()]
    assert [answer.status_code for answer in answers] == [202, 200, 200, 200, 200, 200, 200, 200, 200, 503]
    assert [message["kind"] for message in answers[4].json()["items"]] == ["277CA", "835"]


def test_the_readme_is_short():
    assert len(README.read_text().splitlines()) <= 60


def test_the_curls_of_the_scenarios_run_as_they_stand(simulator, http, tmp_path):
    (tmp_path / "claims.x12").write_bytes(claims_file(claim()))
    (tmp_path / "status.x12").write_bytes(status_file(status_question()))
    words = {"PARTNER": AUTH[0], "PASSWORD": AUTH[1], "CLAIM_NUMBER": "K7Q2M9"}
    listed = http.get(f"{simulator.url}/simulator/scenarios").json()["items"]
    curls = {item["name"]: item["curl"] for item in listed}
    assert _run(curls["reject_277ca"], http, tmp_path, words).status_code == 202
    http.post(f"{simulator.url}/simulator/clock/advance", json={"days": 21})
    assert (
        _run(curls["appeal_upheld"], http, tmp_path, words).json()["detail"]
        == "the payer has decided nothing on this claim"
    )
    assert "STC*P3:294*" in _run(curls["status_p3"], http, tmp_path, words).text
