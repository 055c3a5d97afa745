"""Each organization has a random key of its own, made once, when it is first needed, whoever needs it first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import select

from shared.database import Database
from shared.database.key_checks import MasterKeyMismatch
from shared.database.keyring import LocalKeyring
from shared.database.keys import Place, SealBroken
from shared.database.operations import OrganizationKey
from shared.errors import Unavailable
from tests.shared.database.tables import Person

PLACE = Place("org_a", "persons", "name", "per_1")


def rows(database) -> list[tuple]:
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT organization_id, id, master_key_id, wrapped FROM organization_keys"))
        return sorted((*row[:3], bytes(row[3])) for row in found)


def person(organization="org_a", identifier="per_1") -> Person:
    return Person(organization_id=organization, id=identifier, name="Canary")


def test_a_key_is_made_by_the_first_that_seals_and_used_by_all_later_ones(tables, reopened, master_keys) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    assert [row[:3] for row in rows(tables)] == [("org_a", "1", master_keys.current_id())]
    before = rows(tables)
    assert reopened().vault.open(PLACE, sealed) == b"plain"
    assert reopened().vault.seal(PLACE, b"plain") != sealed
    assert rows(tables) == before


def test_organizations_and_databases_have_keys_of_their_own(tables, open_database, make_database_url) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    with tables.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organization_keys SELECT 'org_b', id, generation, master_key_id, wrapped, resealed "
                "FROM organization_keys"
            )
        )
    # Neither a seal nor a wrapped key opens for another organization.
    with pytest.raises(SealBroken):
        tables.vault.open(PLACE._replace(organization_id="org_b"), sealed)
    with pytest.raises(SealBroken):
        tables.vault.open(PLACE._replace(organization_id="org_c"), sealed)


def test_the_key_of_an_organization_tells_nothing_of_another_or_of_another_services(
    tables, open_database, make_database_url
) -> None:
    """All random, so that a key that is lost opens one organization's rows of one service."""
    other = open_database(make_database_url("another"), "another")
    OrganizationKey.metadata.create_all(other.engine)
    keys = [database.organization_keys.current(owner) for database in (tables, other) for owner in ("org_a", "org_b")]
    assert len({key.derive("seal") for key in keys}) == 4


def test_a_wrapped_key_is_its_services(tables, open_database, database_url) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    with pytest.raises(SealBroken):
        open_database(database_url, "another").vault.open(PLACE, sealed)


def test_a_key_is_made_for_a_row_that_is_written_first(tables, reopened) -> None:
    runs = []

    def write(session) -> None:
        runs.append(1)
        session.add_all([person("org_a"), person("org_b"), person("org_c")])

    tables.run(write)
    assert [row[0] for row in rows(tables)] == ["org_a", "org_b", "org_c"]
    assert len(runs) == 4
    tables.run(lambda session: session.add(person("org_a", "per_2")))
    with reopened().reading() as session:
        assert {row.name for row in session.exec(select(Person))} == {"Canary"}


def test_a_key_outlives_the_write_that_needed_it_and_failed(tables, reopened) -> None:
    def write(session) -> None:
        session.add(person())
        session.flush()
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        tables.run(write)
    before = rows(tables)
    tables.run(lambda session: session.add(person()))
    assert rows(tables) == before
    with reopened().reading() as session:
        assert session.get(Person, ("org_a", "per_1")).name == "Canary"


def test_a_write_that_never_has_enough_keys_ends(tables, ids) -> None:
    with pytest.raises(Exception, match="no key yet"):
        tables.run(lambda session: session.add(person(ids("org"))))
    assert len(rows(tables)) == 100


def test_a_key_is_made_while_a_snapshot_is_read(tables) -> None:
    with tables.reading() as session:
        session.exec(select(Person)).all()
        blind = tables.vault.blind("org_a", "name", "Canary")
        mac = tables.vault.mac("org_a", "row", b"data")
        assert tables.vault.blind("org_a", "name", "Canary") == blind
        assert tables.vault.mac_holds("org_a", "row", b"data", mac)
    assert tables.vault.blind("org_a", "name", "Canary") == blind
    assert tables.vault.mac_holds("org_a", "row", b"data", mac)


def test_a_blind_index_and_a_mac_within_a_write_make_the_key_too(tables) -> None:
    def write(session) -> tuple[str, str]:
        return tables.vault.blind("org_a", "name", "Canary"), tables.vault.mac("org_b", "row", b"data")

    blind, mac = tables.run(write)
    assert tables.vault.blind("org_a", "name", "Canary") == blind
    assert tables.vault.mac_holds("org_b", "row", b"data", mac)


def test_many_that_need_a_key_at_once_make_one(tables, reopened) -> None:
    databases = [tables, *(reopened() for _ in range(3))]
    together = Barrier(8)

    def write(number: int) -> str:
        database = databases[number % 4]
        together.wait()
        if number % 2:
            return database.vault.blind("org_a", "name", "Canary")
        database.run(lambda session: session.add(person(identifier=f"per_{number}")))
        return database.vault.blind("org_a", "name", "Canary")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(write, range(8)))) == 1
    assert len(rows(tables)) == 1
    with reopened().reading() as session:
        assert [row.name for row in session.exec(select(Person))] == ["Canary"] * 4


def test_an_unfinished_write_of_another_hides_no_key(tables, reopened) -> None:
    """A transaction that holds the writer's lock on SQLite still seals: its key is made before it runs again."""
    first, second = reopened(), reopened()
    first.run(lambda session: session.add(person("org_a")))
    second.run(lambda session: session.add(person("org_a", "per_2")))
    assert len(rows(tables)) == 1


def test_without_its_master_key_nothing_opens_and_nothing_is_sealed_with_another(
    tables, reopened, database_url, tmp_path
) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    before = rows(tables)
    other = Database(database_url, LocalKeyring(tmp_path / "other" / "keyring.json"), "test")
    for act in (lambda: other.vault.open(PLACE, sealed), lambda: other.vault.seal(PLACE, b"x")):
        with pytest.raises(Unavailable, match="has to put it back"):
            act()
    with pytest.raises(MasterKeyMismatch):
        other.confirm_keys()
    other.close()
    tables.confirm_keys()
    assert rows(tables) == before


def test_a_changed_wrapped_key_does_not_open(tables, reopened) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    with tables.engine.begin() as connection:
        connection.execute(text("UPDATE organization_keys SET wrapped = :bytes"), {"bytes": bytes(60)})
    with pytest.raises(SealBroken):
        reopened().vault.open(PLACE, sealed)


def test_an_older_generation_stays_in_use_for_what_it_sealed(tables, reopened) -> None:
    sealed = tables.vault.seal(PLACE, b"plain")
    mac, blind = tables.vault.mac("org_a", "row", b"data"), tables.vault.blind("org_a", "name", "Canary")
    tables.organization_keys.make("org_a", 2)
    vault = reopened().vault
    assert vault.seal(PLACE, b"plain")[:5] == b"\x02\x00\x00\x00\x02"
    assert vault.mac("org_a", "row", b"data").startswith("2:")
    assert vault.open(PLACE, sealed) == b"plain"
    assert vault.mac_holds("org_a", "row", b"data", mac)
    assert vault.blind("org_a", "name", "Canary") == blind
    with tables.reading() as session:
        assert [row.resealed for row in session.exec(select(OrganizationKey))] == [True, False]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_process_whose_connections_were_lost_takes_no_key_from_the_database_that_was_there_before(
    tables, reopened, postgresql
) -> None:
    """A backup from before the organization's first value was restored while the process was idle and unseen."""
    tables.run(lambda session: session.add(person()))
    name = tables.engine.url.database
    postgresql._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    elsewhere = reopened()
    with elsewhere.engine.begin() as connection:
        for table in ("persons", "organization_keys", "chain_heads", "audit_entries"):
            connection.execute(text(f"DELETE FROM {table}"))
    tables.run(lambda session: session.add(person()))
    with elsewhere.reading() as session:
        assert [row.name for row in session.exec(select(Person))] == ["Canary"]
