"""The facts of a claim that a condition may ask: name, type, meaning, an example, and how each is read.

A fact that a claim does not have is unknown (None). `shown` is False for what tells more of the patient than a claim's
view does: a finding then names the comparison and not the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services.claims.domain.rules.permission import past_visits, visit_number
from services.claims.domain.scrubber_input import TechniqueInput
from services.claims.domain.scrubber_input.claim import ProfessionalServiceLine
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets import CodeSets
from shared.codesets.icd10 import without_dot
from shared.codesets.programs import Program
from shared.dates import days_between, whole_years

Value = bool | int | str | date | tuple[str, ...] | None
SECONDS_A_MINUTE = 60
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RANKS = {"P": "primary", "S": "secondary", "T": "tertiary"}
CAUSES = {"AA": "auto", "EM": "employment", "OA": "other"}
NETWORK = ("in_network", "out_of_network", "pending", "not_accepted")


class FactType(StrEnum):
    """What a fact is; which operators it takes depends on it. `number` is a whole number, `list` one of texts."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line of a claim and its number, from 1."""

    number: int
    line: ProfessionalServiceLine


def _upper(text: str) -> str:
    return text.strip().upper()


def _lower(text: str) -> str:
    return " ".join(text.lower().split())


def _diagnosis(text: str) -> str:
    return without_dot(text.strip().upper())


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `read` answers its value; a fact of a line gets the line too. `fold` is how its texts are written
    before they are compared. `values` is all that a text can be, where that is a closed list."""

    name: str
    type: FactType
    meaning: str
    example: Value
    read: Callable[[ScrubberInput, LineInput | None], Value]
    fold: Callable[[str], str] = str
    values: tuple[str, ...] = ()
    shown: bool = True

    @property
    def of_line(self) -> bool:
        """True for a fact of one line."""
        return self.name.startswith("line.")


def _of(read: Callable[[ScrubberInput], Value]) -> Callable[[ScrubberInput, LineInput | None], Value]:
    return lambda context, _line: read(context)


def _of_line(read: Callable[[ScrubberInput, LineInput], Value]) -> Callable[[ScrubberInput, LineInput | None], Value]:
    return lambda context, line: read(context, line) if line is not None else None


def _once(texts: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))  # type: ignore[call-overload]


def _network_status(context: ScrubberInput) -> Value:
    """The therapist's standing with this payer on the day of service, under the practice's tax id."""
    for one in context.provider.credentials:
        taxed = one.billing_tax_id in ("", context.billing.tax_id)
        if one.payer_id == context.claim.payer_id and taxed and one.in_force(context.on):
            return one.status
    return None


def _discipline(context: ScrubberInput) -> Value:
    found = context.codes.scopes.discipline(context.provider.taxonomy)
    return found.name if found else None


def _days_since_last_visit(context: ScrubberInput) -> Value:
    days = [days_between(claim.date_of_service, context.on) for claim in past_visits(context)]
    return min(days, default=None)


def _days_since_accident(context: ScrubberInput) -> Value:
    happened = context.claim.accident_date
    return days_between(happened, context.on) if happened else None


def _session_minutes(context: ScrubberInput) -> int:
    return int((context.note.end - context.note.start).total_seconds()) // SECONDS_A_MINUTE


def _days_to_signature(context: ScrubberInput) -> Value:
    signed_on = context.note.signed_on
    return days_between(context.on, signed_on) if signed_on else None


def _diagnoses_of(context: ScrubberInput, line: LineInput) -> tuple[str, ...]:
    diagnoses = context.claim.diagnoses
    return tuple(diagnoses[one - 1] for one in line.line.pointers if 0 < one <= len(diagnoses))


def _regions_of(context: ScrubberInput, line: LineInput) -> Value:
    return _regions(context, [one for one in context.note.techniques if one.procedure_code == line.line.procedure_code])


def _regions(context: ScrubberInput, techniques: Sequence[TechniqueInput]) -> Value:
    """The regions of the list that these techniques were done on; None where no word of theirs names one."""
    places = [context.codes.body_regions.read(one.region, one.side) for one in techniques]
    return tuple(sorted({region for place in places if place for region in place.regions})) or None


N, T, D, B, L = FactType.NUMBER, FactType.TEXT, FactType.DATE, FactType.BOOLEAN, FactType.LIST

_CLAIM = (
    Fact(
        "claim.procedure_codes",
        L,
        "the procedure codes of all lines",
        ("97124", "97110"),
        _of(lambda c: _once(line.procedure_code for line in c.claim.lines)),
        _upper,
    ),
    Fact(
        "claim.modifiers",
        L,
        "the modifiers of all lines",
        ("GP", "59"),
        _of(lambda c: _once(modifier for line in c.claim.lines for modifier in line.modifiers)),
        _upper,
    ),
    Fact(
        "claim.diagnoses",
        L,
        "all diagnoses, with or without their dots",
        ("M54.2", "G44.86"),
        _of(lambda c: c.claim.diagnoses),
        _diagnosis,
    ),
    Fact(
        "claim.first_diagnosis",
        T,
        "the diagnosis that is first on the claim",
        "M54.2",
        _of(lambda c: c.claim.diagnoses[0] if c.claim.diagnoses else None),
        _diagnosis,
    ),
    Fact("claim.line_count", N, "how many lines the claim has", 2, _of(lambda c: len(c.claim.lines))),
    Fact("claim.units", N, "the units of all lines", 4, _of(lambda c: sum(line.units for line in c.claim.lines))),
    Fact(
        "claim.minutes",
        N,
        "the minutes of all timed lines",
        60,
        _of(lambda c: sum(line.minutes or 0 for line in c.claim.lines)),
    ),
    Fact("claim.charge_cents", N, "the charge of the claim in cents", 18_200, _of(lambda c: c.claim.charge_cents)),
    Fact(
        "claim.patient_paid_cents",
        N,
        "what the patient paid for the visit, in cents",
        2_500,
        _of(lambda c: c.claim.patient_paid_cents),
    ),
    Fact("claim.place_of_service", T, "the place of service code", "11", _of(lambda c: c.claim.place_of_service)),
    Fact("claim.date_of_service", D, "the date of service", date(2026, 3, 2), _of(lambda c: c.on)),
    Fact(
        "claim.day_of_week",
        T,
        "the day of the week of the date of service",
        "monday",
        _of(lambda c: DAYS[c.on.weekday()]),
        _lower,
        DAYS,
    ),
    Fact(
        "claim.days_since_service",
        N,
        "days from the date of service to the day of the check",
        3,
        _of(lambda c: days_between(c.on, c.as_of)),
    ),
    Fact(
        "claim.payer_rank",
        T,
        "whether this payer is the patient's first, second or third",
        "primary",
        _of(lambda c: RANKS.get(c.claim.sequence)),
        _lower,
        tuple(RANKS.values()),
    ),
    Fact("claim.on_paper", B, "whether it is printed and mailed", False, _of(lambda c: c.claim.printed)),
    Fact(
        "claim.related_causes",
        L,
        "what the treatment is related to; empty where it is no accident",
        ("auto",),
        _of(lambda c: tuple(CAUSES.get(one, one) for one in c.claim.related_causes)),
        _lower,
        tuple(CAUSES.values()),
    ),
    Fact(
        "claim.accident_state",
        T,
        "the state in which the accident happened",
        "WA",
        _of(lambda c: c.claim.accident_state or None),
        _upper,
        shown=False,
    ),
    Fact(
        "claim.days_since_accident",
        N,
        "days from the accident to the date of service",
        45,
        _of(_days_since_accident),
        shown=False,
    ),
    Fact(
        "claim.has_authorization",
        B,
        "whether an authorization counts for it",
        True,
        _of(lambda c: bool(c.claim.authorization_id)),
    ),
    Fact(
        "claim.has_referral",
        B,
        "whether a referral, prescription or order counts for it",
        True,
        _of(lambda c: bool(c.claim.referral_id)),
    ),
    Fact(
        "claim.attachments",
        L,
        "the report type codes of what is attached",
        ("OZ",),
        _of(lambda c: _once(one[0] for one in c.claim.attachments)),
        _upper,
    ),
    Fact(
        "claim.left_off",
        L,
        "procedures of the note that are not billed",
        ("97010",),
        _of(lambda c: c.claim.left_off),
        _upper,
    ),
)
_AROUND = (
    Fact("payer.id", T, "the id of the payer", "pay_cascade1", _of(lambda c: c.claim.payer_id)),
    Fact(
        "payer.program",
        T,
        "the program of the payer",
        "commercial",
        _of(lambda c: str(c.payer.program)),
        _lower,
        tuple(one.value for one in Program),
    ),
    Fact(
        "payer.filing_indicator",
        T,
        "the claim filing indicator (SBR09)",
        "CI",
        _of(lambda c: c.claim.filing_indicator or None),
        _upper,
    ),
    Fact("therapist.id", T, "the id of the therapist who treated", "thr_ingrid01", _of(lambda c: c.claim.therapist_id)),
    Fact(
        "therapist.discipline",
        T,
        "the discipline that the taxonomy belongs to",
        "massage therapist",
        _of(_discipline),
        _lower,
    ),
    Fact("therapist.taxonomy", T, "the provider taxonomy", "225700000X", _of(lambda c: c.provider.taxonomy), _upper),
    Fact(
        "therapist.network_status",
        T,
        "what this payer has decided about the therapist",
        "in_network",
        _of(_network_status),
        _lower,
        NETWORK,
    ),
    Fact("practice.state", T, "the state of the practice", "WA", _of(lambda c: c.billing.state or None), _upper),
    Fact(
        "patient.sex",
        T,
        "the patient's sex as the insurer has it",
        "female",
        _of(lambda c: c.patient.sex),
        _lower,
        ("female", "male", "unknown"),
        shown=False,
    ),
    Fact(
        "patient.age",
        N,
        "years of age on the date of service",
        41,
        _of(lambda c: whole_years(c.patient.birth_date, c.on)),
        shown=False,
    ),
    Fact(
        "coverage.subscriber",
        T,
        "who the subscriber is",
        "self",
        _of(lambda c: c.coverage.subscriber_kind),
        _lower,
        ("self", "other_person", "employer"),
    ),
    Fact(
        "coverage.self_insured",
        B,
        "whether the employer insures itself",
        False,
        _of(lambda c: c.coverage.self_insured),
    ),
    Fact(
        "coverage.visits_remaining",
        N,
        "visits left by the payer's own answer (271)",
        5,
        _of(lambda c: c.coverage.visits_remaining),
    ),
    Fact(
        "visit.number",
        N,
        "which visit it is: of the injury for workers' compensation and auto, of the calendar year otherwise",
        7,
        _of(visit_number),
    ),
    Fact(
        "visit.days_since_last",
        N,
        "days since the patient's visit before that was billed to this payer",
        7,
        _of(_days_since_last_visit),
    ),
    Fact("note.signed", B, "whether the note is signed", True, _of(lambda c: c.note.signed)),
    Fact("note.session_minutes", N, "minutes from start to end of the session", 65, _of(_session_minutes)),
    Fact(
        "note.days_to_signature",
        N,
        "days from the date of service to the signature",
        0,
        _of(_days_to_signature),
    ),
    Fact(
        "note.regions",
        L,
        "the regions of all techniques, by the names of the fixed list; unknown where no word of theirs names one",
        ("cervical", "shoulder"),
        _of(lambda c: _regions(c, c.note.techniques)),
        _lower,
        shown=False,
    ),
    Fact(
        "note.pain_before",
        N,
        "pain before treatment, 0 to 10",
        6,
        _of(lambda c: c.note.pain_before),
        shown=False,
    ),
    Fact("note.pain_after", N, "pain after treatment, 0 to 10", 3, _of(lambda c: c.note.pain_after), shown=False),
)
_LINE = (
    Fact("line.number", N, "the number of the line, from 1", 1, _of_line(lambda _c, at: at.number)),
    Fact(
        "line.procedure_code",
        T,
        "the procedure code of the line",
        "97124",
        _of_line(lambda _c, at: at.line.procedure_code),
        _upper,
    ),
    Fact("line.modifiers", L, "the modifiers of the line", ("59",), _of_line(lambda _c, at: at.line.modifiers), _upper),
    Fact("line.units", N, "the units of the line", 3, _of_line(lambda _c, at: at.line.units)),
    Fact(
        "line.minutes",
        N,
        "the minutes of the line; unknown where the procedure is not timed",
        45,
        _of_line(lambda _c, at: at.line.minutes),
    ),
    Fact(
        "line.charge_cents",
        N,
        "the charge of the line in cents",
        13_500,
        _of_line(lambda _c, at: at.line.charge_cents),
    ),
    Fact(
        "line.diagnoses",
        L,
        "the diagnoses that the line points to",
        ("M54.2",),
        _of_line(_diagnoses_of),
        _diagnosis,
    ),
    Fact(
        "line.regions",
        L,
        "the regions that its procedure was done on, by the note",
        ("cervical",),
        _of_line(_regions_of),
        _lower,
        shown=False,
    ),
)

FACTS: Mapping[str, Fact] = MappingProxyType({one.name: one for one in (*_CLAIM, *_AROUND, *_LINE)})


def facts_with(codes: CodeSets) -> Mapping[str, Fact]:
    """The facts with the closed lists that come from code sets: a condition is held against them when it is written."""
    every = codes.body_regions
    regions = tuple(one for one in every.codes if every.of_codes([one]) == {one})
    lists = {
        "therapist.discipline": tuple(one.name for one in codes.scopes),
        "note.regions": regions,
        "line.regions": regions,
    }
    return {**FACTS, **{name: replace(FACTS[name], values=values) for name, values in lists.items()}}
