"""What has been done about a claim's next action: by a person, or by the payer that said where it has the claim.

What a person did or put off counts as long as the same is asked for; of the payer's statuses the newest counts, in
whatever order they came.
"""

from dataclasses import dataclass, replace
from datetime import date

from services.claims.domain.appeals.standing import AppealStanding


@dataclass(frozen=True, slots=True)
class Done:
    """`kind` was done on a day while the rules asked for `asked_kind` by `asked_rule`, after so many payments of the
    payer; if nothing comes by `follow_up_on`, it is followed up."""

    asked_kind: str
    asked_rule: str
    kind: str
    on: date
    follow_up_on: date
    answers: int


@dataclass(frozen=True, slots=True)
class Snooze:
    """The action of this kind and rule is put off to a day."""

    kind: str
    rule: str
    until: date


@dataclass(frozen=True, slots=True, order=True)
class PayerStatus:
    """What a 277 says of a claim: its category and status code (lists 507 and 508) as of a day."""

    on: date
    category: str
    code: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The last of each; None where there is none."""

    done: Done | None = None
    snooze: Snooze | None = None
    status: PayerStatus | None = None
    appeal: AppealStanding | None = None

    @property
    def open_appeal(self) -> AppealStanding | None:
        """The appeal that is under way, or None."""
        return self.appeal if self.appeal is not None and self.appeal.is_open else None

    def did(self, kind: str, answers: int) -> bool:
        """Whether a person has done this since the payer last answered."""
        return self.done is not None and (self.done.kind, self.done.answers) == (kind, answers)

    def with_status(self, status: PayerStatus) -> "Progress":
        """With one more status; an older one than is known changes nothing."""
        return self if self.status is not None and self.status >= status else replace(self, status=status)


NO_PROGRESS = Progress()
