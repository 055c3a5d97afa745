"""Diagnosis codes for a person to choose from: found by words and checked for a date, never chosen automatically."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.claims.flows.dependencies import Dependencies
from shared.codesets.icd10 import DiagnosisTable, Validity, dotted
from shared.codesets.icd10.search import Candidate
from shared.contracts.rules import Diagnosis, DiagnosisCandidate, DiagnosisCandidates
from shared.dates import local_date
from shared.security.caller import Caller

CANNOT_TELL = frozenset({Validity.UNCERTAIN, Validity.OUTSIDE_EDITION})


def search_diagnoses(
    deps: Dependencies, caller: Caller, query: str, on: date | None, limit: int
) -> DiagnosisCandidates:
    """Codes that are billable on the day (the practice's today when absent), best first; after the newest edition,
    those of its last day, with a notice that says so."""
    day = on or local_date(deps.clock.now(), caller.time_zone)
    codes = deps.rule_set.codes
    found = codes.search.find(query, day, limit)
    table = codes.diagnoses
    return DiagnosisCandidates(
        items=_offers(found),
        on=day,
        as_of=table.last_known_day(day),
        notice=_notice(table, day),
        source=table.source,
        version=table.version,
    )


def get_diagnosis(deps: Dependencies, caller: Caller, code: str, on: date | None) -> Diagnosis:
    """One code on a day; a code that is not billable comes with candidates. An unknown code is an answer as well."""
    day = on or local_date(deps.clock.now(), caller.time_zone)
    codes = deps.rule_set.codes
    status = codes.diagnoses.status(code, day)
    return Diagnosis(
        code=dotted(code),
        description=status.description,
        on=day,
        validity=status.validity,
        valid=None if status.validity in CANNOT_TELL else status.valid,
        billable_from=status.billable_from,
        billable_to=status.billable_to,
        edition_from=status.edition_from,
        edition_to=status.edition_to,
        last_known=status.last_known,
        notice=_notice(codes.diagnoses, day),
        instead=[]
        if Validity.VALID in {status.validity, status.last_known}
        else _offers(codes.search.instead_of(code, day)),
        source=codes.diagnoses.source,
        version=codes.diagnoses.version,
    )


def _notice(table: DiagnosisTable, day: date) -> str | None:
    """Why a day outside the editions is answered as it is, and what to do; None within them."""
    if day < table.effective_from:
        return f"The installed ICD-10-CM editions begin on {table.effective_from}: nothing is known of {day}."
    if day <= table.effective_to:
        return None
    return (
        f"The installed ICD-10-CM editions end on {table.effective_to}: this is what held on that day. Have the "
        f"operator import the edition that begins on {table.effective_to + timedelta(days=1)} (POST "
        "/v1/code-sets/icd10/editions, or handbill codes import icd10)."
    )


def _offers(candidates: Iterable[Candidate]) -> list[DiagnosisCandidate]:
    return [
        DiagnosisCandidate(code=dotted(one.code), description=one.description, why=one.why, note=one.note)
        for one in candidates
    ]
