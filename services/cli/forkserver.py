"""Imported once by the server that children are forked from: everything that a service or a worker imports.

It must start no thread and open nothing, since children would inherit half of it. What is imported is frozen, so that
no child looks through it for garbage. The server leaves the session of its parent and ignores the signals that end a
session: it ends by itself when its parent does, and until then it is the one that knows how children ended.
"""

import gc
import os
import signal
from importlib import import_module

from services.cli.composition import SERVICES
from services.cli.serving import WORKERS

if os.getpgrp() != os.getpid():
    os.setsid()
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
gc.disable()
for module in ("typer", "uvicorn"):
    import_module(module)
for service in SERVICES:
    import_module(f"services.{service}.app")
for service in WORKERS:
    import_module(f"services.{service}.worker")
gc.freeze()
gc.enable()
