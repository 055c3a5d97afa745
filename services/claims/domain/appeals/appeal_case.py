"""What an appeal is made from: the blanks of its letter, as texts that stand somewhere on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.claims.domain.appeals.causes import Cause, Denial


@dataclass(frozen=True, slots=True)
class AppealCase:
    """The facts of one appeal. `blanks` holds only what is on file, by the names that `letter_texts` uses;
    `accepted_on` is the day on which the payer accepted the claim (277CA A2), `filing_limit_on` the last to file it."""

    denials: tuple[Denial, ...]
    blanks: Mapping[str, str]
    accepted_on: date | None = None
    filing_limit_on: date | None = None
    interest_due: bool = False

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes of the open adjustments, that of the largest amount first."""
        amounts: dict[Cause, int] = {}
        for one in self.denials:
            amounts[one.cause] = amounts.get(one.cause, 0) + one.amount_cents
        return tuple(sorted(amounts, key=lambda cause: (-amounts[cause], cause))) or (Cause.OTHER,)

    @property
    def filed_in_time(self) -> bool:
        """Whether the payer's own acknowledgement shows that it had the claim in time."""
        return self.accepted_on is not None and (
            self.filing_limit_on is None or self.accepted_on <= self.filing_limit_on
        )
