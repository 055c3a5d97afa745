"""The code sets in force in this process: the packaged ones under the newest editions that the operator has imported.

Every process looks for newer ones before a request or a pass of work, at most once in `LOOK_EVERY_SECONDS`: one query
for the numbers, and only a kind whose number changed is read. So an import is in force at once where it was made, and
within `LOOK_EVERY_SECONDS` everywhere else, without a restart.
"""

import threading
import time
from collections.abc import Mapping

from sqlmodel import Session

from services.claims.store import code_sets as store
from shared.clocks import Monotonic
from shared.codesets import CodeSets
from shared.database import Database

LOOK_EVERY_SECONDS = 2.0


class InstalledCodeSets:
    """Called, it answers the code sets in force. `base` has what an imported edition takes the place of."""

    def __init__(self, base: CodeSets, database: Database, monotonic: Monotonic = time.monotonic) -> None:
        self._base = base
        self._codes = base
        self._database = database
        self._monotonic = monotonic
        self._numbers: Mapping[str, int] = {}
        self._looked_at: float | None = None
        self._lock = threading.Lock()

    def __call__(self) -> CodeSets:
        """The code sets in force, without looking for newer ones."""
        return self._codes

    @property
    def numbers(self) -> Mapping[str, int]:
        """Of each kind that was imported, the number of the edition in force."""
        return self._numbers

    def look(self) -> None:
        """Take up what was imported or withdrawn since, if the last look was long enough ago. While one request looks,
        the others go on with what is there; only the first look is waited for. Never called within a transaction, since
        it has one of its own."""
        if self._is_new() or not self._lock.acquire(blocking=self._looked_at is None):
            return
        try:
            if not self._is_new():
                self._look()
        finally:
            self._lock.release()

    def look_now(self) -> None:
        """The same at once."""
        with self._lock:
            self._look()

    def _is_new(self) -> bool:
        return self._looked_at is not None and self._monotonic() - self._looked_at < LOOK_EVERY_SECONDS

    def _look(self) -> None:
        with self._database.reading() as session:
            began = self._monotonic()
            numbers = store.numbers_in_force(session)
            if numbers != self._numbers:
                self._codes, self._numbers = self._read(session, numbers), numbers
            self._looked_at = began

    def _read(self, session: Session, numbers: Mapping[str, int]) -> CodeSets:
        changed = {kind: number for kind, number in numbers.items() if self._numbers.get(kind) != number}
        rows = {kind: store.edition(session, kind, number) for kind, number in changed.items()}
        kept = self._codes.without({kind for kind in self._numbers if kind not in numbers}, self._base)
        return kept.with_files({kind: row.content for kind, row in rows.items() if row is not None})
