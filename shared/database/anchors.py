"""Where the chains ended, kept outside of the database: who takes a whole database back to an earlier state takes its
chains back too, and only something elsewhere can tell.

A file for each service, `anchors/SERVICE.json` (0600), with the last entry of every organization. A process writes what
it has committed at most every `seconds`, and when it stops; a killed one leaves that many seconds out. An operator who
wants more prints it (`handbill audit anchor --print`) and keeps it on another machine.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

from shared.database.heads import Anchor
from shared.database.keys import Vault
from shared.database.operations import HANDBILL
from shared.errors import Unavailable
from shared.private_files import OWNER, read_private_file, write_private_file
from shared.startup import CannotStart

PURPOSE = "anchor"
MAX_BYTES = 100_000_000
log = structlog.get_logger()


class AnchorDamaged(CannotStart):
    """The file of anchors is not as Handbill wrote it."""


class Anchors:
    """What a process knows of the ends of a service's chains, and the file that it writes them to."""

    def __init__(self, folder: Path, vault: Vault, service: str, seconds: float) -> None:
        self._path = folder / f"{service}.json"
        self._vault, self._service, self._seconds = vault, service, seconds
        self._lock = threading.Lock()
        self._ends: dict[str, Anchor] = {}
        self._timer: threading.Timer | None = None

    def note(self, ends: Mapping[str, Anchor]) -> None:
        """These chains have been committed up to here."""
        with self._lock:
            for organization_id, end in ends.items():
                self._ends[organization_id] = max(end, self._ends.get(organization_id, end))
            if self._ends and self._timer is None:
                self._timer = threading.Timer(self._seconds, self._write_in_time)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Write what is not written yet."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            self._write_in_time()

    def read(self) -> dict[str, Anchor]:
        """By organization; empty where there is no file. Raises AnchorDamaged."""
        if not self._path.exists():
            return {}
        try:
            kept = json.loads(read_private_file(self._path, MAX_BYTES))
            ends = {str(owner): Anchor(int(sequence), str(mac)) for owner, (sequence, mac) in kept["ends"].items()}
            holds = self._vault.mac_holds(HANDBILL, PURPOSE, self._canonical(ends), str(kept["mac"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if not holds:
            raise AnchorDamaged(f"{self._path} was changed or damaged; put it back from a copy, or move it away")
        return ends

    def write(self) -> None:
        """Merge what this process knows into the file. Raises AnchorDamaged and OSError."""
        with self._lock:
            ends, self._ends = self._ends, {}
        try:
            with self._one_at_a_time():
                merged = self.read()
                for organization_id, end in ends.items():
                    merged[organization_id] = max(end, merged.get(organization_id, end))
                mac = self._vault.mac(HANDBILL, PURPOSE, self._canonical(merged))
                content = json.dumps({"ends": merged, "mac": mac}, separators=(",", ":")).encode()
                write_private_file(self._path, lambda: content, replace=True)
        except BaseException:
            with self._lock:
                self._ends = {**ends, **self._ends}
            raise

    def _write_in_time(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.write()
        except Unavailable:  # the key of its MAC is in the database, which says itself that it is away
            self.note({})
        except Exception as error:  # the work goes on without it, and the next write takes it along
            log.error("anchor_not_written", service=self._service, error=type(error).__name__)

    def _canonical(self, ends: Mapping[str, Anchor]) -> bytes:
        return json.dumps([self._service, sorted((owner, *end) for owner, end in ends.items())]).encode()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Processes of a service share the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, OWNER)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
