"""Every token that is given and every refusal leaves an entry in the audit trail of the client's organization.

What an attacker can make at will does not fill the disk: of one client and outcome at most ten entries a minute are
written, and made-up client ids share one entry a minute in Handbill's own organization; the next entry of the kind says
how many it stands for. A person who comes in leaves an entry each time. Secrets are nowhere, and the address that a
login came from is sealed.
"""

import threading
from dataclasses import dataclass

from services.access import store
from services.access.domain.grants import Asked, Refusal
from services.access.flows.bootstrap import HANDBILL
from services.access.flows.dependencies import Dependencies
from services.access.flows.tokens import Issued, Login, issue_token
from shared.audit import BREAK_GLASS
from shared.clocks import Monotonic
from shared.database import Database
from shared.database.audit_recorder import Act, AuditRecorder
from shared.database.operations import Outcome
from shared.ids import is_id
from shared.plural import counted
from shared.tenancy import INSTALLATION, acting_for

ACTION = "create_token"
UNKNOWN = "unknown_client"
WINDOW_SECONDS = 60.0
MAX_ENTRIES = 10
"""The most entries of one client and outcome in a window; of all unknown clients together it is one."""


@dataclass(slots=True)
class _Window:
    """Since `start`, this many entries were written, and so many logins left none."""

    start: float
    written: int = 0
    skipped: int = 0


class LoginTrail:
    """Counts are of this process; what the last window has skipped is forgotten at its end."""

    def __init__(self, database: Database, monotonic: Monotonic) -> None:
        self._database, self._monotonic = database, monotonic
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], _Window] = {}

    def record(self, recorder: AuditRecorder, login: Login, result: Issued | Refusal) -> None:
        """The login's id is the one that was shown, whoever showed it. A token is given only after its entry is
        committed; a refusal waits for nothing, so that its time does not tell whether there is such a client. Raises
        Unavailable when the trail cannot be written."""
        row = self._known(login.client_id)
        code = result.error if isinstance(result, Refusal) else ""
        person = result.person if isinstance(result, Issued) else None
        # A subject token is used once, so nobody makes these at will.
        skipped = 0 if person else self._count(row.id if row else UNKNOWN, code, MAX_ENTRIES if row else 1)
        if skipped is None:
            return
        parts = (code, f"from {login.address}" if login.address else "", _more(skipped))
        act = Act(
            organization_id=row.organization_id if row else HANDBILL,
            client_id=row.id if row else UNKNOWN,
            action=ACTION,
            outcome=Outcome.REFUSED if code else Outcome.DONE,
            subject_id=row.id if row else "",
            reason=(person and person.emergency) or ", ".join(part for part in parts if part) or None,
            purpose=BREAK_GLASS if person and person.emergency else None,
            actor=person.acting() if person else None,
        )
        if code:
            recorder.submit(act)
        else:
            recorder.record(act)

    def _known(self, client_id: str) -> store.ClientRow | None:
        if not is_id(client_id):
            return None
        with acting_for(INSTALLATION), self._database.reading() as session:
            return store.client_by_id(session, client_id)

    def _count(self, client_id: str, code: str, at_most: int) -> int | None:
        """How many logins the entry that is now to be written stands for beside its own; None where none is."""
        now, key = self._monotonic(), (client_id, code if client_id != UNKNOWN else "")
        with self._lock:
            window = self._windows.setdefault(key, _Window(now))
            if now - window.start >= WINDOW_SECONDS:
                window.start, window.written = now, 0
            if window.written >= at_most:
                window.skipped += 1
                return None
            window.written += 1
            skipped, window.skipped = window.skipped, 0
            return skipped


def issue_recorded_token(
    deps: Dependencies, trail: LoginTrail, recorder: AuditRecorder, login: Login, asked: Asked
) -> Issued | Refusal:
    """Like `issue_token`, with the entry that every login leaves."""
    result = issue_token(deps, login, asked)
    trail.record(recorder, login, result)
    return result


def _more(skipped: int) -> str:
    return f"and {counted(skipped, 'more', 'more')} before it" if skipped else ""
