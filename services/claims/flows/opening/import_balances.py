"""Opening balances from a CSV file: each claim is entered or its rows say why not, and none keeps another out."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.enter_balance import enter_balance, entered_before
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.opening_balances import (
    OpeningBalanceCreate,
    OpeningBalanceImport,
    OpeningBalancesImported,
    OpeningRow,
)
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, Malformed, NotFound
from shared.money import parse_dollars
from shared.security.caller import Caller

MAX_ROWS = 500
MAX_CLAIMS = 100
"""Each claim asks eligibility for its coverage."""
MOST_DIGITS = 4
"""Of a line's units; there are at most 99."""
OF_CLAIM = (
    "coverage_id",
    "therapist_id",
    "date_of_service",
    "submitted_on",
    "claim_number",
    "payer_claim_number",
    "remitted_on",
    "authorization_id",
)
AMOUNTS = ("charge", "paid", "patient_paid", "written_off", "patient", "insurer")
OF_LINE = ("procedure_code", "patient_reason_code", "open_group", "open_reason_code")
REQUIRED = ("reference", "coverage_id", "therapist_id", "date_of_service", "submitted_on", "procedure_code", "units")
ALL = frozenset({*OF_CLAIM, *OF_LINE, *REQUIRED, *AMOUNTS, "modifiers"})
ENTERED, ENTERED_BEFORE, REJECTED = "entered", "entered_before", "rejected"
Row = tuple[int, Mapping[str, str]]
"""The number of a row (the header is 1) and its fields."""


def import_opening_balances(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: OpeningBalanceImport
) -> OpeningBalancesImported:
    """Enter the claims of a file. Raises Malformed for what is no such file, Unavailable; all else is said by row."""
    claims = _claims(_rows(command.csv))
    read = [_read(rows, command) for rows in claims.values()]
    bundles = {id(one): _bundle(deps, caller, one) for one in read if isinstance(one, OpeningBalanceCreate)}
    now = deps.clock.now()

    def write(session: Session) -> OpeningBalancesImported:
        known = entered_before(session, deps, caller.organization_id, list(claims))
        found: list[list[OpeningRow]] = []
        for (reference, rows), one in zip(claims.items(), read, strict=True):
            if reference in known:
                found.append(_results(rows, ENTERED_BEFORE, known[reference].claim_id))
            elif isinstance(one, OpeningBalanceCreate):
                found.append(_enter(session, deps, caller, rows, one, bundles[id(one)], now))
            else:
                found.append(one)
        results = [each[0].result for each in found]
        return OpeningBalancesImported(
            entered=results.count(ENTERED),
            entered_before=results.count(ENTERED_BEFORE),
            rejected=results.count(REJECTED),
            rows=sorted((row for each in found for row in each), key=lambda row: row.row),
        )

    return unit_of_work.run(write)


def _rows(text: str) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text), restval="", strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        for name in REQUIRED:
            if name not in names:
                raise _no_file(f"It has no column `{name}`.", "Begin the file with a header that names its columns.")
        unknown = sorted(set(names) - ALL)
        if unknown:
            raise _no_file("It has columns that are not known.", f"Known are: {', '.join(sorted(ALL))}.")
        reader.fieldnames = names
        rows: list[Row] = [(number, _fields(row)) for number, row in enumerate(reader, 2)]
    except csv.Error:
        raise _no_file("It is no CSV.", "Export it again, in UTF-8 and with commas.") from None
    if len(rows) > MAX_ROWS:
        raise _no_file(f"It has {len(rows)} rows; {MAX_ROWS} is the most.", "Send it in parts.")
    return rows


def _fields(row: Mapping[str | None, Any]) -> dict[str, str]:
    return {name: value.strip() for name, value in row.items() if name is not None and isinstance(value, str)}


def _claims(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each reference, in order."""
    found: dict[str, list[Row]] = {}
    for number, fields in rows:
        found.setdefault(fields["reference"], []).append((number, fields))
    if len(found) > MAX_CLAIMS:
        raise _no_file(f"It has {len(found)} claims; {MAX_CLAIMS} is the most.", "Send it in parts.")
    return found


def _read(rows: Sequence[Row], command: OpeningBalanceImport) -> OpeningBalanceCreate | list[OpeningRow]:
    """The claim that some rows are, or what is wrong with them."""
    number, first = rows[0]
    for other, fields in rows[1:]:
        for name in OF_CLAIM:
            if fields.get(name, "") != first.get(name, ""):
                text = f"`{name}` is not that of row {number}, which has the same reference."
                fault = Fault(f"/{name}", "rows_differ", text, "Rows of one reference are lines of one claim.")
                return _results(rows, REJECTED, None, {other: fault}, fault)
    faults: dict[int, Fault] = {}
    lines = [_line(at, fields, faults) for at, fields in rows]
    if faults:
        return _results(rows, REJECTED, None, faults, next(iter(faults.values())))
    body = {name: first[name] for name in OF_CLAIM if first.get(name)}
    given = {"reference": first["reference"], "as_of": command.as_of, "source": command.source, "lines": lines, **body}
    try:
        return OpeningBalanceCreate.model_validate({**given, "actor": command.actor})
    except ValidationError as error:
        return _malformed(rows, error)


def _line(number: int, fields: Mapping[str, str], faults: dict[int, Fault]) -> dict[str, Any]:
    line: dict[str, Any] = {name: fields[name].upper() for name in OF_LINE if fields.get(name)}
    line["modifiers"] = fields.get("modifiers", "").upper().split()
    units = fields["units"]
    line["units"] = int(units) if units.isdecimal() and len(units) <= MOST_DIGITS else None
    for name in AMOUNTS:
        cents = parse_dollars(fields.get(name) or "0")
        if cents is None:
            text = "It is no amount such as 1,234.56."
            faults.setdefault(number, Fault(f"/{name}", "amount_unreadable", text, "Write dollars and cents."))
        line[f"{name}_cents"] = cents
    return line


def _malformed(rows: Sequence[Row], error: ValidationError) -> list[OpeningRow]:
    """What a member may not be, at the row and the column that it comes from; never its value."""
    place = error.errors(include_input=False, include_url=False)[0]
    names = [str(part) for part in place["loc"]]
    at = int(names[1]) if names[0] == "lines" and len(names) > 1 and names[1].isdecimal() else 0
    column = next((name for name in reversed(names) if not name.isdecimal()), "reference").removesuffix("_cents")
    fault = Fault(f"/{column}", "value_malformed", f"{place['msg']}.", "Correct the value.")
    number = rows[min(at, len(rows) - 1)][0]
    return _results(rows, REJECTED, None, {number: fault}, fault)


def _bundle(deps: Dependencies, caller: Caller, one: OpeningBalanceCreate) -> CoverageBundle | None:
    try:
        return deps.eligibility.coverage_bundle(caller.organization_id, one.coverage_id, one.date_of_service)
    except NotFound:
        return None


def _enter(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    rows: Sequence[Row],
    one: OpeningBalanceCreate,
    bundle: CoverageBundle | None,
    now: datetime,
) -> list[OpeningRow]:
    if bundle is None:
        text = "Eligibility has no such coverage."
        fault = Fault("/coverage_id", "coverage_not_found", text, "Record the coverage first.")
        return _results(rows, REJECTED, None, {}, fault)
    try:
        return _results(rows, ENTERED, enter_balance(session, deps, caller, one, bundle, now).id)
    except Conflict as conflict:
        faults: dict[int, Fault] = {}
        for fault in conflict.errors:
            faults.setdefault(rows[_place(fault)][0], fault)
        return _results(rows, REJECTED, None, faults, conflict.errors[0])


def _place(fault: Fault) -> int:
    """The line of the claim that a fault points to; what is the whole claim's is at its first."""
    parts = fault.pointer.split("/")
    return int(parts[3]) if len(parts) > 3 and parts[2] == "lines" else 0


def _results(
    rows: Sequence[Row],
    result: str,
    claim_id: str | None,
    faults: Mapping[int, Fault] | None = None,
    of_all: Fault | None = None,
) -> list[OpeningRow]:
    """One result for all rows of a claim, each with its own fault or with the claim's."""
    found = []
    for number, _ in rows:
        fault = (faults or {}).get(number, of_all)
        said = (
            {}
            if fault is None
            else {
                "column": fault.pointer.rsplit("/", 1)[1].removesuffix("_cents"),
                "code": fault.code,
                "message": fault.message,
                "fix": fault.fix,
            }
        )
        found.append(OpeningRow(row=number, result=result, claim_id=claim_id, **said))
    return found


def _no_file(message: str, fix: str) -> Malformed:
    fault = Fault("/body/csv", "not_opening_balances", message, fix)
    return Malformed("the file cannot be read as opening balances", errors=[fault])
