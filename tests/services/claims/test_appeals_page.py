"""The page about appeals: each command runs as it stands, and its tables say what the profiles and the kinds say."""

import re
import shlex
from pathlib import Path
from string import Template

import pytest

from services.claims.domain.next_action_kinds import KINDS
from shared.payer_profiles import profile_named
from tests.services.claims.appeal_acts import a_denied_claim

PAGE = Path(__file__).parents[3] / "docs" / "appeals.md"
TEXT = PAGE.read_text()


def request_of(command, words):
    """(method, path, headers, body) of a `curl`."""
    name, *arguments = shlex.split(Template(command).substitute(words))
    assert name == "curl"
    method, headers, body, urls = "", {}, None, []
    while arguments:
        option = arguments.pop(0)
        if option == "-X":
            method = arguments.pop(0)
        elif option == "-H":
            key, _, value = arguments.pop(0).partition(": ")
            headers[key] = value
        elif option == "-d":
            body = arguments.pop(0)
        else:
            urls.append(option)
    (url,) = urls
    return method or ("POST" if body else "GET"), url, headers, body


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_command_runs_in_its_order(scenario, bearer):
    a_denied_claim(scenario)
    token = bearer()["Authorization"].removeprefix("Bearer ")
    words = {"CLAIMS": "", "TOKEN": token, "CLAIM": scenario.claims[0]["id"], "APPEAL": ""}
    answers = []
    for command in re.search(r"```sh\n(.*?)```", TEXT, re.DOTALL)[1].strip().splitlines():
        method, url, headers, body = request_of(command, words)
        answers.append(scenario.api.client.request(method, url, headers=headers, content=body))
        if not words["APPEAL"]:
            words["APPEAL"] = answers[0].json()["id"]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200, 200, 200]
    [one] = answers[-1].json()["items"]
    assert (one["state"], one["won_cents"], answers[4].json()["letter"]) == ("upheld", 0, "Our own words.")


@pytest.mark.parametrize("name", ["commercial", "united", "medicare", "medicare_advantage"])
def test_the_days_of_the_page_are_those_of_the_profiles(name):
    [row] = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |")]
    known = [
        one.kind.replace("_", " ") + "".join(f" {days}," for days in (one.days, one.answer_days) if days).rstrip(",")
        for one in profile_named(name).disputes
    ]
    said = [part.partition(":")[0].strip() for part in row.split("|")[2].split("·")]
    assert said == known


def test_every_next_action_of_the_page_is_in_the_list():
    table = TEXT.split("## What comes next")[1].split("##")[0]
    named = set(re.findall(r"`([a-z_]+)`", table.split("`POST")[0])) - {"unanswered"}
    assert named <= KINDS.keys()
    assert {"send_appeal", "await_appeal", "escalate_appeal", "record_appeal_outcome", "write_off"} <= named
