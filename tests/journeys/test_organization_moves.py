"""A practice's day, exported and imported into another installation: other keys, and the other kind of database.

Whatever the practice can read is there byte for byte, with its ETags, and the EHR goes on after its last event; what
waits at the clearinghouse is awaited; and what is exported from there is what came."""

import re
import time
from pathlib import Path

import pytest

from services.claims.components import compose
from services.claims.flows.run_due import run_due
from services.cli import moving
from services.cli.audit import verify_services
from services.cli.composition import SETTING_OF_URL, build_of, prepare
from services.cli.demo.day import Day
from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import load
from services.cli.organizations import create_client
from shared.archives import Archive
from shared.clocks import WallClock
from shared.contracts.examples import EXAMPLES
from shared.ids import random_ids
from shared.private_files import write_private_file
from shared.settings import PORTS, Settings
from tests.harness.databases import KINDS
from tests.journeys.table import by_hand
from tests.journeys.table import found as found_of
from tests.journeys.test_tenants_apart import NOT_COMPARED, OPEN, token_of
from tests.journeys.whole import whole, working
from tests.services.claims.custom_rules.conftest import a_rule

PASSPHRASE = "a passphrase of the tests"
WHO = moving.Person("Olga Operator", WallClock(), random_ids)
MOVED = ("access", "eligibility", "notes", "claims")
PASSES, PAUSE_SECONDS = 12, 0.25
DAYS = (1, 3, 7)
"""After these some claims are paid, and others are still awaited."""


@pytest.fixture
def templates(database_kind, make_database_template, request):
    """HANDBILL_DATABASE_URL of the first installation, and of one on the other kind of database."""
    first = make_database_template()
    other = next(kind for kind in KINDS if kind != database_kind)
    if other == "sqlite":
        yield first, "sqlite:///{data_dir}/{service}.sqlite"
        return
    server = request.getfixturevalue("postgresql")
    base = server.create()
    names = [base, *(server.create_named(f"{base}_{service}") for service in PORTS)]
    yield first, server.url(base + "_{service}")
    for name in names:
        server.drop(name)


@pytest.fixture
def running(tmp_path, templates, free_url, run_app):
    def url(service):
        return templates[0].format(service=service, data_dir=tmp_path / "first")

    (tmp_path / "first").mkdir(mode=0o700)
    with whole(tmp_path / "first", load(), url, free_url, run_app) as everything:
        yield everything


@pytest.fixture
def first(tmp_path, templates):
    return Settings(data_dir=tmp_path / "first", database_url=templates[0])


@pytest.fixture
def second(tmp_path, templates, running, free_url):
    """Another installation, ready and empty; the world outside is the same."""
    urls = {service: free_url() for service in PORTS} | {"clearinghouse": running.urls["clearinghouse"]}
    settings = Settings(
        data_dir=tmp_path / "second",
        database_url=templates[1],
        clock_url=f"{urls['clearinghouse']}/simulator/clock",
        **{SETTING_OF_URL[service]: url for service, url in urls.items()},
    )
    # The operator has moved the account at the clearinghouse, too.
    settings.data_dir.mkdir(mode=0o700)
    account = Path("credentials") / "trading-partner.json"
    write_private_file(settings.data_dir / account, (tmp_path / "first" / account).read_bytes)
    prepare(settings)
    return settings


def world(urls, http, token, put):
    """All that the practice can read, by service and address: the bytes and the ETag. `put` are ids by kind."""
    headers = {"Authorization": f"Bearer {token}"}
    found, ids = {}, {kind: set(some) for kind, some in put.items()}
    gets = []
    for service in MOVED:
        document = http.get(f"{urls[service]}/openapi.json").json()
        for template, methods in document["paths"].items():
            # A part of a thing has two parameters, and is in the thing itself.
            if "get" in methods and template not in OPEN | NOT_COMPARED and template.count("{") < 2:
                required = [one["name"] for one in methods["get"].get("parameters", []) if one.get("required")]
                gets.append((service, template, required))
    # What lists others by an id comes after what lists all.
    for service, template, required in sorted(gets, key=lambda get: (len(get[2]), get[1].count("/"))):
        for path in addresses(template, required, ids):
            after = None
            while True:
                url = f"{urls[service]}{path}"
                answer = http.get(url, headers=headers, params={"after": after} if after else {})
                assert answer.status_code == 200, (url, answer.text)
                found[service, path, after] = (answer.content, answer.headers.get("etag"))
                page = answer.json() if answer.headers["content-type"] == "application/json" else {}
                kind = template.removeprefix("/v1/").partition("/")[0]
                if "{" not in template:
                    ids.setdefault(kind, set()).update(one["id"] for one in page.get("items", []) if "id" in one)
                after = page.get("next")
                # The feed of events always says where it goes on.
                if after is None or not page["items"]:
                    break
    return found


def addresses(template, required, ids):
    """The paths of an operation for every id that is known."""
    names = [name for name in required if "{" + name + "}" not in template]
    kind = template.removeprefix("/v1/").partition("/")[0]
    paths = (
        [template] if "{" not in template else [re.sub(r"{\w+}", one, template) for one in sorted(ids.get(kind, ()))]
    )
    if not names:
        return paths
    (name,) = names
    return [f"{path}?{name}={one}" for path in paths for one in sorted(ids.get(f"{name.removesuffix('_id')}s", ()))]


def without_new_client(found, client_id):
    """But for the client that the test made for itself, and its event."""
    own = [key for key in found if key[:2] == ("access", "/v1/events") or (client_id and client_id in key[1])]
    return {key: value for key, value in found.items() if key not in own}


def unpacked(archive):
    return dict(Archive(archive, lambda: PASSPHRASE).members())


def put_by(running):
    """The ids that the practice has put, by kind."""
    found = {}
    for request in running.requests:
        kind, _, one = request.url.path.removeprefix("/v1/").partition("/")
        if request.method == "PUT" and one:
            found.setdefault(kind, set()).add(one)
    return found


def work(claims):
    """The worker's passes, until what can be done now is done."""
    for _ in range(PASSES):
        run_due(claims)
        time.sleep(PAUSE_SECONDS)


def nobody_watches(*_):
    pass


def until_some_are_paid(running, http):
    """The practice's day up to its middle: (checks by coverage, claims by note)."""
    running.day.hand_over(nobody_watches)
    running.day.write_notes(nobody_watches)
    running.ehr.put("claims", "/v1/custom-rules/custom_four_units", a_rule())
    running.ehr.put("claims", "/v1/small-balance-rule", EXAMPLES["SmallBalanceRulePut"])
    checks, claims = running.day.verify(nobody_watches), running.day.bill(nobody_watches)
    work(running.claims)
    for days in DAYS:
        http.post(f"{running.urls['clearinghouse']}/simulator/clock/advance", json={"days": days}).raise_for_status()
        work(running.claims)
    return checks, claims


# From SQLite to PostgreSQL; smaller, and from each of them, in `tests/services/cli/test_moving.py`.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_everything_is_there_and_claims_in_flight_are_paid_there(tmp_path, running, first, second, http, run_app):
    checks, claims = until_some_are_paid(running, http)
    owner = running.ehr.get("access", "/v1/organization")["id"]
    before = world(running.urls, http, token_of(running, http, running.client), put_by(running))
    paid = b"".join(content for (_, path, _), (content, _) in before.items() if path.endswith("/ledger"))
    assert b'"to_account":"paid"' in paid
    entries = {one: running.ehr.pages(one, "/v1/audit-entries") for one in MOVED}
    said = []
    exported = moving.export_organization(first, owner, tmp_path / "archive", PASSPHRASE, WHO, said.append)
    assert re.search(r"0 claims wait for a file, 0 files are not sent, [1-9]\d* claims wait", said[-1])
    imported = moving.import_organization(second, Archive(tmp_path / "archive", lambda: PASSPHRASE), WHO, said.append)
    assert imported == exported
    assert list(verify_services(second, list(MOVED), None, None)) == []
    again = moving.export_organization(second, owner, tmp_path / "again", PASSPHRASE, WHO, said.append)
    assert all_but_trails(tmp_path / "again", again) == all_but_trails(tmp_path / "archive", exported)

    urls = {one: getattr(second, SETTING_OF_URL[one]) for one in PORTS}
    for service in MOVED:
        run_app(build_of(service)(second), at=urls[service])
    client = create_client(second, owner, "of the test", [])
    ehr = Ehr(urls, client.id, client.secret, http)
    after = world(urls, http, ehr.bearer(), put_by(running))
    assert len(before) > 200
    assert without_new_client(after, client.id) == without_new_client(before, "")
    for service in MOVED:
        assert ehr.pages(service, "/v1/audit-entries")[: len(entries[service])] == entries[service]
    ends_as_worked_out_by_hand(running, second, urls, ehr, http, checks, claims)


def ends_as_worked_out_by_hand(running, second, urls, ehr, http, checks, claims):
    """The day goes on where it came to, with the worker of the new place alone."""
    practice = load()
    worker = compose(second)
    try:
        with working(worker.dependencies):
            ends = Day(ehr, practice, urls["clearinghouse"], http).finish(claims, checks, nobody_watches)
    finally:
        worker.close()
    assert {end.visit.note_id: found_of(end) for end in ends} == {
        visit.note_id: by_hand(visit.note_id) for visit in practice.visits
    }
    events = ehr.get("claims", "/v1/events", limit=200)["items"]
    assert [one["sequence"] for one in events] == list(range(1, len(events) + 1))
    assert list(verify_services(second, list(MOVED), None, None)) == []


def all_but_trails(archive, manifest):
    """What an archive holds but the audit trail, which an import and an export make longer."""
    files = {name: content for name, content in unpacked(archive).items() if "/audit_entries-" not in name}
    del files["manifest.json"]
    rows = {service: {**one.rows, "audit_entries": 0} for service, one in manifest.services.items()}
    return files, rows, {service: one.last_event for service, one in manifest.services.items()}
