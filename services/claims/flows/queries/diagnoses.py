"""Diagnosis codes for a person to choose from: found by words and checked for a date, never chosen automatically."""

from collections.abc import Iterable
from datetime import date

from services.claims.flows.dependencies import Dependencies
from shared.codesets.icd10 import Validity, dotted
from shared.codesets.icd10.search import Candidate
from shared.contracts.rules import Diagnosis, DiagnosisCandidate, DiagnosisCandidates
from shared.dates import local_date
from shared.security.caller import Caller

CANNOT_TELL = frozenset({Validity.UNCERTAIN, Validity.OUTSIDE_EDITION})


def search_diagnoses(
    deps: Dependencies, caller: Caller, query: str, on: date | None, limit: int
) -> DiagnosisCandidates:
    """Codes that are billable on the day (the practice's today when absent), best first."""
    day = on or local_date(deps.clock.now(), caller.time_zone)
    codes = deps.rule_set.codes
    found = codes.search.find(query, day, limit)
    table = codes.diagnoses
    return DiagnosisCandidates(items=_offers(found), on=day, source=table.source, version=table.version)


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
        instead=[] if status.valid else _offers(codes.search.instead_of(code, day)),
        source=codes.diagnoses.source,
        version=codes.diagnoses.version,
    )


def _offers(candidates: Iterable[Candidate]) -> list[DiagnosisCandidate]:
    return [
        DiagnosisCandidate(code=dotted(one.code), description=one.description, why=one.why, note=one.note)
        for one in candidates
    ]
