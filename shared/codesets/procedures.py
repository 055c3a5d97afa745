"""Procedures we know: timed or untimed, their family, our own labels.

A code that is in neither list is unknown, and unknown asks a person: it is never taken for untimed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.codesets.imports import BadRow, ImportRefused

ONE_TO_ONE, GROUP, UNATTENDED = "one_to_one", "group", "unattended"
CONTACTS = frozenset({ONE_TO_ONE, GROUP, UNATTENDED})
OWN = "own"
"""The family of procedures that a practice or a payer has added for itself."""
FAMILIES = frozenset(
    {
        "modality",
        "procedure",
        "test",
        "evaluation",
        "chiropractic",
        "osteopathic",
        "acupuncture",
        "needling",
        "cognitive",
        "care",
    }
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure. ``timed`` means 15-minute units; ``always_therapy`` that the modifier of a plan of care and the
    reduction may apply; ``plan_modifier`` is that modifier where the procedure and not the therapist decides it;
    ``contact`` how much of the therapist it takes: all of her, one of a group, or nobody's presence."""

    code: str
    label: str
    timed: bool
    family: str
    always_therapy: bool
    plan_modifier: str = ""
    contact: str = ONE_TO_ONE


class Procedures:
    """All procedures we know."""

    def __init__(self, entries: Mapping[str, Procedure], source: str, version: str, effective_from: date) -> None:
        self.source = source
        self.version = version
        self.effective_from = effective_from
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self._entries.values())

    def get(self, code: str) -> Procedure | None:
        """The procedure of a code, or None for one we do not know."""
        return self._entries.get(code)

    def with_more(self, text: str) -> Procedures:
        """Ours and an operator's own, of a TOML text in the layout of ours; the operator's win.

        Raises ``ImportRefused`` for a text that is not of that layout, and takes nothing then.
        """
        try:
            more = read_procedures(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
            raise ImportRefused("procedures", (BadRow(0, "the text is not a list of procedures"),)) from None
        if not all(_whole(entry) for entry in more):
            raise ImportRefused("procedures", (BadRow(0, "a procedure's code, label or family is of the wrong kind"),))
        return Procedures(
            {**self._entries, **more._entries}, f"{self.source}; {more.source}", more.version, self.effective_from
        )

    def with_own(self, own: Iterable[Procedure]) -> Procedures:
        """These and what a practice or a payer has added for itself; a code that we know stays what it is."""
        added = {one.code: one for one in own if one.code not in self._entries}
        if not added:
            return self
        return Procedures({**self._entries, **added}, self.source, self.version, self.effective_from)

    def contact(self, code: str) -> str:
        """How much of the therapist a procedure takes; of one we do not know, all."""
        known = self._entries.get(code)
        return known.contact if known else ONE_TO_ONE

    def label(self, code: str) -> str:
        """``97124 (Massage)`` for a known code, the bare code otherwise."""
        known = self._entries.get(code)
        return f"{code} ({known.label})" if known else code

    def family(self, code: str) -> str:
        """The family of a known code, or ""."""
        known = self._entries.get(code)
        return known.family if known else ""

    def always_therapy(self, code: str) -> bool:
        """True for codes that are therapy whoever bills them."""
        known = self._entries.get(code)
        return known is not None and known.always_therapy


def _whole(entry: Procedure) -> bool:
    words = isinstance(entry.code, str) and isinstance(entry.label, str) and entry.family in FAMILIES
    flags = isinstance(entry.timed, bool) and isinstance(entry.always_therapy, bool)
    words = words and entry.contact in CONTACTS and entry.plan_modifier in {"", "GP", "GO", "GN"}
    return words and flags and len(entry.code) == 5 and entry.code.isalnum()


def read_procedures(data: Mapping[str, Any]) -> Procedures:
    """Procedures of the packaged TOML."""
    entries = {
        code: Procedure(
            code,
            label,
            group["timed"],
            group["family"],
            group["always_therapy"],
            group.get("plan_modifier", ""),
            group.get("contact", ONE_TO_ONE),
        )
        for group in data["procedure"]
        for code, label in zip(group["codes"], group["labels"], strict=True)
    }
    return Procedures(entries, data["source"], data["version"], data["effective_from"])
