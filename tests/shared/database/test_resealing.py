"""A new key seals every value anew, and nothing that is written meanwhile is lost; what does not open is named."""

import threading

import pytest
from sqlalchemy import text
from sqlmodel import select

from shared.database.keys import Place
from shared.database.operations import AuditEntry, IdempotencyKey
from shared.database.resealing import reseal
from shared.database.sealed_rows import BrokenSeal, SealCount, verify
from shared.database.tenancy import EVERY, POLICY, SECURE, SETTING
from tests.harness.clocks import STARTS_AT
from tests.shared.database.tables import Base, Letter, Person

ROWS = 120


class Time:
    """Time that passes by sleeping alone; `during` is called at each pause."""

    def __init__(self, during=lambda: None) -> None:
        self.now = 1000.0
        self.during = during

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.001)
        self.during()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def rows(tables):
    def write(session) -> None:
        for number in range(ROWS):
            session.add(
                Person(organization_id="org_a", id=f"per_{number:03}", name=f"Name {number}", address={"n": number})
            )
        session.add(Person(organization_id="org_b", id="per_000", name="Neighbour"))
        session.add(Letter(organization_id="org_a", id="let_1", subject="first", body="body", version=7))
        session.add(
            IdempotencyKey(organization_id="org_a", id="key", body_mac="m", reserved_at=STARTS_AT, answer="answer")
        )

    tables.run(write)
    return tables


def again(database, organization_id=None, time=None):
    time = time or Time()
    return reseal(database, Base.metadata, organization_id, sleep=time.sleep, monotonic=time.monotonic)


def generations(database) -> dict[str, set[int]]:
    with database.engine.connect() as connection:
        found = [
            *connection.execute(text("SELECT organization_id, name FROM persons")),
            *connection.execute(text("SELECT organization_id, address FROM persons WHERE address IS NOT NULL")),
            *connection.execute(text("SELECT organization_id, body FROM letters")),
            *connection.execute(text("SELECT organization_id, answer FROM idempotency_keys")),
        ]
    seen: dict[str, set[int]] = {}
    for organization, sealed in found:
        seen.setdefault(organization, set()).add(int.from_bytes(bytes(sealed)[1:5], "big"))
    return seen


def names(database) -> list[str]:
    with database.reading() as session:
        return [row.name for row in session.exec(select(Person).order_by(Person.organization_id, Person.id))]


def checked(database) -> tuple[SealCount, list[BrokenSeal]]:
    count = SealCount()
    return count, list(verify(database, Base.metadata, count))


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_everything_of_an_organization_is_sealed_with_its_new_key_and_reads_as_before(rows, reopened) -> None:
    before = names(rows)
    done = again(rows, "org_a")
    assert (done.organizations, done.values, done.broken) == (1, 2 * ROWS + 3, [])
    assert generations(rows) == {"org_a": {2}, "org_b": {1}}
    assert names(reopened()) == before
    with reopened().reading() as session:
        letter = session.get(Letter, ("org_a", "let_1"))
        assert (letter.subject, letter.body, letter.version) == ("first", "body", 7)
    assert again(rows).organizations == 2
    assert generations(rows) == {"org_a": {3}, "org_b": {2}}
    assert names(reopened()) == before


def test_a_run_that_was_interrupted_goes_on_with_the_key_that_it_made(rows, reopened) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(rows, "org_a", Time(stop))
    assert generations(rows)["org_a"] == {1, 2}
    assert names(reopened())[:2] == ["Name 0", "Name 1"]
    done = again(reopened(), "org_a")
    assert 0 < done.values < 2 * ROWS + 3
    assert generations(rows)["org_a"] == {2}


def test_what_is_written_meanwhile_is_not_overwritten(rows, reopened) -> None:
    """Before each pause a row is written that the run may have read already, with the old key and with the new one."""
    writer = reopened()
    written: dict[str, str] = {}
    turn = iter(range(10_000))

    def write() -> None:
        number = next(turn) * 7 % ROWS
        name = f"Written {number}"

        def change(session) -> None:
            session.get(Person, ("org_a", f"per_{number:03}")).name = name
            letter = session.get(Letter, ("org_a", "let_1"))
            letter.version += 1
            letter.body = name

        writer.run(change)
        written[f"per_{number:03}"] = written["letter"] = name

    again(rows, "org_a", Time(write))
    with reopened().reading() as session:
        for row in session.exec(select(Person).where(Person.organization_id == "org_a")):
            assert row.name == written.get(row.id, f"Name {int(row.id[4:])}")
        assert session.get(Letter, ("org_a", "let_1")).body == written["letter"]


def test_a_row_that_changes_between_reading_and_writing_is_left_to_its_writer(rows, reopened) -> None:
    writer = reopened()
    vault = rows.vault
    seal = vault.seal
    struck = []

    class Vault:
        """Lets another write come in the moment between opening and exchanging."""

        def open(self, place, sealed):
            return vault.open(place, sealed)

        def seal(self, place: Place, value: bytes, generation=None):
            if place.row_id == "per_003" and place.column == "name" and not struck:
                struck.append(place)
                writer.run(lambda s: setattr(s.get(Person, ("org_a", "per_003")), "name", "Newer"))
            return seal(place, value, generation)

    rows.vault = Vault()
    try:
        again(rows, "org_a")
    finally:
        rows.vault = vault
    assert struck
    assert names(reopened())[3] == "Newer"
    assert generations(rows)["org_a"] == {2}


def test_writers_at_the_same_time_fail_no_write(rows, reopened) -> None:
    writer, ends, failures, count = reopened(), threading.Event(), [], []

    def write() -> None:
        while not ends.is_set():
            number = len(count) % ROWS
            try:
                writer.run(lambda s, n=number: setattr(s.get(Person, ("org_a", f"per_{n:03}")), "nickname", f"N{n}"))
            except Exception as error:
                failures.append(error)
            count.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        again(rows, "org_a")
    finally:
        ends.set()
        thread.join()
    assert failures == []
    assert count
    total, broken = checked(rows)
    assert broken == []
    assert total.broken == 0


@pytest.mark.safeguard("164.312(c)(1)", "164.312(c)(2)")
def test_verify_counts_what_opens_and_names_what_does_not(rows, reopened) -> None:
    total, broken = checked(rows)
    assert (total.values, total.earlier, total.broken, broken) == (2 * ROWS + 4, 0, 0, [])
    with rows.engine.begin() as connection:
        connection.execute(
            text("UPDATE persons SET name = (SELECT name FROM persons WHERE id = 'per_001') WHERE id = 'per_005'")
        )
        connection.execute(text("UPDATE letters SET version = 6"))
    total, broken = checked(reopened())
    assert sorted(broken) == [
        ("test", "letters", "body", "org_a", "let_1"),
        ("test", "letters", "subject", "org_a", "let_1"),
        ("test", "persons", "name", "org_a", "per_005"),
    ]
    assert total.broken == 3
    assert "Name" not in str(broken)
    done = again(reopened(), "org_a")
    assert sorted(done.broken) == sorted(broken)
    assert checked(reopened())[0].earlier == 0


def test_verify_names_a_wrapped_key_that_does_not_open_and_all_that_hangs_on_it(rows, reopened) -> None:
    with rows.engine.begin() as connection:
        connection.execute(
            text("UPDATE organization_keys SET wrapped = :b WHERE organization_id = 'org_b'"), {"b": bytes(60)}
        )
    total, broken = checked(reopened())
    assert sorted(broken) == [
        ("test", "organization_keys", "wrapped", "org_b", "1"),
        ("test", "persons", "name", "org_b", "per_000"),
    ]
    assert total.values == 2 * ROWS + 4


def test_verify_counts_what_is_sealed_with_an_earlier_key(rows, reopened) -> None:
    rows.organization_keys.make("org_a", 2)
    assert checked(reopened())[0].earlier == 2 * ROWS + 3


def test_values_larger_than_a_piece_are_read_one_by_one(tables, reopened) -> None:
    large = "x" * 1_500_000
    tables.run(
        lambda s: s.add_all(Letter(organization_id="org_a", id=f"let_{n}", subject="s", body=large) for n in range(3))
    )
    assert again(tables).values == 6
    with reopened().reading() as session:
        assert [len(row.body) for row in session.exec(select(Letter))] == [len(large)] * 3


def test_audit_entries_are_sealed_anew_and_their_chain_holds(tables, reopened, ids) -> None:
    from shared.database.operations import add_audit

    tables.run(
        lambda s: add_audit(
            s,
            ids,
            organization_id="org_a",
            at=STARTS_AT,
            client_id="cli",
            action="thing.put",
            subject_id="thing_1",
            actor=None,
            reason="Canary",
        )
    )
    with tables.reading() as session:
        before = session.exec(select(AuditEntry)).one()
    again(tables)
    with reopened().reading() as session:
        after = session.exec(select(AuditEntry)).one()
    assert (after.reason, after.mac) == ("Canary", before.mac)


@pytest.mark.safeguard("164.312(a)(1)", "164.312(a)(2)(iv)")
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_row_security_hides_no_row_from_verify_and_from_a_new_key(rows, open_database, database_url) -> None:
    """As the role that Handbill logs in with in production: no superuser, and held by the policies."""
    with rows.engine.begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN CREATE ROLE handbill_login_of_tests NOSUPERUSER NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        connection.exec_driver_sql(
            "GRANT USAGE ON SCHEMA public TO handbill_login_of_tests; "
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO handbill_login_of_tests"
        )
        for table in ("persons", "letters", "idempotency_keys"):
            names = {"table": table, "policy": POLICY, "setting": SETTING, "every": EVERY}
            connection.exec_driver_sql(SECURE.format(**names))
    mark = "&" if "?" in database_url else "?"
    held = open_database(f"{database_url}{mark}options=-crole%3Dhandbill_login_of_tests")
    with held.short_transaction(writes=False) as connection:
        assert connection.execute(text("SELECT count(*) FROM persons")).scalar() == 0
    total, broken = checked(held)
    assert (total.values, broken) == (2 * ROWS + 4, [])
    assert again(held, "org_a").values == 2 * ROWS + 3
    assert generations(rows) == {"org_a": {2}, "org_b": {1}}
