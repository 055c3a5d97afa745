"""A table `(state, event) -> state`, which alone moves a claim, a file or a message, and the diagram drawn from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class NotAllowed(Exception):
    """The table has no such move; `state` and `event` say which."""

    def __init__(self, state: StrEnum, event: StrEnum) -> None:
        super().__init__(f"{event} is not possible in state {state}")
        self.state = state
        self.event = event


@dataclass(frozen=True)
class TransitionTable(Generic[S, E]):
    """`initial` are the states that a thing begins in, `final` those that nothing leads out of."""

    initial: tuple[S, ...]
    final: tuple[S, ...]
    transitions: Mapping[tuple[S, E], S]

    def step(self, state: S, event: E) -> S:
        """The next state. Raises NotAllowed."""
        try:
            return self.transitions[state, event]
        except KeyError:
            raise NotAllowed(state, event) from None

    def allows(self, state: S, event: E) -> bool:
        """Whether the table has such a move."""
        return (state, event) in self.transitions

    def diagram(self) -> str:
        """The table as a Mermaid state diagram; moves that change nothing are left out."""
        begins = [f"    [*] --> {state}" for state in self.initial]
        moves = [f"    {now} --> {then}: {event}" for (now, event), then in self.transitions.items() if now is not then]
        ends = [f"    {state} --> [*]" for state in self.final]
        return "\n".join(["stateDiagram-v2", *begins, *moves, *ends])


def unmoved(states: Iterable[S], events: Iterable[E]) -> dict[tuple[S, E], S]:
    """The rows of states that these events leave as they are: news of an earlier step that comes late."""
    by = tuple(events)
    return {(state, event): state for state in states for event in by}
