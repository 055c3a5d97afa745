"""Who the operator of an installation is: a person who works on a service's database from the command line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from services.cli.composition import access
from services.cli.errors import CommandFailed
from shared.settings import Settings
from shared.tenancy import INSTALLATION, acting_for

if TYPE_CHECKING:
    from shared.database.operator import Operator


@contextmanager
def operator(
    settings: Settings, name: str | None = None, service: str = "claims", *, exact: bool = False
) -> "Iterator[Operator]":
    """The operator of the installation, by the name of the person or else of the account of this machine. `exact`: a
    database that a newer Handbill has added to is refused, since all of it is wanted."""
    from shared.clocks import WallClock
    from shared.database.opening import open_database
    from shared.database.operator import Operator
    from shared.ids import random_ids

    database = open_database(settings, service, exact=exact)
    try:
        with acting_for(INSTALLATION):
            yield Operator(database, random_ids, WallClock(), name or account_name())
    finally:
        database.close()


def known_organization(settings: Settings, organization_id: str) -> str:
    """The id as it was given. Raises CommandFailed where no organization has it: what is given to nobody is seen by
    nobody."""
    organization_zone(settings, organization_id)
    return organization_id


def organization_zone(settings: Settings, organization_id: str) -> str:
    """The time zone in which an organization counts its days. Raises CommandFailed where there is none of that id."""
    from services.access import store

    with access(settings) as deps, deps.database.reading() as session:
        row = store.organization(session, organization_id)
        if row is None:
            raise CommandFailed(f"there is no organization {organization_id[:64]}; handbill org create makes one")
        return row.time_zone


def confirm_npi(settings: Settings, organization_id: str, npi: str, name: str | None = None) -> None:
    """As `handbill npi confirm` does."""
    from services.claims.flows.operator import npis

    with operator(settings, name) as person:
        npis.confirm_npi(person, known_organization(settings, organization_id), npi)


def account_name() -> str:
    """The account of this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "operator"
