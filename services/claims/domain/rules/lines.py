"""Lines: units from minutes, one fee for all, pointers."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.rule import Hit, Rule, rule
from services.claims.domain.units import Units, units_of
from shared.money import format_dollars, multiply

MAX_LINES = 50
MAX_LINES_PRINTED = 6
MAX_POINTERS = 4


@rule("lines_missing", Severity.BLOCK, "A claim has a line", fix="Bill at least one procedure.", source=sources.GUIDE)
def lines_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A claim without a line has nothing to be paid."""
    if not context.claim.lines:
        yield Hit("The claim has no line; the note's minutes may come to no unit.", "/claim/lines")


@rule(
    "lines_too_many",
    Severity.BLOCK,
    "Fifty lines at most, six on paper",
    fix="Split the claim.",
    source=sources.GUIDE,
)
def lines_too_many(context: ScrubberInput) -> Iterator[Hit]:
    """The electronic claim holds 50 lines, the printed form six; a payer may take fewer."""
    limit = min(MAX_LINES_PRINTED if context.claim.printed else MAX_LINES, context.payer.lines_per_claim)
    if len(context.claim.lines) > limit:
        yield Hit(f"The claim has {len(context.claim.lines)} lines and may have {limit}.", "/claim/lines")


@rule(
    "procedure_unknown",
    Severity.BLOCK,
    "Each procedure is one we know",
    fix="Check the code; add it to the procedure list if it is right.",
    source=sources.UNITS,
    overridable=True,
)
def procedure_unknown(context: ScrubberInput) -> Iterator[Hit]:
    """A code in neither the timed nor the untimed list asks a person."""
    for place, line in enumerate(context.claim.lines):
        if context.codes.procedures.get(line.procedure) is None:
            yield Hit(f"{line.procedure} is no procedure that we know.", f"/claim/lines/{place}/procedure")


@rule(
    "units_method_not_payers",
    Severity.BLOCK,
    "Units are counted by the payer's method",
    fix="Build the lines again by the payer's method.",
    source=sources.UNITS,
)
def units_method_not_payers(context: ScrubberInput) -> Iterator[Hit]:
    """The method is chosen once a claim, from the payer's profile."""
    claim, payer = context.claim, context.payer
    if claim.unit_method != payer.unit_method:
        text = f"Units were counted by {claim.unit_method.upper()}; this payer uses {payer.unit_method.upper()}."
        yield Hit(text, "/claim/unit_method")


@rule(
    "units_not_from_minutes",
    Severity.BLOCK,
    "Units follow from the minutes",
    fix="Take the units that the minutes give.",
    source=sources.UNITS,
)
def units_not_from_minutes(context: ScrubberInput) -> Iterator[Hit]:
    """One unit for an hour, or four for twenty minutes: both are wrong, and the arithmetic shows it."""
    billed: dict[str, int] = {}
    timed: dict[str, int] = {}
    for line in context.claim.lines:
        billed[line.procedure] = billed.get(line.procedure, 0) + line.units
        known = context.codes.procedures.get(line.procedure)
        if known and known.timed and line.minutes is not None:
            timed[line.procedure] = timed.get(line.procedure, 0) + max(line.minutes, 0)
    if context.payer.unit_method not in {"cms", "ama"}:
        return
    alone = units_of(timed, context.payer.unit_method, context.claim.tie_order)
    right = _with_the_notes_rest(context, timed)
    if all(_agrees(code, billed, alone) for code in timed):
        return
    for place, line in enumerate(context.claim.lines):
        code, path = line.procedure, f"/claim/lines/{place}/units"
        if code not in timed or _agrees(code, billed, right):
            continue
        one_line = sum(1 for other in context.claim.lines if other.procedure == code) == 1
        patch = (PatchStep("set", path, right.of(code)),) if one_line and right.of(code) > 0 else ()
        text = (
            f"{code} has {timed[code]} minutes and {billed[code]} units; right is {right.of(code)} ({right.sentence})."
        )
        yield Hit(text, path, patch=patch)


def _agrees(code: str, billed: dict[str, int], right: Units) -> bool:
    """True when a code has its units, or shares them otherwise with the codes that it ties with."""
    if billed[code] == right.of(code):
        return True
    tied = right.ties
    return code in tied and sum(billed.get(one, 0) for one in tied) == sum(right.of(one) for one in tied)


def _with_the_notes_rest(context: ScrubberInput, timed: dict[str, int]) -> Units:
    """Units when techniques of the note that come to no unit still count in the pool, though they are not billed.

    A technique that would come to a unit and is not billed was left out on purpose, so its minutes leave the pool.
    """
    pool = dict(timed)
    for technique in context.note.techniques if context.note else ():
        known = context.codes.procedures.get(technique.code)
        if known and known.timed and technique.code not in timed:
            pool[technique.code] = pool.get(technique.code, 0) + max(technique.minutes, 0)
    while True:
        units = units_of(pool, context.payer.unit_method, context.claim.tie_order)
        left_out = [code for code in pool if code not in timed and units.of(code)]
        if not left_out:
            return units
        pool = {code: minutes for code, minutes in pool.items() if code not in left_out}


@rule(
    "minutes_of_timed_line_missing",
    Severity.BLOCK,
    "A timed line carries its minutes",
    fix="Build the line from the note, or write its minutes.",
    source=sources.UNITS,
)
def minutes_of_timed_line_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Without minutes nothing proves the units of a timed code."""
    for place, line in enumerate(context.claim.lines):
        known = context.codes.procedures.get(line.procedure)
        if known and known.timed and line.minutes is None:
            yield Hit(f"{line.procedure} is timed and the line has no minutes.", f"/claim/lines/{place}/minutes")


@rule(
    "units_none",
    Severity.BLOCK,
    "A line has at least one unit",
    fix="Take the line off; the minutes stay on the note.",
    source=sources.UNITS,
)
def units_none(context: ScrubberInput) -> Iterator[Hit]:
    """What comes to no unit stays on the note and off the claim."""
    for place, line in enumerate(context.claim.lines):
        if line.units < 1:
            patch = (PatchStep("remove", f"/claim/lines/{place}"),) if len(context.claim.lines) > 1 else ()
            yield Hit(f"{line.procedure} has no unit.", f"/claim/lines/{place}/units", patch=patch)


@rule(
    "untimed_more_than_once",
    Severity.BLOCK,
    "An untimed procedure is one unit",
    fix="Set the units to 1.",
    source=sources.UNITS,
)
def untimed_more_than_once(context: ScrubberInput) -> Iterator[Hit]:
    """Untimed procedures count once a day, however long they took."""
    for place, line in enumerate(context.claim.lines):
        known = context.codes.procedures.get(line.procedure)
        if known and not known.timed and line.units > 1:
            path = f"/claim/lines/{place}/units"
            yield Hit(
                f"{line.procedure} is untimed and has {line.units} units.", path, patch=(PatchStep("set", path, 1),)
            )


@rule(
    "units_tied",
    Severity.INFO,
    "Equal remainders are the therapist's choice",
    fix="Choose which procedure gets the unit, or leave it as it is.",
    source=sources.UNITS,
)
def units_tied(context: ScrubberInput) -> Iterator[Hit]:
    """Where remainders are equal, the method does not say which code gets the unit; the choice is recorded."""
    if context.payer.unit_method != "cms" or context.claim.tie_order or context.note is None:
        return
    procedures = context.codes.procedures
    timed: dict[str, int] = {}
    for technique in context.note.techniques:
        known = procedures.get(technique.code)
        if known and known.timed:
            timed[technique.code] = timed.get(technique.code, 0) + max(technique.minutes, 0)
    ties = units_of(timed, "cms").ties
    if ties:
        yield Hit(f"{' and '.join(ties)} have equal remainders; the note's order decided.", "/claim/tie_order")


@rule(
    "charge_missing",
    Severity.BLOCK,
    "Each line has a charge",
    fix="Add the procedure to the fee schedule.",
    source=sources.GUIDE,
)
def charge_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A charge of nothing is refused, and it is no gift either."""
    for place, line in enumerate(context.claim.lines):
        if line.charge_cents <= 0:
            yield Hit(f"{line.procedure} has no charge.", f"/claim/lines/{place}/charge_cents")


@rule(
    "charge_not_the_fee",
    Severity.BLOCK,
    "One fee schedule for all payers",
    fix="Charge the fee of the schedule; a lower cash price is an adjustment with a reason, never a second fee.",
    source=sources.FEES,
)
def charge_not_the_fee(context: ScrubberInput) -> Iterator[Hit]:
    """A higher fee for insurers than for others is what insurers call fraud; a charge is the fee times units."""
    fees = dict(context.claim.fee_cents)
    for place, line in enumerate(context.claim.lines):
        fee = fees.get(line.procedure)
        if fee is None or line.units < 1 or line.charge_cents == multiply(fee, line.units):
            continue
        right, path = multiply(fee, line.units), f"/claim/lines/{place}/charge_cents"
        charged = format_dollars(line.charge_cents)
        text = f"{line.procedure} is charged {charged}; the schedule gives {format_dollars(right)}."
        yield Hit(text, path, patch=(PatchStep("set", path, right),))


@rule(
    "pointer_missing",
    Severity.BLOCK,
    "Each line points to a diagnosis",
    fix="Point the line to the diagnosis that it treated.",
    source=sources.GUIDE,
)
def pointer_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A line without a pointer says nothing of why."""
    for place, line in enumerate(context.claim.lines):
        if not line.pointers:
            yield Hit(f"{line.procedure} points to no diagnosis.", f"/claim/lines/{place}/pointers")


@rule(
    "pointer_to_nothing",
    Severity.BLOCK,
    "A pointer leads to a diagnosis that is there",
    fix="Point to one of the claim's diagnoses.",
    source=sources.GUIDE,
)
def pointer_to_nothing(context: ScrubberInput) -> Iterator[Hit]:
    """Pointers count from 1 into the claim's diagnoses."""
    count = len(context.claim.diagnoses)
    for place, line in enumerate(context.claim.lines):
        for at, pointer in enumerate(line.pointers):
            if not 1 <= pointer <= count:
                text = f"{line.procedure} points to diagnosis {pointer}; the claim has {count}."
                yield Hit(text, f"/claim/lines/{place}/pointers/{at}")


@rule(
    "pointers_too_many",
    Severity.BLOCK,
    "Four pointers a line, each once",
    fix="Keep the four that matter most, each once.",
    source=sources.GUIDE,
)
def pointers_too_many(context: ScrubberInput) -> Iterator[Hit]:
    """A line holds four pointers, and none of them twice."""
    for place, line in enumerate(context.claim.lines):
        if len(line.pointers) > MAX_POINTERS or len(set(line.pointers)) < len(line.pointers):
            kept = tuple(dict.fromkeys(line.pointers))[:MAX_POINTERS]
            path = f"/claim/lines/{place}/pointers"
            text = f"{line.procedure} has more than {MAX_POINTERS} pointers or one of them twice."
            yield Hit(text, path, patch=(PatchStep("set", path, kept),))


RULES: tuple[Rule, ...] = (
    lines_missing,
    lines_too_many,
    procedure_unknown,
    units_method_not_payers,
    units_not_from_minutes,
    minutes_of_timed_line_missing,
    units_none,
    untimed_more_than_once,
    units_tied,
    charge_missing,
    charge_not_the_fee,
    pointer_missing,
    pointer_to_nothing,
    pointers_too_many,
)
