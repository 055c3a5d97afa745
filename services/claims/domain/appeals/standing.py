"""Where a claim's present appeal stands, as the claim's next action depends on it."""

from dataclasses import dataclass
from datetime import date

from services.claims.domain.appeals.lifecycle import OPEN, AppealState


@dataclass(frozen=True, slots=True)
class AppealStanding:
    """The newest appeal of a claim that was not withdrawn. `on` is the day it was opened, sent or decided, `due_on` the
    last day to send it or the day its answer is due (None: not known), `next_due_on` the last day of the level after it
    and `next_level` whether there is one; `answers` counts the payer's payments that it has answered."""

    appeal_id: str
    level: int
    kind: str
    state: AppealState
    on: date
    answers: int
    due_on: date | None = None
    next_level: bool = False
    next_due_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is to be sent, or its answer awaited."""
        return self.state in OPEN
