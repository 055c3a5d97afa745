"""The operator imports a published edition over HTTP: it is in force at once, everywhere, or refused whole."""

import base64
import io
import string
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from services.claims.app import build
from services.claims.flows.code_sets import installed
from tests.services.claims.conftest import Api
from tests.services.claims.factories import COVERAGE, NOTE, a_note

OPERATOR = {"scopes": ["codes:import", "claims:read"]}
PERSON = {"id": "usr_operator", "name": "Olga Operator", "role": "operator"}
CHAPTERS = [(f"{letter}00", 0, "A chapter") for letter in string.ascii_uppercase if letter not in "MZ"]
CHAPTERS.append(("Z99", 0, "The last chapter"))
"""A row of every chapter: a file that lacks one was cut short."""
ORDER = "".join(
    f"{number:05d} {code:<7} {flag} {text:<60} {text}\r\n"
    for number, (code, flag, text) in enumerate(
        [("M54", 0, "Dorsalgia"), ("M542", 1, "Cervicalgia"), ("M54A", 1, "Newly named neck pain"), *CHAPTERS], 1
    )
)
WITHOUT_Z = ORDER[: ORDER.index("00028")]
PAIRS = (
    "Column 1\tColumn 2\t*=In existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "97124\t97012\t \t20260401\t*\t1\tMisuse\n"
)
MORE_PAIRS = PAIRS.replace("97124\t97012", "97140\t97012")
LIMITS = (
    '"HCPCS/CPT Code","Practitioner Services MUE Values","MUE Adjudication Indicator","MUE Rationale"\n'
    '"97124","1","2 Date of Service Edit: Policy","Policy, or so"\n'
)


def encoded(text):
    content = text if isinstance(text, bytes) else text.encode("latin-1")
    return base64.b64encode(content).decode()


def zipped(**files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return written.getvalue()


def imported(api, kind, text, effective_from, **claims):
    body = {"effective_from": effective_from, "file": encoded(text), "actor": PERSON}
    return api.post(f"/v1/code-sets/{kind}/editions", body, **(claims or OPERATOR))


def in_force(api):
    items = api.get("/v1/code-sets").json()["items"]
    return {one["kind"]: one for one in items if one["in_force"]}


def searched(api, day="2026-10-01"):
    return api.get(f"/v1/codes/diagnoses?q=newly+named&on={day}").json()


@pytest.fixture
def other_process(settings, clock, bearer):
    """The same service on the same database, with its own idea of what is in force."""
    with TestClient(build(settings, clock=clock), raise_server_exceptions=False) as client:
        yield Api(client, bearer)


def test_an_edition_is_in_force_at_once_here_and_soon_in_every_other_process(office, other_process, monkeypatch):
    monkeypatch.setattr(installed, "LOOK_EVERY_SECONDS", 0.0)
    assert searched(other_process)["items"] == []
    answer = imported(office, "icd10", ORDER, "2026-10-01")
    assert answer.status_code == 201, answer.text
    for process in (office, other_process):
        found = searched(process)
        assert ([one["code"] for one in found["items"]], found["notice"]) == (["M54.A"], None)
        assert (found["as_of"], in_force(process)["icd10"]["id"]) == ("2026-10-01", "icd10-000001")
    assert searched(office, "2026-09-30")["items"] == []


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_another_process_looks_at_most_every_two_seconds_and_reads_only_what_changed(deps, office):
    now = [100.0]
    looking = installed.InstalledCodeSets(deps.code_sets(), deps.database, lambda: now[0])
    looking.look()
    before = looking()
    assert before.diagnoses.version and before.pairs.version
    assert imported(office, "mue", LIMITS, "2026-01-01").status_code == 201
    now[0] += 1.9
    looking.look()
    assert looking() is before
    now[0] += 0.1
    looking.look()
    assert (looking().limits.version, looking().limits.get("97124").units) == ("2026-01", 1)
    assert looking().diagnoses is before.diagnoses and looking().pairs is before.pairs
    again = looking()
    now[0] += 5
    looking.look()
    assert looking() is again


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("looked_before", [True, False])
def test_one_looks_and_the_others_go_on_or_wait_for_the_first_look_alone(deps, looked_before):
    """As those requests do that come at once when two seconds are over."""
    looks, entered, go_on = [], threading.Event(), threading.Event()

    class SlowDatabase:
        @contextmanager
        def reading(self):
            looks.append(threading.current_thread().name)
            entered.set()
            assert go_on.wait(30)
            with deps.database.reading() as session:
                yield session

    now = [100.0]
    looking = installed.InstalledCodeSets(deps.code_sets(), SlowDatabase(), lambda: now[0])
    if looked_before:
        go_on.set()
        looking.look()
        go_on.clear()
        entered.clear()
        looks.clear()
        now[0] += 2
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(looking.look)
        assert entered.wait(30)
        second = pool.submit(looking.look)
        if looked_before:
            second.result(30)
        go_on.set()
        first.result(30)
        second.result(30)
    assert len(looks) == 1


def test_a_claim_is_judged_by_the_imported_editions_once_it_is_refreshed(scenario):
    claim = scenario.api.create().json()
    assert claim["state"] == "ready"
    for kind, file in (("mue", LIMITS), ("ncci", PAIRS)):
        assert imported(scenario.api, kind, file, "2026-01-01").status_code == 201
    judged = scenario.api.post(f"/v1/claims/{claim['id']}/refresh").json()
    (finding,) = [one for one in judged["findings"] if one["code"] == "units_unlikely"]
    assert judged["state"] == "blocked" and "edition 2026-01" in finding["source"]
    assert "edits_older_than_service" not in {one["code"] for one in judged["findings"]}


def test_the_parts_of_one_quarter_add_up_and_a_newer_quarter_takes_their_place(office):
    assert imported(office, "ncci", PAIRS, "2026-04-01").json()["entries"] == 1
    assert imported(office, "ncci", zipped(readme_md="x", part_txt=MORE_PAIRS), "2026-04-01").json()["entries"] == 2
    newer = imported(office, "ncci", PAIRS, "2026-07-01").json()
    assert (newer["id"], newer["version"], newer["entries"]) == ("ncci-000003", "2026-07", 1)
    assert (newer["effective_from"], newer["effective_to"]) == ("2026-07-01", "2026-09-30")


def test_who_imported_which_edition_and_when_is_listed_and_in_the_audit_trail(office):
    before = in_force(office)
    assert {kind: (one["id"], one["version"]) for kind, one in before.items() if kind != "icd10"} == {
        "ncci": (None, "2024-07"),
        "mue": (None, "2024-07"),
    }
    assert before["icd10"]["effective_to"] == "2026-09-30"
    made = imported(office, "mue", LIMITS, "2026-04-01").json()
    listed = in_force(office)["mue"]
    assert listed == made
    assert (listed["imported_by"], listed["imported_by_client"], listed["entries"]) == (
        "usr_operator", "cli_test0001", 1,
    )  # fmt: skip
    entries = office.get("/v1/audit-entries?limit=50", scopes=["audit:read"]).json()["items"]
    assert [one["subject_id"] for one in entries if one["action"] == "import_code_set_edition"] == ["mue-000001"]


def test_the_newest_edition_can_be_withdrawn_and_the_one_before_is_in_force_again(office):
    for first in ("2026-01-01", "2026-04-01"):
        assert imported(office, "mue", LIMITS, first).status_code == 201

    def withdraw(edition_id):
        return office.post(f"/v1/code-sets/editions/{edition_id}/withdraw", {"actor": PERSON}, **OPERATOR)

    refused = withdraw("mue-000001")
    assert (refused.status_code, refused.json()["code"]) == (409, "edition_not_in_force")
    assert withdraw("mue-000002").json()["withdrawn_at"]
    assert in_force(office)["mue"]["id"] == "mue-000001"
    assert withdraw("mue-000001").status_code == 200
    assert (in_force(office)["mue"]["id"], in_force(office)["mue"]["version"]) == (None, "2024-07")
    assert withdraw("mue-000009").json()["code"] == "edition_not_found"
    assert imported(office, "mue", LIMITS, "2026-01-01").json()["id"] == "mue-000003"


BAD_ROWS = LIMITS + '"97140","many","3 x"\n"97110","6","9 x"\n'


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "file", "first", "words"),
    [
        ("mue", BAD_ROWS, "2026-04-01", ["Line 3: ", "Line 4: "]),
        ("icd10", ORDER + "nonsense\r\n", "2026-10-01", ["Line 29: columns 1-5 are not an order number."]),
        ("icd10", ORDER, "2025-10-01", []),
        ("icd10", WITHOUT_Z, "2026-10-01", ["The file has no code that begins with Z; it was cut short."]),
        ("icd10", ORDER.replace("Z99 ", "Z98 "), "2026-10-01", ["The file ends at Z98, before Z99; it was cut short."]),
        ("icd10", ORDER, "2024-10-01", ["The edition is older than the one in force, which ends 2026-09-30."]),
        ("ncci", PAIRS, "2024-04-01", ["The edition is older than the one in force, of 2024-07."]),
        ("ncci", PAIRS, "2026-05-01", ["2026-05-01 is not the first day of a quarter, as 2026-10-01."]),
        ("ncci", PAIRS.replace("97012", "11103"), "2026-04-01", ["No pair is of two procedures that are known here"]),
        ("mue", zipped(readme_md="x"), "2026-04-01", ["The zip has no .txt and no .csv"]),
        ("mue", b"PK\x03\x04 and nothing", "2026-04-01", ["The zip is damaged"]),
        ("mue", b"\x00\x01binary", "2026-04-01", ["The file is no text"]),
        ("mue", "header only", "2026-04-01", ["The file has no rows."]),
    ],
)
def test_a_file_that_is_malformed_is_refused_whole_with_its_lines(office, kind, file, first, words):
    before = office.get("/v1/code-sets").json()
    answer = imported(office, kind, file, first)
    if not words:
        assert answer.status_code == 201
        return
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    messages = [one["message"] for one in answer.json()["errors"]]
    assert len(messages) == len(words)
    assert all(message.startswith(start) for message, start in zip(messages, words, strict=True))
    assert office.get("/v1/code-sets").json() == before


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_is_no_base64_or_no_kind_is_malformed(office):
    body = {"effective_from": "2026-04-01", "file": "AAAAA", "actor": PERSON}
    assert office.post("/v1/code-sets/mue/editions", body, **OPERATOR).json()["errors"][0]["code"] == "not_base64"
    assert imported(office, "loinc", LIMITS, "2026-04-01").status_code == 422


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_only_who_has_the_operators_scope_imports(office):
    refused = imported(office, "mue", LIMITS, "2026-04-01", scopes=["claims:write", "access:admin", "internal"])
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_after_the_newest_edition_a_claim_is_judged_by_its_last_day_with_a_warning(scenario, neighbours, clock):
    clock.advance(timedelta(days=240))
    neighbours.notes[NOTE] = a_note(
        started_at="2026-10-19T09:00:00-07:00",
        ended_at="2026-10-19T10:00:00-07:00",
        date_of_service="2026-10-19",
        diagnoses=["M54.2", "M54.A"],
    )
    check = {"note_id": NOTE, "coverage_id": COVERAGE}
    answer = scenario.api.post("/v1/claims/check", check)
    assert answer.status_code == 200, answer.text
    found = {one["code"]: one for one in answer.json()["findings"]}
    assert (found["diagnosis_edition_unknown"]["severity"], found["diagnosis_not_valid"]["severity"]) == (
        "warn",
        "warn",
    )
    assert "it may be new" in found["diagnosis_not_valid"]["message"]
    assert imported(scenario.api, "icd10", ORDER, "2026-10-01").status_code == 201
    codes = {one["code"] for one in scenario.api.post("/v1/claims/check", check).json()["findings"]}
    assert not codes & {"diagnosis_edition_unknown", "diagnosis_not_valid"}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_ready_claim_whose_diagnosis_an_edition_has_ended_since_is_not_sent(office, clearinghouse):
    """The last look before the queue is at the codes in force then, not at those of the claim's check."""
    claim = office.create().json()
    assert (claim["state"], claim["diagnoses"]) == ("ready", ["M54.2", "G44.86"])
    assert imported(office, "icd10", ORDER, "2025-10-01").status_code == 201
    refused = office.submit(claim["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "diagnosis_unknown")
    assert refused.json()["detail"] == "the 837P of this claim would be refused"
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/2300/HI/2"]
    assert office.claim(claim["id"]) == claim
    refreshed = office.post(f"/v1/claims/{claim['id']}/refresh", {}).json()
    found = [(one["code"], one["pointer"]) for one in refreshed["findings"]]
    assert ("diagnosis_not_valid", "/claim/diagnoses/1") in found
    assert clearinghouse.taken == []
