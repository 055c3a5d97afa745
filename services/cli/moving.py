"""What `handbill org export` and `handbill org import` do: everything of an organization, into an archive and from one
into another installation, which may have other keys and another kind of database.

An import is one transaction a service, all open until each is filled and read back. They are committed one right after
the other, and access last: before that no client has a token. Who is killed in between runs it again, and what is there
from this very export is passed over; before the first commit nothing is there at all.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from services.access.flows.bootstrap import HANDBILL
from services.cli.audit import tables_of
from services.cli.composition import check_writable
from services.cli.errors import CommandFailed
from services.cli.keys import open_keyring
from services.cli.operating import account_name, known_organization
from shared.archives import Archive, ArchiveRefused, writing
from shared.archives.manifest import ArchiveManifest, Listing, ServiceContent, read_manifest
from shared.clocks import Clock
from shared.contracts.common import Actor
from shared.database.engine import Database
from shared.database.migrating import head_of_history
from shared.database.opening import database_faults, open_database
from shared.database.operations import add_audit
from shared.database.organization_copies import COMMAND_LINE, Importing, end_of_trail, write_rows
from shared.database.organization_rows import exported_models
from shared.database.verification import verify_organization
from shared.ids import Ids, is_id
from shared.settings import Settings
from shared.tenancy import INSTALLATION, INSTALLATION_ID, acting_for

ORDER = ("claims", "notes", "eligibility", "access")
"""Who refers to others is copied before them: what it refers to is then there. The simulator is no organization's."""
COMMITS = ("notes", "eligibility", "claims", "access")
TAKE_IN = {
    "access": "services.access.flows.moved_organization",
    "claims": "services.claims.flows.operator.moved_organization",
    "eligibility": "services.eligibility.flows.moved_organization",
}
"""The services whose own rows follow what an organization brings."""
EXPORTED = "organization.exported"
HANDBILLS_OWN = frozenset({HANDBILL, INSTALLATION_ID})
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Person:
    """Who moves an organization, when, and how ids are made."""

    name: str
    clock: Clock
    ids: Ids

    @property
    def actor(self) -> Actor:
        """As the audit trail names operators."""
        return Actor(id=self.name, name=self.name, role="operator")


def person(name: str | None, clock: Clock, ids: Ids) -> Person:
    """By the name that was given, or else that of the account of this machine."""
    return Person(name or account_name(), clock, ids)


def export_organization(
    settings: Settings, organization_id: str, target: Path, passphrase: str | None, who: Person, say: Say
) -> ArchiveManifest:
    """Write an archive while services serve. Raises ArchiveRefused, and CommandFailed where there is no such
    organization, or where its rows are not as Handbill wrote them."""
    open_keyring(settings)
    known_organization(settings, organization_id)
    if organization_id in HANDBILLS_OWN:
        raise CommandFailed(f"{organization_id} is Handbill's own; it stays with its installation")
    export_id, moment = who.ids("exp"), who.clock.now()
    with _databases(settings) as databases, writing(target, passphrase) as writer:
        for database in databases.values():
            # Before anything is read: no export is without its entry, whatever becomes of it.
            _record(database, organization_id, export_id, who)
        listing = Listing(writer)
        services = _write(databases, organization_id, listing, say)
        manifest = ArchiveManifest(
            export_id=export_id,
            handbill=version("handbill"),
            exported_at=moment.isoformat(),
            organization_id=organization_id,
            services={service: services[service] for service in reversed(COMMITS)},
            files=listing.files,
        )
        listing.close(manifest)
    return manifest


def import_organization(settings: Settings, archive: Archive, who: Person, say: Say) -> ArchiveManifest:
    """Make an organization from an archive. Raises ArchiveRefused where it is not whole, was changed, is of another
    version or does not fit; then nothing is left behind."""
    check_writable(settings.data_dir)
    open_keyring(settings)
    manifest = read_manifest(archive)
    if not is_id(manifest.organization_id) or manifest.organization_id in HANDBILLS_OWN:
        raise ArchiveRefused(f"{manifest.organization_id} is no organization that can be imported")
    say(f"{len(manifest.files)} files are as they were exported at {manifest.exported_at}")
    with _databases(settings) as databases:
        _refuse_versions(manifest)
        importing = Importing(manifest, archive, who.clock, who.ids, who.actor)
        _refuse_present(importing, databases)
        for database in databases.values():
            # In a transaction of its own, since none that writes can wait for it. It is of no use to anybody else.
            database.organization_keys.current(manifest.organization_id)
        try:
            _fill(importing, [databases[service] for service in reversed(COMMITS)], say)
        except IntegrityError as error:
            raise ArchiveRefused(
                "what the archive brings does not go with what is here: an id or a control number of an account that "
                f"another organization has here, or a row without the one that it refers to ({_table(error)})"
            ) from None
    return manifest


@contextmanager
def _databases(settings: Settings) -> Iterator[dict[str, Database]]:
    with ExitStack() as stack:
        opened: dict[str, Database] = {}
        for service in ORDER:
            stack.enter_context(database_faults(settings.database_url_of(service), service))
            # All that is there: what a newer Handbill has added would be left out of an archive, or of its place.
            opened[service] = open_database(settings, service, exact=True)
            stack.callback(opened[service].close)
        stack.enter_context(acting_for(INSTALLATION))
        yield opened


def models_of(service: str) -> list[type[SQLModel]]:
    """The classes of a service whose rows leave with their organization."""
    return exported_models(tables_of(service)[0].metadata)


def _record(database: Database, organization_id: str, export_id: str, who: Person) -> None:
    def write(session: Session) -> None:
        add_audit(
            session,
            who.ids,
            organization_id=organization_id,
            at=who.clock.now(),
            client_id=COMMAND_LINE,
            action=EXPORTED,
            subject_id=organization_id,
            actor=who.actor,
            request_id=export_id,
        )

    database.run(write)


def _write(databases: dict[str, Database], owner: str, listing: Listing, say: Say) -> dict[str, ServiceContent]:
    """All snapshots first, which takes milliseconds, and then the rows."""
    anchors = {service: _anchor_of(database, owner) for service, database in databases.items()}
    found: dict[str, ServiceContent] = {}
    with ExitStack() as stack:
        sessions: dict[str, Session] = {}
        ends = {}
        for service, database in databases.items():
            # As the organization: whatever is asked wrongly below, no row of another one can be in it.
            with acting_for(owner):
                sessions[service] = stack.enter_context(database.reading())
            ends[service] = end_of_trail(sessions[service], owner)
        for service in reversed(COMMITS):
            session, tables = sessions[service], tables_of(service)
            _refuse_tampered(verify_organization(session, databases[service], tables, owner, anchors[service]))
            rows = write_rows(session, service, models_of(service), owner, listing)
            last_event, trail = ends[service]
            found[service] = ServiceContent(
                revision=head_of_history(service), last_event=last_event, audit_trail=trail, rows=rows
            )
            say(f"{service}: {sum(rows.values())} rows in {len(rows)} tables")
        say(_in_flight(sessions["claims"], owner))
    return found


def _anchor_of(database: Database, owner: str) -> Any:
    assert database.anchors is not None
    return database.anchors.read().get(owner)


def _refuse_tampered(found: Iterable[object]) -> None:
    first = next(iter(found), None)
    if first is not None:
        raise CommandFailed(f"rows are not as Handbill wrote them, and are not passed on; the first is {first}")


def _in_flight(session: Session, owner: str) -> str:
    from services.claims.flows.operator.moved_organization import in_flight

    found = in_flight(session, owner)
    through = f" through {', '.join(found.accounts)}" if found.accounts else ""
    return (
        f"in flight{through}: {found.waiting} claims wait for a file, {found.unsent} files are not sent, "
        f"{found.sent} claims wait for a remittance"
    )


def _refuse_versions(manifest: ArchiveManifest) -> None:
    if manifest.services.keys() != set(COMMITS):
        raise ArchiveRefused(f"the archive has {', '.join(sorted(manifest.services))}, and not {', '.join(COMMITS)}")
    for service, content in manifest.services.items():
        known = head_of_history(service)
        if content.revision != known:
            raise ArchiveRefused(
                f"the archive is of Handbill {manifest.handbill}, with {service} at {content.revision}; here it is at "
                f"{known}: bring both installations to the same version and export again"
            )
        if content.rows.keys() != {str(model.__tablename__) for model in models_of(service)}:
            raise ArchiveRefused(f"the archive's tables of {service} are not those of this Handbill")


def _refuse_present(importing: Importing, databases: dict[str, Database]) -> None:
    done = []
    for service, database in databases.items():
        with database.reading() as session:
            if importing.is_done(session):
                done.append(service)
            else:
                importing.refuse_present(session, service, models_of(service))
    if len(done) == len(databases):
        raise CommandFailed(
            f"{importing.organization_id} is here already, from this very export; nothing is left to do"
        )


def _fill(importing: Importing, databases: list[Database], say: Say) -> None:
    """Fill the first database and, within its transaction, all others; so the last one is committed first."""
    if not databases:
        return
    database, rows = databases[0], 0

    def write(session: Session) -> None:
        nonlocal rows
        # Asked in the transaction as well, which may run again after those within it were committed.
        if not importing.is_done(session):
            rows = _fill_one(importing, session, database)
        _fill(importing, databases[1:], say)

    database.run(write)
    say(f"{database.service}: {rows} rows" if rows else f"{database.service}: was imported before")


def _fill_one(importing: Importing, session: Session, database: Database) -> int:
    service, tables = database.service, tables_of(database.service)
    importing.refuse_present(session, service, models_of(service))
    take_in = import_module(TAKE_IN[service]).take_in if service in TAKE_IN else None
    rows = importing.fill(session, database, models_of(service), take_in)
    _refuse_broken(session, database, tables, importing.organization_id)
    return rows


def _refuse_broken(session: Session, database: Database, tables: list[Table], owner: str) -> None:
    """Read everything back, as `handbill audit verify` does."""
    found = list(islice(verify_organization(session, database, tables, owner, None), 1))
    if found:
        raise ArchiveRefused(f"what was written does not read back as it should: {found[0]}")


def _table(error: IntegrityError) -> str:
    """What the database calls it, without the values that it quotes."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or diagnosis.table_name)
    return str(error.orig)[:200]
