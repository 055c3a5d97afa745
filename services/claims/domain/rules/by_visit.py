"""Rules that look at one visit, on a claim that bills several of one day.

What a note says, and whether a therapist may treat and bill, is asked of each visit by itself; all else is asked of the
claim, for which what was done on the day is one note. A finding about a later visit points into its own note
(`/notes/1/...`, where the claim's own is `/note/...`) or to its own therapist (`/providers/1/...`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.claims.domain.rules.rule import Rule, RuleMatch
from services.claims.domain.scrubber_input import NoteInput, PastSession, PastTechnique
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

GROUPS_OF_NOTE = frozenset({"note", "record", "sessions", "techniques"})
RULES_OF_NOTE = frozenset(
    {
        "technique_treats_unknown_diagnosis",
        "massage_and_manual_mixed_up",
        "frequency_above_plan",
        "injury_without_accident",
    }
)
RULES_OF_THERAPIST = frozenset(
    {
        "referring_is_rendering",
        "license_not_in_force",
        "credential_not_accepted",
        "therapist_is_patient",
    }
)


def matches(rule: Rule, context: ScrubberInput) -> Iterator[RuleMatch]:
    """What a rule finds on a claim, visit by visit where it looks at one."""
    if context.visits and (rule.group in GROUPS_OF_NOTE or rule.code in RULES_OF_NOTE):
        yield from _by_visit(rule, context, range(len(context.visits)), "note")
    elif context.visits and rule.code in RULES_OF_THERAPIST:
        first = {visit.note.therapist_id: place for place, visit in reversed([*enumerate(context.visits)])}
        yield from _by_visit(rule, context, sorted(first.values()), "provider")
    else:
        yield from rule.check(context)


def _by_visit(rule: Rule, context: ScrubberInput, places: range | list[int], what: str) -> Iterator[RuleMatch]:
    for place in places:
        for hit in rule.check(_visit(context, place)):
            own = f"/{what}/"
            moved = place > 0 and hit.pointer.startswith(own)
            yield replace(hit, pointer=f"/{what}s/{place}/{hit.pointer.removeprefix(own)}") if moved else hit


def _visit(context: ScrubberInput, place: int) -> ScrubberInput:
    """The claim as if of one visit, beside which the day's other ones are past."""
    visit, others = context.visits[place], (*context.visits[:place], *context.visits[place + 1 :])
    history = replace(
        context.history,
        sessions=(*context.history.sessions, *(_session(context, one.note) for one in others)),
        note_digests=(*(one.note.text_digest for one in context.visits[:place]), *context.history.note_digests),
    )
    claim = replace(context.claim, therapist_id=visit.note.therapist_id)
    return replace(context, claim=claim, note=visit.note, provider=visit.provider, history=history)


def _session(context: ScrubberInput, note: NoteInput) -> PastSession:
    done = tuple(PastTechnique(one.procedure_code, one.minutes) for one in note.techniques)
    return PastSession(note.note_id, context.claim.patient_id, note.therapist_id, note.start, note.end, done)
