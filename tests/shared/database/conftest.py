"""A small table with sealed columns, and a database that has it."""

from collections.abc import Callable

import pytest

from shared.database import Database
from shared.database.operations import Operations
from tests.shared.database.tables import Base


@pytest.fixture
def tables(database: Database) -> Database:
    Base.metadata.create_all(database.engine)
    Operations.metadata.create_all(database.engine)
    return database


@pytest.fixture
def reopened(database_url: str, open_database: Callable[[str], Database]) -> Callable[[], Database]:
    """The same database through another engine, as another process would see it."""
    return lambda: open_database(database_url)


@pytest.fixture
def reopened_as(database_url: str, open_database: Callable[..., Database]) -> Callable[[str], Database]:
    """The same, as a process would see it that knows migrations up to one."""
    return lambda code: open_database(database_url, code=code)
