"""`handbill migration new`: what the tables in the code have and a history lacks, written as its next revisions.

What only adds comes first, then each index in a file of its own, then what takes away or tightens, so that each file is
of one kind (`shared.database.schema`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations.ops import (
    AddColumnOp,
    CreateIndexOp,
    CreateTableOp,
    MigrateOperation,
    MigrationScript,
    ModifyTableOps,
    UpgradeOps,
)
from alembic.script import Script, ScriptDirectory

from shared.database.engine import create_database_engine
from shared.database.history import ONE_AT_A_TIME, alembic_config
from shared.database.schema import CONTRACT, EXPAND

Choose = Callable[[list[MigrateOperation]], list[MigrateOperation]]


class AddIndexOp(CreateIndexOp):
    """An index that is made while services serve."""


def new_revisions(migrations: Path, message: str, *, empty_contract: bool = False) -> list[Path]:
    """The files that were written; none when nothing differs. `empty_contract` writes a last one that does nothing."""
    made = [_write(migrations, message, EXPAND, _additions)]
    while (index := _write(migrations, message, EXPAND, _first_index)) is not None:
        made.append(index)
    made.append(_write(migrations, message, CONTRACT, lambda operations: operations))
    if empty_contract:
        made.append(_write(migrations, message, CONTRACT, lambda _operations: [], even_empty=True))
    return [file for file in made if file is not None]


def _write(migrations: Path, message: str, kind: str, choose: Choose, *, even_empty: bool = False) -> Path | None:
    """The history is run on an empty SQLite database that goes afterwards. None where nothing is chosen."""

    def only_chosen(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
        script = directives[0]
        chosen = choose(list(_flat(script.upgrade_ops.ops if script.upgrade_ops else [])))
        if not chosen and not even_empty:
            directives.clear()
            return
        upgrade = UpgradeOps(ops=chosen)
        script.upgrade_ops, script.downgrade_ops = upgrade, upgrade.reverse()

    engine = create_database_engine("sqlite://")
    try:
        with ONE_AT_A_TIME, engine.connect() as connection:
            config = alembic_config(migrations, connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["kind"] = kind
            command.upgrade(config, "head")
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            made = command.revision(
                config, message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=only_chosen
            )
    finally:
        engine.dispose()
    return Path(made.path) if isinstance(made, Script) else None


def _flat(operations: list[MigrateOperation]) -> Iterator[MigrateOperation]:
    """Alembic puts together what happens to a table; here each thing is by itself."""
    for operation in operations:
        if isinstance(operation, ModifyTableOps):
            for one in operation.ops:
                yield ModifyTableOps(operation.table_name, [one], schema=operation.schema)
        else:
            yield operation


def _additions(operations: list[MigrateOperation]) -> list[MigrateOperation]:
    new = {operation.table_name for operation in operations if isinstance(operation, CreateTableOp)}
    return [
        operation
        for operation in operations
        if isinstance(operation, CreateTableOp)
        or (isinstance(operation, ModifyTableOps) and (operation.table_name in new or _may_be_empty(operation.ops[0])))
    ]


def _may_be_empty(operation: MigrateOperation) -> bool:
    return isinstance(operation, AddColumnOp) and (
        operation.column.nullable is not False or operation.column.server_default is not None
    )


def _first_index(operations: list[MigrateOperation]) -> list[MigrateOperation]:
    for operation in operations:
        one = operation.ops[0] if isinstance(operation, ModifyTableOps) else operation
        if isinstance(one, CreateIndexOp) and not one.unique:
            return [AddIndexOp(one.index_name, one.table_name, one.columns)]
    return []


@renderers.dispatch_for(AddIndexOp)
def _render(context: AutogenContext, operation: AddIndexOp) -> str:
    context.imports.add("from shared.database.steps.indexes import add_index")
    columns = [str(getattr(column, "name", column)) for column in operation.columns]
    return f"add_index({operation.index_name!r}, {operation.table_name!r}, {columns!r})"
