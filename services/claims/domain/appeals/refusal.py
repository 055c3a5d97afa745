"""Why something cannot be done with an appeal, or not yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code, a sentence, and what to do instead."""

    code: str
    message: str
    fix: str
