"""What a migration does, judged by the statements that it sends to PostgreSQL: is it of the kind that it says?"""

import re
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Table, event

from shared.database.derived import INFO
from shared.database.row_macs import MAC
from shared.database.schema import CONTRACT, EXPAND, REBUILD, kind_of
from shared.database.sealing import SealedText
from shared.database.tables import OUTSIDE_MAC

NAME = r'"?(\w+)"?'
QUIET = re.compile(
    r"SELECT|SHOW|SET |RESET|WITH|DO \$\$|GRANT|REVOKE|"
    r"(?:INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE) alembic_version\b",
    re.IGNORECASE,
)
"""What a migration of any kind does: it asks, keeps its revision, and gives the role of tenants its rights."""
TABLE = re.compile(rf"CREATE (?:UNLOGGED )?TABLE {NAME}", re.IGNORECASE)
ON = re.compile(
    r"(?:ALTER TABLE|INSERT INTO|CREATE (?:UNIQUE )?INDEX \S+ ON|CREATE POLICY \S+ ON|DROP POLICY IF EXISTS \S+ ON) "
    + NAME,
    re.IGNORECASE,
)
COLUMN = re.compile(rf"ALTER TABLE {NAME} ADD COLUMN {NAME} (.*)", re.IGNORECASE)
CONCURRENTLY = re.compile(r"(?:CREATE|DROP) INDEX CONCURRENTLY", re.IGNORECASE)
KINDS = (EXPAND, CONTRACT, REBUILD)
Tables = dict[str, Table]


@contextmanager
def statements_of(engine: Any) -> Any:
    """The statements that an engine sends meanwhile, each in one line."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.extend(" ".join(one.split()) for one in _apart(statement))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _apart(statement: str) -> list[str]:
    """Several statements may be sent as one; a block of procedural code is not taken apart."""
    return [statement] if "$$" in statement else [one for one in statement.split(";") if one.strip()]


def faults_of(kind: str, sent: Iterable[str], tables: Tables) -> list[str]:
    """What in these statements is not of the kind. `tables` are those of the models."""
    judge: Callable[[list[str], Tables], list[str]] | None = {EXPAND: _not_added, CONTRACT: _added}.get(kind)
    told = [one for one in sent if not QUIET.match(one)]
    return judge(told, tables) if judge is not None else []


def _added(sent: list[str], _tables: Tables) -> list[str]:
    """Code that knows a contract runs without it, so it may not need what that brings."""
    return [f"adds what code may need before: {one}" for one in sent if TABLE.match(one) or COLUMN.match(one)]


def _not_added(sent: list[str], tables: Tables) -> list[str]:
    new = {found[1] for one in sent if (found := TABLE.match(one))}
    faults = []
    for one in sent:
        on = ON.match(one)
        if TABLE.match(one) or (on and on[1] in new):
            continue
        if CONCURRENTLY.match(one):
            if [other for other in sent if not CONCURRENTLY.match(other)]:
                faults.append(f"does more than making an index while services serve: {one}")
        elif column := COLUMN.match(one):
            faults += _of_column(column[1], column[2], column[3], tables)
        else:
            faults.append(f"does not only add: {one}")
    return faults


def _of_column(table: str, name: str, definition: str, tables: Tables) -> list[str]:
    if "NOT NULL" in definition.upper() and "DEFAULT" not in definition.upper():
        return [f"code that does not know {table}.{name} cannot leave it empty"]
    model = tables.get(table)
    column = model.columns.get(name) if model is not None else None
    if column is None or model is None:  # a later migration took it away
        return []
    covered = MAC in model.columns and OUTSIDE_MAC not in column.info
    if (covered or isinstance(column.type, SealedText)) and INFO not in column.info:
        return [f"{table}.{name} is protected, and would not hold in rows that old code writes: make it `derived`"]
    return []


def faults_of_history(scripts: ScriptDirectory) -> list[str]:
    """What is wrong with the kinds of a whole history."""
    found = list(scripts.walk_revisions())[::-1]
    faults = [f"{one.revision} says no kind" for one in found if getattr(one.module, "kind", "") not in KINDS]
    later = [one.revision for one in found if kind_of(one) in (EXPAND, CONTRACT)]
    rebuilt = [one.revision for one in found if kind_of(one) == REBUILD and later and one.revision > later[0]]
    return faults + [f"{revision} rebuilds after {later[0]}" for revision in rebuilt]
