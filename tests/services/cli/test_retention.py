"""`handbill retention` on a whole installation: what is due, its destruction in every service, holds, and kills."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

import services.eligibility.app
import services.notes.app
from services.cli.audit import tables_of
from services.cli.organizations import create_organization
from services.cli.retention import archive, certificate, dispose, standings
from services.eligibility.flows import disposal
from services.eligibility.store import CoverageRow, DisposalRow, PatientRow
from services.notes.store import NoteRow
from shared.clocks import SetClock
from shared.contracts.retention import Destruction
from shared.database.operator import Operator
from shared.database.verification import verify
from shared.errors import Conflict
from tests.services.eligibility.conftest import KEEPER, a_coverage, a_patient, a_payer, an_authorization
from tests.services.notes.conftest import a_note

GONE, YOUNG, RECENT, HELD = "pat_gone", "pat_young", "pat_recent", "pat_held"
SERVICES = ("claims", "notes", "eligibility")
pytestmark = [pytest.mark.safeguard("164.310(d)(2)(i)"), pytest.mark.usefixtures("installation")]


@pytest.fixture
def settings(make_settings, database_template):
    """Of all services at once."""
    made = make_settings("access")
    return made.model_copy(update={"database_url": database_template})


@pytest.fixture
def owner(settings) -> str:
    return create_organization(settings, "Quillfeather Massage", "America/Phoenix").organization.id


@pytest.fixture
def http(settings, clock, bearer, owner):
    """Calls of the organization's EHR: `http("notes", "PUT", path, body)`."""
    builds = {"eligibility": services.eligibility.app.build, "notes": services.notes.app.build}
    with (
        TestClient(builds["eligibility"](settings, clock=clock)) as eligibility,
        TestClient(builds["notes"](settings, clock=clock)) as notes,
    ):
        clients = {"eligibility": eligibility, "notes": notes}

        def call(service, method, path, body=None, **headers):
            headers |= bearer(organization_id=owner, key=f"of-{path}")
            return clients[service].request(method, f"/v1/{path}", json=body, headers=headers)

        yield call


@pytest.fixture
def installation(http) -> None:
    """Four patients in Arizona: one whose time is over, one who is young, one of last month, one on hold."""
    address = {"line1": "1 Saguaro Street", "city": "Tucson", "state": "AZ", "zip": "85701"}
    http("eligibility", "PUT", "payers/pay_00001", a_payer()).raise_for_status()
    for patient_id, born, treated in (
        (GONE, "1970-05-04", "2012-03-01"),
        (YOUNG, "2008-05-04", "2012-03-01"),
        (RECENT, "1970-05-04", "2026-02-01"),
        (HELD, "1970-05-04", "2012-03-01"),
    ):
        patient = a_patient(birth_date=born, address=address)
        http("eligibility", "PUT", f"patients/{patient_id}", patient).raise_for_status()
        coverage = a_coverage(patient_id=patient_id, effective_from=None)
        http("eligibility", "PUT", f"coverages/cov_{patient_id}", coverage).raise_for_status()
        permission = an_authorization(coverage_id=f"cov_{patient_id}")
        http("eligibility", "PUT", f"authorizations/auth_{patient_id}", permission).raise_for_status()
        for hour in (8, 10):
            moments = {
                "started_at": f"{treated}T{hour:02}:00:00-07:00",
                "ended_at": f"{treated}T{hour + 1:02}:00:00-07:00",
            }
            note = a_note(patient_id=patient_id, **moments)
            note["plan"] = {}
            http("notes", "PUT", f"notes/note_{patient_id}_{hour}", note).raise_for_status()
    hold(http, HELD).raise_for_status()


def hold(http, patient_id, hold_id="hold_1"):
    body = {"patient_id": patient_id, "reason": "Letter of counsel", "since": "2026-02-27", "actor": KEEPER}
    return http("eligibility", "PUT", f"legal-holds/{hold_id}", body)


def release(http, hold_id="hold_1"):
    body = {"reason": "Settled", "actor": KEEPER}
    return http("eligibility", "POST", f"legal-holds/{hold_id}/release", body)


@contextmanager
def records(settings, owner, today=date(2026, 3, 2)) -> Iterator:
    with archive(settings, owner, "Rosa Records", today) as opened:
        yield opened


def due(of) -> list[str]:
    return [one.patient_id for one in standings(of) if not one.kept_by]


def run(of) -> list[str]:
    said: list[str] = []
    dispose(of, [one for one in standings(of) if not one.kept_by], said.append)
    return said


def left(of, patient_id) -> tuple[int, int, int]:
    """(patients, coverages, notes) of a patient."""
    with of.eligibility.database.reading() as session:
        patients = session.exec(select(PatientRow).where(PatientRow.id == patient_id)).all()
        coverages = session.exec(select(CoverageRow).where(CoverageRow.patient_id == patient_id)).all()
    with of.notes.database.reading() as session:
        notes = session.exec(select(NoteRow).where(NoteRow.patient_id == patient_id)).all()
    return len(patients), len(coverages), len(notes)


def whole(of) -> list[str]:
    return [
        str(found)
        for service, person in of.services.items()
        for found in verify(person.database, tables_of(service), anchors={})
    ]


def test_each_patient_is_due_or_says_what_keeps_her(settings, owner, http) -> None:
    with records(settings, owner) as of:
        found = {one.patient_id: (one.kept_by, one.retention.period.name) for one in standings(of)}
        assert found == {
            GONE: ((), "hipaa"),
            YOUNG: (("period",), "AZ"),
            RECENT: (("period",), "hipaa"),
            HELD: (("legal_hold",), "hipaa"),
        }
    for today, expected in ((date(2018, 3, 1), []), (date(2018, 3, 2), [GONE])):
        with records(settings, owner, today) as of:
            assert (today, due(of)) == (today, expected)
    with records(settings, owner, date(2029, 5, 4)) as of:
        assert due(of) == [GONE]
    with records(settings, owner, date(2029, 5, 5)) as of:
        assert due(of) == [GONE, YOUNG]


def test_what_is_due_goes_in_every_service_with_a_certificate_and_nothing_else_does(settings, owner, http) -> None:
    with records(settings, owner) as of:
        said = run(of)
        assert said == [f"{GONE}  destroyed: 1 of authorizations, 1 of coverages, 2 of notes"]
        assert left(of, GONE) == (0, 0, 0)
        assert all(left(of, one) == (1, 1, 2) for one in (YOUNG, RECENT, HELD))
        assert whole(of) == []
        lines = list(certificate(of, GONE))
        assert [line.split("  ")[1:3] for line in lines] == [
            ["notes", f"notes note_{GONE}_10"],
            ["notes", f"notes note_{GONE}_8"],
            ["eligibility", f"authorizations auth_{GONE}"],
            ["eligibility", f"coverages cov_{GONE}"],
            ["eligibility", f"patients {GONE}"],
        ]
        assert all("by Rosa Records  hipaa: 45 CFR 164.316(b)(2)(i)" in line for line in lines)
        assert run(of) == []
    assert http("eligibility", "GET", f"patients/{GONE}").status_code == 404
    assert http("notes", "GET", f"notes/note_{GONE}_8").status_code == 404


def test_while_a_hold_is_in_force_nothing_of_it_goes_and_after_its_release_it_does(settings, owner, http) -> None:
    assert hold(http, None, "hold_all").status_code == 201
    with records(settings, owner) as of:
        assert (due(of), run(of)) == ([], [])
        release(http, "hold_all").raise_for_status()
        assert due(of) == [GONE]
        # Whoever asks for it by name is refused as well.
        wanted = [one for one in standings(of) if one.patient_id == HELD]
        said: list[str] = []
        assert dispose(of, wanted, said.append) == 0
        assert said == [f"{HELD}  kept: {HELD} is on legal hold (hold_1)"]
        assert left(of, HELD) == (1, 1, 2)
        release(http).raise_for_status()
        run(of)
        assert (left(of, HELD), left(of, GONE), whole(of)) == ((0, 0, 0), (0, 0, 0), [])


def test_a_hold_that_comes_in_the_middle_stops_what_is_left_and_is_answered_when_it_is_effective(
    settings, owner, http, clock
) -> None:
    with records(settings, owner) as of:
        [wanted] = [one for one in standings(of) if one.patient_id == GONE]
        answers = []

        def meanwhile(person: Operator) -> Operator:
            """The clock of notes is looked at when its rows are gone and not yet committed: then the hold comes."""

            return replace(person, clock=At(2, person.clock, lambda: answers.append(hold(http, GONE, "hold_2"))))

        said: list[str] = []
        dispose(replace(of, notes=meanwhile(of.notes)), [wanted], said.append)
        # It is placed, and says that it is not effective yet; the piece that was under way is the last one.
        assert (answers[0].status_code, answers[0].json()["code"]) == (503, "disposal_under_way")
        assert said == [f"{GONE}  stopped: {GONE} is on legal hold (hold_2)"]
        assert hold(http, GONE, "hold_2").status_code == 200
        assert left(of, GONE) == (1, 1, 0)
        assert (run(of), left(of, GONE)) == ([f"{GONE}  kept: {GONE} is on legal hold (hold_2)"], (1, 1, 0))
        release(http, "hold_2").raise_for_status()
        run(of)
        assert (left(of, GONE), whole(of)) == ((0, 0, 0), [])


def test_a_lease_that_nears_its_end_is_not_renewed_for_a_patient_who_is_on_hold_by_then(settings, owner, http) -> None:
    with records(settings, owner) as of:
        wanted = Destruction(
            disposal_id="",
            organization_id=owner,
            patient_id=GONE,
            rule="Arizona",
            destroyable_from=date(2018, 3, 1),
            last_service_on=date(2012, 3, 1),
        )
        begun = disposal.begin(of.eligibility, wanted)
        assert hold(http, GONE, "hold_2").json()["code"] == "disposal_under_way"
        late = SetClock(of.eligibility.clock.now() + disposal.LEASE - timedelta(seconds=5))
        with pytest.raises(Conflict, match="hold_2"):
            disposal.keep(replace(of.eligibility, clock=late), begun)


class At:
    """A clock at which something happens when it is looked at for the `turn`th time."""

    def __init__(self, turn: int, clock, act) -> None:
        self.turn, self.clock, self.act = turn, clock, act

    def now(self):
        self.turn -= 1
        if self.turn == 0:
            self.act()
        return self.clock.now()


class Killed(BaseException):
    """As `kill -9` ends a process: nothing is tidied up."""


def test_a_process_that_was_killed_is_gone_on_with_by_the_next_one(settings, owner, http) -> None:
    with records(settings, owner) as of:

        def die() -> None:
            raise Killed

        dying = replace(of.notes, clock=At(2, of.notes.clock, die))
        with pytest.raises(Killed):
            run(replace(of, notes=dying))
        assert left(of, GONE) == (1, 1, 2)
        assert [one.patient_id for one in disposal.unfinished(of.eligibility, owner)] == [GONE]
        assert run(of) == [f"{GONE}  kept: another process is destroying {GONE}"]

        later = SetClock(of.eligibility.clock.now() + timedelta(seconds=61))
        said = run(replace(of, eligibility=replace(of.eligibility, clock=later)))
        assert said == [f"{GONE}  destroyed: 1 of authorizations, 1 of coverages, 2 of notes"]
        assert (left(of, GONE), whole(of)) == ((0, 0, 0), [])
        with of.eligibility.database.reading() as session:
            [row] = session.exec(select(DisposalRow)).all()
            assert (row.finished_at is not None, row.active_until, row.last_service_on) == (True, None, None)


def test_a_patient_who_comes_back_meanwhile_is_left_and_her_period_begins_anew(settings, owner, http) -> None:
    with records(settings, owner) as of:
        [wanted] = [one for one in standings(of) if one.patient_id == GONE]
        note = a_note(patient_id=GONE)
        http("notes", "PUT", "notes/note_new", note | {"plan": {}}).raise_for_status()
        said: list[str] = []
        assert dispose(of, [wanted], said.append) == 0
        assert said == [f"{GONE}  stopped: {GONE} has a newer note"]
        assert (left(of, GONE), due(of), disposal.unfinished(of.eligibility, owner)) == ((1, 1, 3), [], [])


def test_the_commands_list_destroy_and_certify(settings, owner, http, handbill, database_template) -> None:
    def command(*arguments: str):
        words = (f"--data-dir={settings.data_dir}", "retention", *arguments)
        return handbill(*words, HANDBILL_DATABASE_URL=database_template)

    listed = command("due", owner)
    assert listed.returncode == 0, listed.stderr
    lines = listed.stdout.splitlines()
    assert lines[0] == f"{GONE}  since 2018-03-02  hipaa"
    assert lines[1].startswith("1 patients are due on ")
    assert lines[2:] == ["1 are kept by legal_hold", "2 are kept by period"]
    every = [json.loads(line) for line in command("due", owner, "--json").stdout.splitlines()]
    assert every[0] == {"patient_id": GONE, "destroyable_from": "2018-03-02", "rule": "hipaa", "kept_by": []}
    assert len(every) == 4
    wrong = command("dispose", owner, "--confirm=2")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "handbill: 1 patients are due and not 2; look again: handbill retention due\n",
    )
    assert command("dispose", owner).returncode == 2
    done = command("dispose", owner, "--confirm=1", "--by=Rosa Records")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        f"{GONE}  destroyed: 1 of authorizations, 1 of coverages, 2 of notes",
    ), done.stderr
    assert len(command("certificate", owner, GONE).stdout.splitlines()) == 5
    assert command("certificate", owner, YOUNG).returncode == 1
    assert (command("totals", owner).returncode, command("due", "org_nobody").returncode) == (0, 1)
