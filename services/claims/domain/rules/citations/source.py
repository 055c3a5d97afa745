"""One citation: a place in a document, and the programs and states for which it speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.codesets.programs import Program

ALL = frozenset(Program)
ADVICE = "Our own advice"
"""What is named where no source speaks."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document, once. `edition` says which, or of what day; `in_force_from` the first date of service that it
    can bind, where that matters."""

    title: str
    publisher: str
    edition: str
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a document. No states means every state; `states` are those of the payer's profile, which under a
    state's law are those of the accident. `confirmed` is True where the place was read in a copy of the document (or
    a quotation of it); False where it is cited from knowledge and wants to be looked up before it is relied on."""

    document: Document
    section: str
    programs: frozenset[Program] = ALL
    states: frozenset[str] = frozenset()
    confirmed: bool = False

    def speaks_for(self, program: Program, state: str) -> bool:
        """Whether it binds a payer of this program, under the law of this state (empty where none is known)."""
        return program in self.programs and (not self.states or state in self.states)

    @property
    def text(self) -> str:
        """Document, place, publisher and date as one line; a document without a place is named alone."""
        document = self.document
        if not self.section:
            return document.title
        return f"{document.title}, {self.section} ({document.publisher}, {document.edition})"


def speaking(sources: Iterable[Source], program: Program, state: str) -> tuple[Source, ...]:
    """Those that speak for a payer of this program and state, in their order."""
    return tuple(one for one in sources if one.speaks_for(program, state))


def text_of(sources: Iterable[Source]) -> str:
    """The sources as one sentence, or that there are none."""
    return "; ".join(one.text for one in sources) or ADVICE
