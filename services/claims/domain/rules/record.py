"""Audit-proof notes: what reviewers look for and therapists forget. All of these warn; none blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import without_dot
from shared.plural import counted

LEAST_COMPLAINT_WORDS = 4
VISITS_WITHOUT_CHANGE = 6
LEAST_PAIN_CHANGE = 2
"""Smallest clinically important change in pain; source: NPRS 1.5 to 3.5 (JOSPT 2014), rounded up to whole points."""
_WELLNESS = re.compile(r"\b(stress relief|relax(ation|ing)?|wellness|pamper(ing)?|maintenance|self-care day|stress)\b")


@rule(
    "complaint_bare",
    Severity.WARN,
    "A complaint names more than the site of the pain",
    fix=(
        "Write where it hurts, how much (0-10), what kind, since when, and what it keeps the patient from "
        "(`complaint` of the note)." + NEW_NOTE
    ),
)
def complaint_bare(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A complaint of two or three words, such as "back pain", does not support treatment."""
    if len(context.note.complaint.split()) < LEAST_COMPLAINT_WORDS:
        yield RuleMatch("The complaint names only the site.", "/note/complaint")


@rule(
    "functional_limit_missing",
    Severity.WARN,
    "A functional limit is documented",
    fix=(
        "Write what the patient cannot do (`functional_limit` of the note): sitting, stairs, lifting, work, "
        "sleep, self-care." + NEW_NOTE
    ),
)
def functional_limit_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Medical necessity is shown by a functional limit, not by pain alone."""
    if not any(limit.strip() for limit in context.note.functional_limits):
        yield RuleMatch("The note names no functional limit.", "/note/functional_limits")


@rule(
    "pain_not_scored",
    Severity.WARN,
    "Pain is scored 0 to 10 before the treatment",
    fix="Write the `pain` before the treatment as a number from 0 to 10." + NEW_NOTE,
)
def pain_not_scored(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Without a score no change can be shown."""
    if context.note.pain_before is None:
        yield RuleMatch("Pain before the treatment is not scored.", "/note/pain_before")


@rule(
    "response_missing",
    Severity.INFO,
    "A note says how the patient responded",
    fix="Write the pain after the treatment and what changed (`pain_after` and `response` of the note)." + NEW_NOTE,
)
def response_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The response at the visit is the first evidence that treatment helps."""
    if context.note.pain_after is None and not context.note.response.strip():
        yield RuleMatch("The note does not say how the patient responded.", "/note/response")


@rule(
    "objective_missing",
    Severity.WARN,
    "A note has objective findings",
    fix="Write what was found in `objective`: range of motion, palpation or posture." + NEW_NOTE,
)
def objective_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Objective findings show that the treatment was needed and not only requested."""
    if not context.note.objective.strip():
        yield RuleMatch("The note has no objective findings.", "/note/objective")


@rule(
    "assessment_missing",
    Severity.WARN,
    "A note has an assessment",
    fix=(
        "Write in a sentence what the findings mean and how the patient is doing (`assessment` of the note)." + NEW_NOTE
    ),
)
def assessment_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The assessment says why this treatment was needed today."""
    if not context.note.assessment.strip():
        yield RuleMatch("The note has no assessment.", "/note/assessment")


@rule(
    "plan_without_goal",
    Severity.WARN,
    "A plan has a goal with a measure and a date",
    fix="Write a goal with what is measured, the value wanted and the date (`goals` of the note's plan)." + NEW_NOTE,
)
def plan_without_goal(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Progress toward a goal that cannot be measured cannot be shown."""
    note = context.note
    if not any(goal.measure.strip() and goal.due_on for goal in note.goals):
        yield RuleMatch("The plan has no goal with a measure and a date.", "/note/goals")


@rule(
    "plan_without_end",
    Severity.WARN,
    "A plan has a frequency and an end",
    fix="Write how often and until when (`frequency` and `ends_on` of the note's plan)." + NEW_NOTE,
)
def plan_without_end(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Treatment without an end is considered maintenance, which insurers do not pay."""
    note = context.note
    if note.plan_ends_on is None or not note.plan_frequency.strip():
        yield RuleMatch("The plan does not say how often and until when.", "/note/plan_ends_on")


@rule(
    "plan_over",
    Severity.WARN,
    "The visit lies within the plan",
    fix="Examine the patient again and write a new plan (`ends_on` of the note's plan)." + NEW_NOTE,
)
def plan_over(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A visit after the plan's end is not covered by a plan."""
    note = context.note
    if note.plan_ends_on and note.plan_ends_on < context.on:
        yield RuleMatch(f"The plan ended on {note.plan_ends_on}.", "/note/plan_ends_on")


@rule(
    "reason_is_wellness",
    Severity.WARN,
    "Stress or wellness is not a medical reason",
    fix=(
        "Write the `complaint` that was treated and put its diagnosis first (`diagnoses` of the note); if there "
        "was none, void the claim." + NEW_NOTE
    ),
)
def reason_is_wellness(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Relaxation is not covered, so a note that gives it as the reason does not support the claim."""
    note = context.note
    if _WELLNESS.search(note.complaint[:2000].lower()) and not any(note.functional_limits):
        yield RuleMatch("The reason given for the visit is stress or wellness.", "/note/complaint")
    if context.claim.diagnoses and without_dot(context.claim.diagnoses[0]) == "Z733":
        yield RuleMatch("The first diagnosis is stress, which insurers take for wellness.", "/claim/diagnoses/0")


@rule(
    "note_copied",
    Severity.WARN,
    "A note is written separately for each visit",
    fix=(
        "Write what was found and done on this day (`subjective`, `objective`, `assessment` and `response` of the "
        "note)." + NEW_NOTE
    ),
)
def note_copied(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Text copied from an earlier visit makes both notes worthless in an audit."""
    note = context.note
    if note.text_digest and note.text_digest in context.history.note_digests:
        yield RuleMatch("The text is the same as in an earlier note.", "/note/text_digest")


@rule(
    "no_change_over_visits",
    Severity.WARN,
    "Treatment shows change",
    fix=(
        "Score the `pain` again and change the plan, or end the treatment and say why; or acknowledge the warning."
        + NEW_NOTE
    ),
)
def no_change_over_visits(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Many visits without a clinically important change are considered maintenance."""
    note, scores = context.note, context.history.pain_scores
    if note.pain_before is None or len(scores) < VISITS_WITHOUT_CHANGE:
        return
    recent = scores[:VISITS_WITHOUT_CHANGE]
    if all(abs(score - note.pain_before) < LEAST_PAIN_CHANGE for score in recent):
        yield RuleMatch(f"Pain has not changed over {counted(len(recent), 'visit')}.", "/note/pain_before")


RULES: tuple[Rule, ...] = (
    complaint_bare,
    functional_limit_missing,
    pain_not_scored,
    response_missing,
    objective_missing,
    assessment_missing,
    plan_without_goal,
    plan_without_end,
    plan_over,
    reason_is_wellness,
    note_copied,
    no_change_over_visits,
)
