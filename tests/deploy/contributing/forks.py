"""A process that has imported what the tests import of other people, and nothing of any tree: from it a run of pytest
in a tree of its own begins in a third of the time. It is started by its path, so that nothing of this tree is imported.

It reads lines of JSON, `{"root", "arguments", "environment", "printed", "seconds"}`, runs pytest once for each in a
child whose output goes to the file `printed` and which is ended after so many seconds, and answers each with the exit
status on a line.
"""

import gc
import json
import os
import signal
import sys
from importlib import import_module

OF_OTHERS = (
    "pytest",
    "hypothesis",
    "fastapi.testclient",
    "sqlmodel",
    "alembic.command",
    "psycopg",
    "httpx",
    "uvicorn",
    "jwt",
    "argon2",
    "structlog",
    "limits",
    "stamina",
    "prometheus_client",
    "pydantic_settings",
    "typer",
)


def run(root: str, arguments: list[str], environment: dict[str, str], printed: str, seconds: int) -> int:
    """In the child: pytest as `python -m pytest` would run it in the folder `root`."""
    signal.alarm(seconds)
    file = os.open(printed, os.O_CREAT | os.O_WRONLY)
    for standard in (sys.stdout, sys.stderr):
        os.dup2(file, standard.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(root)
    sys.path[0] = root
    sys.argv = ["pytest", *arguments]
    return int(import_module("pytest").main(arguments))


def main() -> None:
    for module in OF_OTHERS:
        import_module(module)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            status = 1
            try:
                status = run(**json.loads(line))
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
