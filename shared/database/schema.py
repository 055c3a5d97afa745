"""Where a database stands in its service's history, and which code may work on it.

A migration is of one of these kinds, which its file says in `kind`:
- `expand` only adds: tables, indexes, columns that may stay empty. Code that does not know it goes on as before, so it
  runs while the version before still serves.
- `contract` takes away or tightens, and adds nothing. Code that knows it runs with and without it; it is run once no
  process is left that does not know it.
- `rebuild` does both at once, so nothing may run meanwhile. Only histories of before the first release have them.

A database at a revision that code does not have is therefore fit for that code as long as it has the last migration
that has run there and does not only expand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect, text

EXPAND, CONTRACT, REBUILD = "expand", "contract", "rebuild"
VERSIONS = "alembic_version"
CONTRACTED = "contracted"


@dataclass(frozen=True, slots=True)
class Standing:
    """The revision that a database is at, None where it is empty, and the last one there that does not only expand."""

    revision: str | None
    contracted: str | None


def standing_of(connection: Connection) -> Standing:
    """What the database says of itself."""
    if not inspect(connection).has_table(VERSIONS):
        return Standing(None, None)
    row = connection.execute(text(f"SELECT * FROM {VERSIONS}")).mappings().first()  # noqa: S608 - a constant
    # The column was not there from the first.
    return Standing(row["version_num"], row.get(CONTRACTED)) if row is not None else Standing(None, None)


def kind_of(script: Script) -> str:
    """The strictest where the file says nothing."""
    return str(getattr(script.module, "kind", REBUILD))


def knows(scripts: ScriptDirectory, revision: str) -> bool:
    """Whether a revision is one of this history."""
    return any(script.revision == revision for script in scripts.walk_revisions())


def runs_on(scripts: ScriptDirectory, standing: Standing) -> bool:
    """Whether code of this history may work on a database at a revision that it does not have."""
    return standing.contracted is not None and knows(scripts, standing.contracted)


class Fitness(StrEnum):
    """How a database stands to code: as it wants it; added to by a newer version, which leaves it fit; of a version
    that this code is not fit for; without what runs when a process starts; with contracts alone left to run."""

    CURRENT = "current"
    ADDED_TO = "added_to"
    NEWER = "newer"
    BEHIND = "behind"
    CONTRACT_WAITS = "contract_waits"


def fitness(scripts: ScriptDirectory, standing: Standing) -> Fitness:
    """Of a database that has tables."""
    if standing.revision is None or not knows(scripts, standing.revision):
        return Fitness.ADDED_TO if runs_on(scripts, standing) else Fitness.NEWER
    lacking = after(scripts, standing.revision)
    if not lacking:
        return Fitness.CURRENT
    return Fitness.CONTRACT_WAITS if all(kind_of(one) == CONTRACT for one in lacking) else Fitness.BEHIND


def after(scripts: ScriptDirectory, revision: str) -> list[Script]:
    """What a database at a revision lacks, the next one first."""
    lacking = list(_back_from(scripts, scripts.get_current_head(), until=revision))
    return lacking[::-1]


def record_contract(connection: Connection, scripts: ScriptDirectory) -> None:
    """Keep beside the revision which contract was the last, for code that does not have these files."""
    revision = standing_of(connection).revision
    if revision is None:
        return
    if CONTRACTED not in {column["name"] for column in inspect(connection).get_columns(VERSIONS)}:
        connection.execute(text(f"ALTER TABLE {VERSIONS} ADD COLUMN {CONTRACTED} VARCHAR(32)"))
    contracts = (script.revision for script in _back_from(scripts, revision) if kind_of(script) != EXPAND)
    statement = f"UPDATE {VERSIONS} SET {CONTRACTED} = :last"  # noqa: S608 - constants
    connection.execute(text(statement), {"last": next(contracts, None)})


def _back_from(scripts: ScriptDirectory, revision: str | None, *, until: str | None = None) -> Iterator[Script]:
    """A revision and those before it, the last one first."""
    while revision is not None and revision != until:
        script = scripts.get_revision(revision)
        yield script
        down = script.down_revision
        revision = down if isinstance(down, str) else None
