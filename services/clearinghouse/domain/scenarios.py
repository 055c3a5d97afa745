"""Named misfortunes that a caller may ask for, as data: a name, one sentence, the moment it strikes and a curl.

A scenario is asked for by the header `X-Simulator-Scenario` (several joined by `+`) or by a member id that begins with
`SIM_<NAME>_`; the rest of the id is the member's own, so the claim is adjudicated as ever. A name that nobody knows is
refused, since a misspelt scenario would look like a passed test.
"""

from dataclasses import dataclass
from enum import StrEnum


class StrikeMoment(StrEnum):
    """When a scenario strikes."""

    BEFORE_ACCEPT = "before_accept"
    AFTER_COMMIT = "after_commit"
    CLEARINGHOUSE_EDIT = "clearinghouse_edit"
    REMITTANCE = "remittance"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One misfortune."""

    name: str
    moment: StrikeMoment
    sentence: str

    @property
    def member_prefix(self) -> str:
        """What a member id begins with to ask for it."""
        return f"SIM_{self.name.upper()}_"

    def curl(self, base_url: str) -> str:
        """A command that shows it."""
        return (
            f'curl -u "$PARTNER:$PASSWORD" -H "Content-Type: application/edi-x12" '
            f'-H "X-Simulator-Scenario: {self.name}" --data-binary @claims.x12 {base_url}/v1/x12/files'
        )


LOSE_REPLY = Scenario(
    "lose_reply",
    StrikeMoment.AFTER_COMMIT,
    "The file is accepted and kept, then the connection closes without an answer.",
)
TIMEOUT = Scenario(
    "timeout",
    StrikeMoment.BEFORE_ACCEPT,
    "The connection closes before anything is kept, as after a time-out on the way.",
)
UNAVAILABLE = Scenario("unavailable", StrikeMoment.BEFORE_ACCEPT, "503 with Retry-After before anything is kept.")
REJECT_277CA = Scenario(
    "reject_277ca",
    StrikeMoment.CLEARINGHOUSE_EDIT,
    "The clearinghouse rejects the claim in its 277CA (A7, invalid data).",
)
UNBALANCED_835 = Scenario(
    "unbalanced_835", StrikeMoment.REMITTANCE, "The 835 says one cent more in BPR02 than its claims add up to."
)
SCENARIOS: tuple[Scenario, ...] = (LOSE_REPLY, TIMEOUT, UNAVAILABLE, REJECT_277CA, UNBALANCED_835)
MAX_NAMES = 8


class UnknownScenario(ValueError):
    """The header names something that is not in the list."""


def named(header: str) -> tuple[Scenario, ...]:
    """The scenarios of a header value such as `lose_reply+unbalanced_835`. Raises `UnknownScenario`."""
    names = [name.strip() for name in header.split("+")] if header else []
    known = {scenario.name: scenario for scenario in SCENARIOS}
    if len(names) > MAX_NAMES or not set(names) <= set(known):
        raise UnknownScenario(f"choose from {', '.join(known)}, joined by +")
    return tuple(known[name] for name in names)


def split_member_id(member_id: str) -> tuple[Scenario | None, str]:
    """The scenario that a member id asks for and the member's own id."""
    for scenario in SCENARIOS:
        if member_id.startswith(scenario.member_prefix):
            return scenario, member_id.removeprefix(scenario.member_prefix)
    return None, member_id
