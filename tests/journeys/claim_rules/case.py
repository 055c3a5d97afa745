"""One case: what makes one rule find something, and the acts that its fix names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.journeys.claim_rules.office import Claim, Facts, Office

Act = Callable[[Office, "Case"], Claim]
"""One thing that the office does; answers the claim in hand as it is then."""


@dataclass(frozen=True, slots=True)
class Case:
    """`breaks` is laid over the baseline, and `fix` over that. `earlier` are visits billed before, each over `breaks`.

    `beside` are the other rules that find something in the broken visit, `leaves` those that still do after the fix.
    """

    code: str
    breaks: Facts
    pointer: str
    fix: Facts | Sequence[Act]
    branch: str = ""
    baseline: str = "commercial"
    severity: str = ""
    """Where it is not the rule's own."""
    earlier: tuple[Facts, ...] = ()
    beside: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()
    submitted: bool = False
    """Whether the mended claim is also sent off."""

    def __str__(self) -> str:
        return f"{self.code}-{self.branch}" if self.branch else self.code

    @property
    def acts(self) -> Sequence[Act]:
        return self.fix if not isinstance(self.fix, dict) else [Changing(self.fix)]


@dataclass(frozen=True, slots=True)
class Changing:
    """The act that makes the facts so."""

    change: Facts

    def __call__(self, office: Office, case: Case) -> Claim:
        return office.change(self.change)


def override(office: Office, case: Case) -> Claim:
    """A named person answers for the finding."""
    return office.override(case.code, case.pointer)


def submit(office: Office, case: Case) -> Claim:
    return office.submit()


def void(office: Office, case: Case) -> Claim:
    return office.void(office.claims[-1])


def void_the_earlier_claim(office: Office, case: Case) -> Claim:
    office.void(office.claims[0])
    return office.refresh({})


def nothing(office: Office, case: Case) -> Claim:
    """The finding is for information only: the claim goes out as it is."""
    return office.submit()


def new_note(**note: Any) -> dict[str, Any]:
    """The visit is written as a new note, and what is named here differs."""
    return {"note": note}
