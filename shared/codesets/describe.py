"""Everything that is known of one code on one day, in plain values: for a command line and for people who ask why."""

from __future__ import annotations

from datetime import date
from typing import Any

from shared.codesets.adjustments import adjustment_texts, reason_codes, remark_codes
from shared.codesets.bundle import CodeSets
from shared.codesets.icd10 import Validity, dotted
from shared.codesets.npi import npi_valid

MAX_CODE = 20


def describe(codes: CodeSets, code: str, on: date) -> list[dict[str, Any]]:
    """One entry for each code set that knows the code, each with ``set``, ``source`` and ``version``. May be empty."""
    bare = code.strip().upper()[:MAX_CODE]
    found = [_diagnosis(codes, bare, on), _procedure(codes, bare, on)]
    for one in (codes.modifiers, codes.places, codes.taxonomies, codes.states, codes.filing_indicators):
        entry = one.entry(bare)
        if entry:
            known = {"set": one.name, "code": bare, "label": entry.label, "in_force": entry.days.holds(on)}
            found.append({**known, "days": entry.days.text(), "source": one.source, "version": one.version})
    found += [_reason(codes, bare, on), _remark(bare, on)]
    if len(bare) == 10 and bare.isdigit():
        found.append({"set": "npi", "code": bare, "valid": npi_valid(bare), "source": "45 CFR 162.406", "version": ""})
    return [entry for entry in found if entry]


def _diagnosis(codes: CodeSets, code: str, on: date) -> dict[str, Any]:
    table = codes.diagnoses
    status = table.status(code, on)
    offers = [] if Validity.VALID in {status.validity, status.last_known} else codes.search.instead_of(code, on)
    if table.row(code) is None and not (offers and code[1:2].isdigit()):
        return {}
    return {
        "set": "icd10",
        "code": dotted(code),
        "label": status.description,
        "validity": status.validity.value,
        "last_known": status.last_known.value if status.last_known else None,
        "in_force": None if status.validity in {Validity.UNCERTAIN, Validity.OUTSIDE_EDITION} else status.valid,
        "billable_from": status.billable_from.isoformat() if status.billable_from else None,
        "billable_to": status.billable_to.isoformat() if status.billable_to else None,
        "instead": [
            {"code": dotted(offer.code), "label": offer.description, "why": offer.why, "note": offer.note}
            for offer in offers
        ],
        "source": table.source,
        "version": table.version,
    }


def _procedure(codes: CodeSets, code: str, on: date) -> dict[str, Any]:
    known = codes.procedures.get(code)
    if known is None:
        return {}
    limit = codes.limits.get(code)
    edits = [(other.code, codes.pairs.between(code, other.code, on)) for other in codes.procedures]
    return {
        "set": "procedures",
        "code": code,
        "label": known.label,
        "timed": known.timed,
        "family": known.family,
        "units_a_day": limit.units if limit else None,
        "edits": [
            {"with": other, "not_paid": edit.column2, "indicator": edit.indicator} for other, edit in edits if edit
        ],
        "source": codes.procedures.source,
        "version": codes.procedures.version,
    }


def _reason(codes: CodeSets, code: str, on: date) -> dict[str, Any]:
    if not reason_codes().holds(code, None):
        return {}
    return {
        "set": "adjustment_reasons",
        "code": code,
        "label": codes.label("adjustment_reason", code),
        "cause": adjustment_texts().reason_causes.get(code, ""),
        "in_force": reason_codes().holds(code, on),
        "source": adjustment_texts().source,
        "version": adjustment_texts().version,
    }


def _remark(code: str, on: date) -> dict[str, Any]:
    if not remark_codes().holds(code, None):
        return {}
    return {
        "set": "remarks",
        "code": code,
        "label": adjustment_texts().remark_labels.get(code, ""),
        "in_force": remark_codes().holds(code, on),
        "source": adjustment_texts().source,
        "version": adjustment_texts().version,
    }
