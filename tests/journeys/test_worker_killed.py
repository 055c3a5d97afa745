"""The claims worker is killed with SIGKILL in the middle of the day, again and again; nothing is lost or sent twice."""

import re

import pytest

from services.cli.demo.day import files
from services.cli.demo.installation import installation
from services.cli.demo.practice import load
from services.cli.serving import process_commands
from tests.journeys.table import by_hand, found

WORKER = "claims-worker"
SUBMITTING, ANSWERING = "make and submit claims", "let payers answer"
SHORT_LEASE = {"HANDBILL_WORKER_LEASE_SECONDS": "2", "HANDBILL_RESEND_AFTER_SECONDS": "2"}


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """The day with five kills: while claims are submitted (files form and leave) and while payers answer."""
    with installation(tmp_path_factory.mktemp("killed"), load(), SHORT_LEASE) as running:
        kills = []
        worker = next(command for command in process_commands(running.settings) if command.name == WORKER)

        def kill_now_and_then(step, done, _total):
            if (step == SUBMITTING and done in (6, 13, 20)) or (step == ANSWERING and len(kills) < 5):
                running.processes.kill(WORKER)
                running.processes.start(worker)
                kills.append((step, done))

        ends = running.day.run(kill_now_and_then)
        yield {"ends": ends, "kills": kills, "files": dict(files(running.ehr)), "ehr": running.ehr}


def test_the_worker_was_killed_while_sending_and_while_posting(killed):
    assert [step for step, _done in killed["kills"]].count(SUBMITTING) == 3
    assert [step for step, _done in killed["kills"]].count(ANSWERING) == 2


def test_nothing_is_lost(killed):
    for end in killed["ends"]:
        assert found(end) == by_hand(end.visit.note_id), end.visit.note_id


def test_nothing_is_sent_twice(killed):
    texts = [text for name, text in killed["files"].items() if ".837P." in name]
    numbers = [number for text in texts for number in re.findall(r"~\s*CLM\*([^*]+)\*", text)]
    assert len(numbers) == len(set(numbers))
    answers = [text for name, text in killed["files"].items() if ".TA1." in name]
    assert len(answers) == len(texts)
    assert not [text for text in answers if re.search(r"~\s*TA1\*[^~]*\*025~", text)]


def test_nothing_is_posted_twice(killed):
    for end in killed["ends"]:
        entries = killed["ehr"].pages("claims", f"/v1/claims/{end.claim['id']}/ledger")
        paid = [entry for entry in entries if (entry["reason"], entry["to_account"]) == ("payment", "paid")]
        assert len(paid) == len({entry["line_number"] for entry in paid})
