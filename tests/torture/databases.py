"""Databases of whole installations, as often as a round needs new ones."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from shared.settings import PORTS
from tests.harness.databases import PostgreSQL


@contextmanager
def templates(kinds: Sequence[str]) -> Iterator[dict[str, Callable[[], str]]]:
    """By kind, what answers HANDBILL_DATABASE_URL of new empty databases; a PostgreSQL of its own where one is asked
    for."""
    server = PostgreSQL(f"torture{os.getpid()}", "torture") if "postgresql" in kinds else None

    def new_databases() -> str:
        assert server is not None
        base = server.create()
        for service in PORTS:
            server.create_named(f"{base}_{service}")
        return server.url(base + "_{service}")

    try:
        yield {"sqlite": lambda: "sqlite:///{data_dir}/{service}.sqlite", "postgresql": new_databases}
    finally:
        if server is not None:
            server.close()
