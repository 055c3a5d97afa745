"""The ledger of what authorizations and referrals grant: which claim used which visit and which units of them.

Rules kept here: a visit is a day, so two claims of one day use one visit and each its own units. Claims are served in
the order in which they were made, whatever their day of service; a voided claim is not among them and has given back
what it used. A denied or rejected claim keeps what it used until it is voided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Use:
    """What one line of a claim used of an authorization, or a whole claim (`line_number` 0) of a referral."""

    grant_id: str
    claim_id: str
    date_of_service: date
    line_number: int = 0
    procedure_code: str = ""
    units: int = 0


@dataclass(frozen=True, slots=True)
class UsedBefore:
    """What was used of an authorization, a referral or a coverage's benefit (`grant_id`) through a day, before the
    practice moved in: of these visits there is no claim."""

    grant_id: str
    visits: int
    units: int
    counted_through: date


@dataclass(frozen=True, slots=True)
class AuthorizationAccount:
    """All that was used of one authorization or referral, in the order of the claims, and before there were any."""

    uses: tuple[Use, ...] = ()
    before: UsedBefore | None = None

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(use.units for use in self.uses) + (self.before.units if self.before else 0)

    @property
    def visits(self) -> int:
        """Days of service of all claims, and the visits before."""
        return len({use.date_of_service for use in self.uses}) + self._visits_before

    def visits_beside(self, day: date) -> int:
        """Days of service other than this one, which counts once however many claims it has."""
        return len({use.date_of_service for use in self.uses} - {day}) + self._visits_before

    @property
    def _visits_before(self) -> int:
        return self.before.visits if self.before else 0


NOTHING_USED = AuthorizationAccount()


def left_of(granted: int | None, used: int) -> int | None:
    """What is left of a number that was granted, never less than nothing; None where no number was stated."""
    return None if granted is None else max(granted - used, 0)


def accounts(uses: Iterable[Use], before: Iterable[UsedBefore] = ()) -> Mapping[str, AuthorizationAccount]:
    """The accounts by the id of the authorization or referral."""
    earlier = {one.grant_id: one for one in before}
    found: dict[str, list[Use]] = {grant_id: [] for grant_id in earlier}
    for use in uses:
        found.setdefault(use.grant_id, []).append(use)
    return {grant_id: AuthorizationAccount(tuple(some), earlier.get(grant_id)) for grant_id, some in found.items()}
