"""The facts of a claim that a condition may ask. One that is listed stays: stored rules ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from services.claims.domain.custom_rules.fact import Fact, FactType, diagnosis, lower, upper
from services.claims.domain.custom_rules.fact_values import (
    days_since_accident,
    days_since_last_visit,
    days_to_signature,
    diagnoses_of,
    discipline,
    network_status,
    of_claim,
    of_line,
    once,
    regions,
    regions_of,
    session_minutes,
)
from services.claims.domain.rules.permission import visit_number
from shared.codesets import CodeSets
from shared.codesets.programs import Program
from shared.dates import days_between, whole_years

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RANKS = {"P": "primary", "S": "secondary", "T": "tertiary"}
CAUSES = {"AA": "auto", "EM": "employment", "OA": "other"}
NETWORK = ("in_network", "out_of_network", "pending", "not_accepted")

N, T, D, B, L = FactType.NUMBER, FactType.TEXT, FactType.DATE, FactType.BOOLEAN, FactType.LIST

_CLAIM = (
    Fact(
        "claim.procedure_codes",
        L,
        "the procedure codes of all lines",
        ("97124", "97110"),
        of_claim(lambda c: once(line.procedure_code for line in c.claim.lines)),
        upper,
    ),
    Fact(
        "claim.modifiers",
        L,
        "the modifiers of all lines",
        ("GP", "59"),
        of_claim(lambda c: once(modifier for line in c.claim.lines for modifier in line.modifiers)),
        upper,
    ),
    Fact(
        "claim.diagnoses",
        L,
        "all diagnoses, with or without their dots",
        ("M54.2", "G44.86"),
        of_claim(lambda c: c.claim.diagnoses),
        diagnosis,
    ),
    Fact(
        "claim.first_diagnosis",
        T,
        "the diagnosis that is first on the claim",
        "M54.2",
        of_claim(lambda c: c.claim.diagnoses[0] if c.claim.diagnoses else None),
        diagnosis,
    ),
    Fact("claim.line_count", N, "how many lines the claim has", 2, of_claim(lambda c: len(c.claim.lines))),
    Fact("claim.units", N, "the units of all lines", 4, of_claim(lambda c: sum(line.units for line in c.claim.lines))),
    Fact(
        "claim.minutes",
        N,
        "the minutes of all timed lines",
        60,
        of_claim(lambda c: sum(line.minutes or 0 for line in c.claim.lines)),
    ),
    Fact("claim.charge_cents", N, "the charge of the claim in cents", 18_200, of_claim(lambda c: c.claim.charge_cents)),
    Fact(
        "claim.patient_paid_cents",
        N,
        "what the patient paid for the visit, in cents",
        2_500,
        of_claim(lambda c: c.claim.patient_paid_cents),
    ),
    Fact("claim.place_of_service", T, "the place of service code", "11", of_claim(lambda c: c.claim.place_of_service)),
    Fact("claim.date_of_service", D, "the date of service", date(2026, 3, 2), of_claim(lambda c: c.on)),
    Fact(
        "claim.day_of_week",
        T,
        "the day of the week of the date of service",
        "monday",
        of_claim(lambda c: DAYS[c.on.weekday()]),
        lower,
        DAYS,
    ),
    Fact(
        "claim.days_since_service",
        N,
        "days from the date of service to the day of the check",
        3,
        of_claim(lambda c: days_between(c.on, c.as_of)),
    ),
    Fact(
        "claim.payer_rank",
        T,
        "whether this payer is the patient's first, second or third",
        "primary",
        of_claim(lambda c: RANKS.get(c.claim.sequence)),
        lower,
        tuple(RANKS.values()),
    ),
    Fact("claim.on_paper", B, "whether it is printed and mailed", False, of_claim(lambda c: c.claim.printed)),
    Fact(
        "claim.related_causes",
        L,
        "what the treatment is related to; empty where it is no accident",
        ("auto",),
        of_claim(lambda c: tuple(CAUSES.get(one, one) for one in c.claim.related_causes)),
        lower,
        tuple(CAUSES.values()),
    ),
    Fact(
        "claim.accident_state",
        T,
        "the state in which the accident happened",
        "WA",
        of_claim(lambda c: c.claim.accident_state or None),
        upper,
        shown=False,
    ),
    Fact(
        "claim.days_since_accident",
        N,
        "days from the accident to the date of service",
        45,
        of_claim(days_since_accident),
        shown=False,
    ),
    Fact(
        "claim.has_authorization",
        B,
        "whether an authorization counts for it",
        True,
        of_claim(lambda c: bool(c.claim.authorization_id)),
    ),
    Fact(
        "claim.has_referral",
        B,
        "whether a referral, prescription or order counts for it",
        True,
        of_claim(lambda c: bool(c.claim.referral_id)),
    ),
    Fact(
        "claim.attachments",
        L,
        "the report type codes of what is attached",
        ("OZ",),
        of_claim(lambda c: once(one[0] for one in c.claim.attachments)),
        upper,
    ),
    Fact(
        "claim.left_off",
        L,
        "procedures of the note that are not billed",
        ("97010",),
        of_claim(lambda c: c.claim.left_off),
        upper,
    ),
)
_AROUND = (
    Fact("payer.id", T, "the id of the payer", "pay_cascade1", of_claim(lambda c: c.claim.payer_id)),
    Fact(
        "payer.program",
        T,
        "the program of the payer",
        "commercial",
        of_claim(lambda c: str(c.payer.program)),
        lower,
        tuple(one.value for one in Program),
    ),
    Fact(
        "payer.filing_indicator",
        T,
        "the claim filing indicator (SBR09)",
        "CI",
        of_claim(lambda c: c.claim.filing_indicator or None),
        upper,
    ),
    Fact(
        "therapist.id",
        T,
        "the id of the therapist who treated",
        "thr_ingrid01",
        of_claim(lambda c: c.claim.therapist_id),
    ),
    Fact(
        "therapist.discipline",
        T,
        "the discipline that the taxonomy belongs to",
        "massage therapist",
        of_claim(discipline),
        lower,
    ),
    Fact(
        "therapist.taxonomy",
        T,
        "provider taxonomy (NUCC)",
        "225700000X",
        of_claim(lambda c: c.provider.taxonomy),
        upper,
    ),
    Fact(
        "therapist.network_status",
        T,
        "what this payer has decided about the therapist",
        "in_network",
        of_claim(network_status),
        lower,
        NETWORK,
    ),
    Fact("practice.state", T, "the state of the practice", "WA", of_claim(lambda c: c.billing.state or None), upper),
    Fact(
        "patient.sex",
        T,
        "the patient's sex as the insurer has it",
        "female",
        of_claim(lambda c: c.patient.sex),
        lower,
        ("female", "male", "unknown"),
        shown=False,
    ),
    Fact(
        "patient.age",
        N,
        "years of age on the date of service",
        41,
        of_claim(lambda c: whole_years(c.patient.birth_date, c.on)),
        shown=False,
    ),
    Fact(
        "coverage.subscriber",
        T,
        "who the subscriber is",
        "self",
        of_claim(lambda c: c.coverage.subscriber_kind),
        lower,
        ("self", "other_person", "employer"),
    ),
    Fact(
        "coverage.self_insured",
        B,
        "whether the employer insures itself",
        False,
        of_claim(lambda c: c.coverage.self_insured),
    ),
    Fact(
        "coverage.visits_remaining",
        N,
        "visits left by the payer's own answer (271)",
        5,
        of_claim(lambda c: c.coverage.visits_remaining),
    ),
    Fact(
        "visit.number",
        N,
        "which visit it is: of the injury for workers' compensation and auto, of the calendar year otherwise",
        7,
        of_claim(visit_number),
    ),
    Fact(
        "visit.days_since_last",
        N,
        "days since the patient's visit before that was billed to this payer",
        7,
        of_claim(days_since_last_visit),
    ),
    Fact("note.signed", B, "whether the note is signed", True, of_claim(lambda c: c.note.signed)),
    Fact("note.session_minutes", N, "minutes from start to end of the session", 65, of_claim(session_minutes)),
    Fact(
        "note.days_to_signature",
        N,
        "days from the date of service to the signature",
        0,
        of_claim(days_to_signature),
    ),
    Fact(
        "note.regions",
        L,
        "the regions of all techniques, by the names of the fixed list; unknown where no word of theirs names one",
        ("cervical", "shoulder"),
        of_claim(lambda c: regions(c, c.note.techniques)),
        lower,
        shown=False,
    ),
    Fact(
        "note.pain_before",
        N,
        "pain before treatment, 0 to 10",
        6,
        of_claim(lambda c: c.note.pain_before),
        shown=False,
    ),
    Fact("note.pain_after", N, "pain after treatment, 0 to 10", 3, of_claim(lambda c: c.note.pain_after), shown=False),
)
_LINE = (
    Fact("line.number", N, "the number of the line, from 1", 1, of_line(lambda _c, at: at.number)),
    Fact(
        "line.procedure_code",
        T,
        "the procedure code of the line",
        "97124",
        of_line(lambda _c, at: at.line.procedure_code),
        upper,
    ),
    Fact("line.modifiers", L, "the modifiers of the line", ("59",), of_line(lambda _c, at: at.line.modifiers), upper),
    Fact("line.units", N, "the units of the line", 3, of_line(lambda _c, at: at.line.units)),
    Fact(
        "line.minutes",
        N,
        "the minutes of the line; unknown where the procedure is not timed",
        45,
        of_line(lambda _c, at: at.line.minutes),
    ),
    Fact(
        "line.charge_cents",
        N,
        "the charge of the line in cents",
        13_500,
        of_line(lambda _c, at: at.line.charge_cents),
    ),
    Fact(
        "line.diagnoses",
        L,
        "the diagnoses that the line points to",
        ("M54.2",),
        of_line(diagnoses_of),
        diagnosis,
    ),
    Fact(
        "line.regions",
        L,
        "the regions that its procedure was done on, by the note",
        ("cervical",),
        of_line(regions_of),
        lower,
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
