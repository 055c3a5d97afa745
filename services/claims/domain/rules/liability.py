"""Who is liable: whether the treatment follows an accident, whose insurer is first, what a state's law excludes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from services.claims.domain.rules.disciplines import ACUPUNCTURIST, MASSAGE
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import dotted, without_dot
from shared.codesets.programs import INJURY, Program
from shared.dates import add_days, days_between
from shared.plural import counted

HEALTH_PLANS = tuple(program for program in Program if program not in INJURY)
WORDS_OF_AUTO = re.compile(
    r"\b(?:(?:car|auto|automobile|vehicle|motorcycle|bike|bicycle)\s+(?:accident|crash|collision|wreck)"
    r"|rear[- ]?ended|whiplash|mv[ac]|hit by a (?:car|truck|bus))\b",
    re.IGNORECASE,
)
WORDS_OF_WORK = re.compile(
    r"\b(?:(?:work|job|workplace|on[- ]the[- ]job)[- ](?:injury|accident|related injury)"
    r"|(?:(?:^|(?<=[.;,] )|(?:was|got|been|herself|himself|patient|she|he|i) )hurt|injured|fell|strained|lifted|slipped"
    r"|(?:since|from|while|(?<!worse )after) lifting)\b[^.]{0,40}\b(?:at work|on the job|on shift)"
    r"|workers'? comp(?:ensation)?)\b",
    re.IGNORECASE,
)

DENIED = re.compile(
    r"\b(?:no|not|denies|denied|without|never|nor)"
    r"(?: (?:an?|any|the|been|in|of|from|due|to|history|recent|prior|previous|known|had|or|and|falls?|trauma))* $",
    re.IGNORECASE,
)
"""What stands before words that are said not to be so."""


def _tells_of(words: re.Pattern[str], complaint: str) -> bool:
    return any(not DENIED.search(complaint[: found.start()]) for found in words.finditer(complaint))


@rule(
    "massage_excluded_by_law",
    Severity.BLOCK,
    "The state's law excludes massage",
    fix="Void the claim and tell the patient: this insurer is not billed for massage.",
    programs=(Program.AUTO_PIP,),
    effective_from=date(2013, 1, 1),
)
def massage_excluded_by_law(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Florida's injury protection pays no massage for services from 2013 on, and no massage therapist, whoever insures;
    the state of the accident decides."""
    start = context.payer.massage_excluded_from
    if start is None or context.on < start:
        return
    if "97124" in context.claim.procedure_codes() or context.provider.taxonomy == MASSAGE:
        text = f"Massage is excluded by law since {start}."
        source = context.payer.massage_excluded_source
        yield RuleMatch(text, "/claim/lines", source=source, effective_from=start)


@rule(
    "acupuncture_excluded_by_law",
    Severity.BLOCK,
    "The state's law excludes acupuncture",
    fix="Void the claim and tell the patient: this insurer is not billed for acupuncture.",
    programs=(Program.AUTO_PIP,),
    effective_from=date(2013, 1, 1),
)
def acupuncture_excluded_by_law(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Florida's injury protection pays no acupuncture either, whoever does it."""
    start = context.payer.acupuncture_excluded_from
    if start is None or context.on < start:
        return
    families = {context.codes.procedures.family(code) for code in context.claim.procedure_codes()}
    if "acupuncture" in families or context.provider.taxonomy == ACUPUNCTURIST:
        text = f"Acupuncture is excluded by law since {start}."
        source = context.payer.acupuncture_excluded_source
        yield RuleMatch(text, "/claim/lines", source=source, effective_from=start)


@rule(
    "first_care_too_late",
    Severity.WARN,
    "The first treatment came soon enough after the accident",
    fix=(
        "Ask where she was first treated. If a doctor saw her in time, acknowledge the warning; if nobody did, void "
        "the claim and tell the patient."
    ),
    programs=(Program.AUTO_PIP,),
)
def first_care_too_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some laws pay only who was first treated within days of the accident, such as 14 in Florida."""
    days, accident = context.payer.first_care_days, context.claim.accident_date
    first = min(context.history.first_visit_on or context.on, context.on)
    if days is None or accident is None or first <= add_days(accident, days):
        return
    late = counted(days_between(accident, first), "day")
    text = f"The first visit known here was {late} after the accident; the law asks for care within {days}."
    yield RuleMatch(text, "/claim/accident_date", source=context.payer.first_care_source)


@rule(
    "injury_without_accident",
    Severity.WARN,
    "A health plan is billed for an injury that may be another insurer's",
    fix=(
        "Ask the patient how it happened and enter the `accident` in the coverage, with its `cause`; bill the auto or "
        "compensation insurer first. If there was no such accident, acknowledge the warning."
    ),
    programs=HEALTH_PLANS,
)
def injury_without_accident(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Transport and work codes, and words of a crash or of work in the complaint, ask for the accident before a health
    plan is billed; an injury code alone is for information."""
    claim = context.claim
    if claim.related_causes or claim.accident_date is not None:
        return
    codes = [without_dot(code) for code in claim.diagnoses]
    for place, code in enumerate(codes):
        if code.startswith("V") or code == "Y990":
            what = "work" if code == "Y990" else "a transport accident"
            text = f"{dotted(code)} tells of {what}, and the coverage has no accident."
            yield RuleMatch(text, f"/claim/diagnoses/{place}")
            return
    for words, what in ((WORDS_OF_AUTO, "a crash"), (WORDS_OF_WORK, "work")):
        if _tells_of(words, context.note.complaint[:10_000]):
            text = f"The complaint tells of {what}, and the coverage has no accident."
            yield RuleMatch(text, "/note/complaint")
            return
    injuries = [place for place, code in enumerate(codes) if code.startswith(("S", "T")) and not code.endswith("S")]
    if injuries:
        text = f"{dotted(codes[injuries[0]])} is an injury, and the coverage does not say how it happened."
        yield RuleMatch(text, f"/claim/diagnoses/{injuries[0]}", severity=Severity.INFO)


@rule(
    "injury_insurer_first",
    Severity.WARN,
    "The insurer of the injury is billed before the health plan",
    fix=(
        "Void the claim and bill the insurer of the injury. If its benefits are used up or it has denied, or the "
        "treatment is for something else, acknowledge the warning."
    ),
    programs=HEALTH_PLANS,
)
def injury_insurer_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A patient with an auto or compensation claim on file that is open on the day has an insurer that pays first."""
    open_on_day = [one for one in context.coverage.injury_insurers if one not in context.claim.earlier_payers]
    if open_on_day:
        yield RuleMatch(
            "The patient has a claim with an auto or compensation insurer on file, and a health plan is billed.",
            "/coverage/injury_insurers",
        )


@rule(
    "two_primary_coverages",
    Severity.WARN,
    "One coverage is primary",
    fix=(
        "Ask which plan pays first and correct the `rank` of the other coverage, or its dates (`effective_to`); or "
        "acknowledge the warning."
    ),
    programs=HEALTH_PLANS,
)
def two_primary_coverages(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Two health plans in force on the day that are both first: one of them will deny for the other."""
    if context.claim.sequence == "P" and context.coverage.other_primaries:
        yield RuleMatch("Two health plans are primary on the date of service.", "/coverage/rank")


RULES: tuple[Rule, ...] = (
    massage_excluded_by_law,
    acupuncture_excluded_by_law,
    first_care_too_late,
    injury_without_accident,
    injury_insurer_first,
    two_primary_coverages,
)
