"""Whether a diagnosis fits the person and its place on the claim: sex, age, pregnancy, what is never first or alone."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.disciplines import OCCUPATIONAL
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import dotted, without_dot
from shared.dates import whole_years

WEEKS = "Z3A"
WEEKS_UNKNOWN = "Z3A00"
WITHOUT_WEEKS = ("O00", "O01", "O02", "O03", "O04", "O07", "O08", "O8")
"""Abortive outcomes, delivery and puerperium."""
PREGNANT_WORDS = ("trimester", "pregnancy")
TRIMESTERS = (("first trimester", 0, 13), ("second trimester", 14, 27), ("third trimester", 28, 99))
"""ICD-10-CM, chapter 15: less than 14 weeks, 14 to less than 28, 28 and more."""


@rule(
    "diagnosis_other_sex",
    Severity.WARN,
    "A diagnosis of one sex is of that sex",
    fix=(
        "Correct the diagnosis (`diagnoses` of the note) or the patient's `sex`; if both are right, acknowledge the "
        "warning and ask the payer whether it wants modifier KX." + NEW_NOTE
    ),
)
def diagnosis_other_sex(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers compare diagnoses of pregnancy and of organs with the sex on file."""
    edits, hers = context.codes.diagnosis_edits, context.patient.sex
    places = [place for place, code in enumerate(context.claim.diagnoses) if edits.other_sex(code, hers)]
    if places:
        codes = [context.claim.diagnoses[place] for place in places]
        sex = edits.other_sex(codes[0], hers)
        text = f"The patient is {hers}, and of {sex} patients alone: {', '.join(map(dotted, codes))}."
        yield RuleMatch(text, f"/claim/diagnoses/{places[0]}", source=edits.sex_source)


@rule(
    "diagnosis_other_age",
    Severity.WARN,
    "A diagnosis of an age is of that age",
    fix=(
        "Correct the diagnosis (`diagnoses` of the note) or the patient's `birth_date`; if both are right, acknowledge "
        "the warning." + NEW_NOTE
    ),
)
def diagnosis_other_age(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Newborns, children to 17, pregnancies from 9 to 64 and adults from 15 on have diagnoses of their own."""
    edits, years = context.codes.diagnosis_edits, whole_years(context.patient.birth_date, context.on)
    said = set()
    for place, code in enumerate(context.claim.diagnoses):
        span = edits.span_missed(code, years)
        if span and span.kind not in said:
            said.add(span.kind)
            ages = f"{span.from_years} to {span.to_years}" if span.to_years else "under 1 year"
            text = f"{dotted(code)} is a {span.kind} diagnosis ({ages}), and the patient is {years}."
            yield RuleMatch(text, f"/claim/diagnoses/{place}", source=edits.age_source)


@rule(
    "pregnancy_not_first",
    Severity.WARN,
    "A complication of pregnancy comes before what it complicates",
    fix=(
        "Put the code of chapter O first (`diagnoses` of the note). If the pregnancy does not matter for the "
        "treatment, use Z33.1 instead of it." + NEW_NOTE
    ),
)
def pregnancy_not_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Codes of chapter 15 have priority over those of all other chapters."""
    codes = [without_dot(code) for code in context.claim.diagnoses]
    for place, code in enumerate(codes):
        if code.startswith("O"):
            if place:
                text = f"{dotted(code)} stands after {dotted(codes[0])}, and codes of pregnancy are first."
                yield RuleMatch(text, f"/claim/diagnoses/{place}")
            return


@rule(
    "pregnancy_weeks",
    Severity.WARN,
    "A pregnancy's diagnosis comes with the weeks",
    fix="Add the weeks of gestation (Z3A) that the record has, after the code of chapter O (`diagnoses` of the note)."
    + NEW_NOTE,
)
def pregnancy_weeks(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A complication of pregnancy takes Z3A with the weeks, and the weeks lie in the trimester that it names."""
    codes = [without_dot(code) for code in context.claim.diagnoses]
    weeks = next((code for code in codes if code.startswith(WEEKS)), "")
    pregnancies = [place for place, code in enumerate(codes) if _takes_weeks(context, code)]
    if weeks and not any(code.startswith("O") for code in codes):
        text = f"{dotted(weeks)} says the weeks of a pregnancy that no diagnosis names."
        yield RuleMatch(text, f"/claim/diagnoses/{codes.index(weeks)}")
    if pregnancies and not weeks:
        text = f"{dotted(codes[pregnancies[0]])} comes without the weeks of gestation (Z3A)."
        yield RuleMatch(text, f"/claim/diagnoses/{pregnancies[0]}")
    for place in pregnancies if weeks and weeks != WEEKS_UNKNOWN else ():
        text = context.codes.diagnoses.description(codes[place])
        for words, first, last in TRIMESTERS:
            if words in text and not first <= int(weeks[3:]) <= last:
                differs = f"{dotted(codes[place])} is of the {words}, and {dotted(weeks)} is not."
                yield RuleMatch(differs, f"/claim/diagnoses/{place}")


def _takes_weeks(context: ScrubberInput, code: str) -> bool:
    if not code.startswith("O") or code.startswith(WITHOUT_WEEKS):
        return False
    words = context.codes.diagnoses.description(code).lower()
    return any(word in words for word in PREGNANT_WORDS)


@rule(
    "diagnosis_never_first",
    Severity.WARN,
    "A code of status or circumstances is never first",
    fix="Put the condition that was treated first, and this code after it (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_never_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A joint that was replaced, a fall of long ago, or want of money explains a visit and is not its reason."""
    if context.claim.diagnoses and context.codes.diagnosis_edits.never_first(context.claim.diagnoses[0]):
        first = context.claim.diagnoses[0]
        name = context.codes.diagnoses.description(first)
        text = f"{dotted(first)} ({name}) only adds to another diagnosis and is listed first."
        yield RuleMatch(text, "/claim/diagnoses/0")


@rule(
    "diagnosis_not_paid_alone",
    Severity.WARN,
    "There is a diagnosis that hands-on therapy is paid for",
    fix=(
        "Add the condition of the body that was examined and treated, first (`diagnoses` of the note); if there was "
        "none, void the claim; if the payer said that it pays, acknowledge the warning." + NEW_NOTE
    ),
)
def diagnosis_not_paid_alone(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Plans pay hands-on therapy for an illness or injury of the body; anxiety, stress or a status alone is none.
    Occupational therapists treat mental conditions."""
    edits, codes = context.codes.diagnosis_edits, [without_dot(code) for code in context.claim.diagnoses]
    mental = context.provider.taxonomy.startswith(OCCUPATIONAL)
    if codes and not any(edits.stands_alone(code) or (mental and code.startswith("F")) for code in codes):
        text = f"{', '.join(map(dotted, codes))} alone does not say what of the body was treated."
        yield RuleMatch(text, "/claim/diagnoses", source=edits.not_alone_source)


RULES: tuple[Rule, ...] = (
    diagnosis_other_sex,
    diagnosis_other_age,
    pregnancy_not_first,
    pregnancy_weeks,
    diagnosis_never_first,
    diagnosis_not_paid_alone,
)
