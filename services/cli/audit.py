"""Verifying the databases of services, and printing how far their audit chains went."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy import Table, make_url
from sqlmodel import SQLModel, select

from services.cli.composition import SERVICES, build_of
from services.cli.errors import CANNOT_START, CommandFailed
from shared.database.engine import Database
from shared.database.heads import Anchor, ChainHead
from shared.database.opening import open_database
from shared.database.verification import Tampering, verify
from shared.settings import Settings
from shared.tenancy import INSTALLATION, acting_for

STORES = {"claims": "services.claims.store.tables"}
"""Where a service's tables are when that is not its `store`."""


def verify_services(
    settings: Settings, services: list[str], organization_id: str | None, anchor: Path | None
) -> Iterator[Tampering]:
    """What is wrong in the databases of these services, held against the anchors of this installation and those of a
    file. Raises CommandFailed for a file that holds none."""
    kept = _read(anchor) if anchor is not None else {}
    for name in services:
        with opened(settings, name) as database:
            assert database.anchors is not None
            anchors = database.anchors.read()
            for owner, end in kept.get(name, {}).items():
                anchors[owner] = max(end, anchors.get(owner, end))
            if organization_id is not None:
                anchors = {owner: end for owner, end in anchors.items() if owner == organization_id}
            yield from verify(database, tables_of(name), organization_id=organization_id, anchors=anchors)


def ends_of_chains(settings: Settings, service: str | None) -> Iterator[str]:
    """A line for every chain: organization, service, number and MAC of its last entry."""
    for name in chosen(settings, service):
        with opened(settings, name) as database, database.reading() as session:
            for head in session.exec(select(ChainHead).order_by(ChainHead.organization_id)):
                yield f"{head.organization_id} {name} {head.sequence} {head.mac}"


def tables_of(service: str) -> list[Table]:
    """The tables of a service's own."""
    row: type[SQLModel] = import_module(STORES.get(service, f"services.{service}.store")).Row
    return list(row.metadata.sorted_tables)


def chosen(settings: Settings, service: str | None) -> list[str]:
    """The service, or all whose databases are there. Raises CommandFailed where there is none."""
    if service is not None:
        build_of(service)  # raises where there is no such service
    wanted = SERVICES if service is None else (service,)
    found = [name for name in wanted if _is_there(settings.database_url_of(name))]
    if not found:
        # Never "all is well" of what nobody has looked at.
        raise CommandFailed(
            f"there is no database in {settings.data_dir}; set HANDBILL_DATA_DIR or --data-dir", status=CANNOT_START
        )
    return found


def _is_there(url: str) -> bool:
    """A SQLite file that is not there would be made."""
    return not url.startswith("sqlite") or Path(make_url(url).database or "").exists()


@contextmanager
def opened(settings: Settings, service: str) -> Iterator[Database]:
    """The database of a service, with all organizations, checked as at a start, closed at the end. A newer one is
    refused, since what it has added would not be looked at."""
    database = open_database(settings, service, exact=True)
    try:
        with acting_for(INSTALLATION):
            yield database
    finally:
        database.close()


def _read(file: Path) -> dict[str, dict[str, Anchor]]:
    found: dict[str, dict[str, Anchor]] = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        try:
            owner, service, sequence, mac = line.split(" ")
            found.setdefault(service, {})[owner] = Anchor(int(sequence), mac)
        except ValueError:
            sentence = f"{file}, line {number}: it has organization, service, number and MAC, as `audit anchor` prints"
            raise CommandFailed(sentence, status=CANNOT_START) from None
    return found
