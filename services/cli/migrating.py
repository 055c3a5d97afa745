"""What `handbill migrate` does: the databases that are there, one service after the other."""

from collections.abc import Iterator

from services.cli.audit import chosen, tables_of
from shared.database.derived import fill_derived
from shared.database.migrating import migrate
from shared.database.opening import open_database
from shared.plural import counted
from shared.settings import Settings
from shared.tenancy import INSTALLATION, acting_for


def migrate_all(settings: Settings, *, contract: bool) -> Iterator[str]:
    """A line for each service: where its database stands, and what waits."""
    for service in chosen(settings, None):
        database = open_database(settings, service, contract=contract, exact=True)
        try:
            waiting = migrate(database, service)
            with acting_for(INSTALLATION):
                filled = fill_derived(database, tables_of(service)[0].metadata) if contract else 0
        finally:
            database.close()
        said = [f"{service}: as this version wants it"]
        if filled:
            said.append(f"{counted(filled, 'row')} filled")
        if waiting:
            said.append(
                f"{counted(len(waiting), 'migration')} to be run when no process of an earlier version is left: "
                "handbill migrate --contract"
            )
        yield "; ".join(said)
