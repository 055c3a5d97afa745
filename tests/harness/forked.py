"""The `handbill` command in a process of its own, forked from one that has imported everything: it is killed, limited
and read like any other, and starts in a twentieth of the time."""

import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from subprocess import CompletedProcess

OUT, ERR = 1, 2
SECONDS = 90


def run_forked(
    arguments: tuple[str, ...], environment: Mapping[str, str], file_bytes: int | None = None
) -> CompletedProcess[str]:
    """Run `handbill ARGUMENTS` where no file may become longer than `file_bytes`, and answer what it printed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["services.cli.forkserver"])
    pipes = [context.Pipe(duplex=False) for _ in (OUT, ERR)]
    child = context.Process(target=_run, args=(arguments, dict(environment), file_bytes, *(end for _, end in pipes)))
    child.start()
    printed: list[bytes] = [b"", b""]
    readers = [threading.Thread(target=_read, args=(pipes[place][0], printed, place)) for place in (0, 1)]
    for (_, end), reader in zip(pipes, readers, strict=True):
        end.close()
        reader.start()
    child.join(SECONDS)
    if child.exitcode is None:
        child.kill()
    for reader in readers:
        reader.join()
    child.join()
    out, err = (text.decode() for text in printed)
    return CompletedProcess(arguments, child.exitcode or 0, out, err)


def _read(end: Connection, printed: list[bytes], place: int) -> None:
    with end, os.fdopen(os.dup(end.fileno()), "rb") as file:
        printed[place] = file.read()


def _run(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    file_bytes: int | None,
    out: Connection,
    err: Connection,
) -> None:
    """In the child."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.dup2(out.fileno(), OUT)
    os.dup2(err.fileno(), ERR)
    os.environ.clear()
    os.environ.update(environment)
    if file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    from services.cli.main import main

    sys.argv = ["handbill", *arguments]
    main(list(arguments))
