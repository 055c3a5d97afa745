"""Edits between procedures of one day, units per day, and procedures that a payer pays differently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from services.claims.domain.lines import MAX_MODIFIERS
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.permission import claims_of_day
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.rules.separate import (
    GROUP,
    one_after_the_other,
    proven,
    separations,
    what_would_show,
)
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.domain.units import units_of
from services.claims.domain.visit_lines import shares_of
from shared.codesets.pair_edits import COLUMN_ONE_COUNTS_FROM, SEPARATING_MODIFIERS, PairEdit
from shared.plural import counted

CARE_MODIFIERS = SEPARATING_MODIFIERS | {"25"}


def _edits(context: ScrubberInput) -> Iterator[tuple[int, int, PairEdit]]:
    """Positions of the column 1 and column 2 lines of every pair on the claim with an edit in force."""
    for (one, first), (two, second) in combinations(enumerate(context.claim.lines), 2):
        edit = context.codes.pairs.between(first.procedure_code, second.procedure_code, context.on)
        if edit:
            # The edit says which of the two is paid; their order on the claim does not.
            yield (one, two, edit) if first.procedure_code == edit.column1 else (two, one, edit)


def pairs_of_day(context: ScrubberInput) -> set[frozenset[str]]:
    """The pairs of procedures of this day, on this claim and on others, that an edit in force binds."""
    mine = context.claim.procedure_codes()
    others = mine | {line.procedure_code for past in claims_of_day(context) for line in past.lines}
    between = context.codes.pairs.between
    return {frozenset({one, other}) for one in mine for other in others if between(one, other, context.on)}


def _source(context: ScrubberInput) -> str:
    return f"{context.codes.pairs.source}, edition {context.codes.pairs.version}"


def hardness(context: ScrubberInput) -> Severity:
    """A payer that does not follow Medicare's edits may still deny, so the finding is a warning, and for information
    where the payer itself has said so."""
    payer = context.payer
    if payer.ncci:
        return Severity.BLOCK
    return Severity.WARN if payer.ncci_presumed else Severity.INFO


def _left_units(context: ScrubberInput, without: str) -> str:
    """The units that remain when one procedure is left off: its minutes are removed from the pool."""
    timed: dict[str, int] = {}
    for line in context.claim.lines:
        if line.minutes and line.minutes > 0 and line.procedure_code != without:
            timed[line.procedure_code] = timed.get(line.procedure_code, 0) + line.minutes
    if not timed or context.payer.unit_method not in {"cms", "ama"}:
        return ""
    units = units_of(timed, context.payer.unit_method, context.claim.tie_order)
    return f" Its minutes are removed from the pool: {units.sentence}."


@rule(
    "pair_never_together",
    Severity.BLOCK,
    "Two procedures are never paid together",
    fix="Leave the second procedure off the claim (`left_off`); no modifier helps.",
)
def pair_never_together(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Indicator 0: on one day column 2 is not paid with column 1, with or without 59 (97124 with 97140). It binds
    Medicare; of other payers it is presumed until they have said what they do."""
    for _, two, edit in _edits(context):
        if edit.indicator != 0:
            continue
        label = context.codes.procedures.label
        fix = f"Leave {edit.column2} off the claim (`left_off`); no modifier helps.{_left_units(context, edit.column2)}"
        text = f"{label(edit.column2)} is not paid with {label(edit.column1)} on one day, not even with 59."
        presumed = context.payer.ncci_presumed
        if presumed:
            fix += " If this payer has its own rule and pays both, say so (its `ncci_edits`), or override it."
        yield RuleMatch(
            text,
            f"/claim/lines/{two}/procedure_code",
            fix=fix,
            severity=hardness(context),
            source=_source(context),
            effective_from=edit.days.effective_from,
            effective_to=edit.days.effective_to,
            overridable=presumed,
        )


def _bearing(edit: PairEdit, context: ScrubberInput) -> frozenset[str]:
    is_care = context.codes.procedures.family(edit.column2) == "care"
    # An evaluation beside a procedure is shown to be separate with 25; for two procedures 25 means nothing.
    return CARE_MODIFIERS if is_care else SEPARATING_MODIFIERS


@rule(
    "pair_needs_modifier",
    Severity.BLOCK,
    "Two procedures need proof that they were separate",
    fix="Leave the second procedure off the claim (`left_off`).",
)
def pair_needs_modifier(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Indicator 1: column 2 is paid with column 1 only with 59 or an X modifier, and only if truly separate."""
    for one, two, edit in _edits(context):
        lines, bearing = context.claim.lines, _bearing(edit, context)
        marked = bearing & {*lines[one].modifiers, *lines[two].modifiers}
        if edit.indicator != 1 or marked:
            continue
        path = f"/claim/lines/{two}/modifiers"
        patch: tuple[PatchStep, ...] = ()
        wanted = "25" if "25" in bearing else "59"
        shown = separations(context, edit)
        if shown and len(lines[two].modifiers) < MAX_MODIFIERS:
            how = " and ".join(sorted(shown))
            fix = f"The note shows that they were {how}: add {wanted} to {edit.column2} (`modifiers` of the claim)."
            patch = (PatchStep("set", path, (wanted, *lines[two].modifiers)),)
        else:
            apart = f"{wanted} is only for what the note shows to be separate."
            if wanted in SEPARATING_MODIFIERS:
                apart += f" That takes {what_would_show(context, edit, wanted)}."
            fix = f"Leave {edit.column2} off (`left_off`). {apart}"
        text = f"{edit.column2} is included in {edit.column1} on one day unless it was separate."
        yield RuleMatch(text, path, fix=fix, patch=patch, severity=hardness(context), source=_source(context))


@rule(
    "pair_modifier_without_proof",
    Severity.BLOCK,
    "Modifier 59 only if the note supports it",
    fix=(
        "Leave the second procedure off (`left_off`), or remove the modifier (`modifiers` of the claim). If they were "
        "separate, the note must show it (`region`, `side` and `start_minute` of its `techniques`)." + NEW_NOTE
    ),
    overridable=True,
)
def pair_modifier_without_proof(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A separating modifier makes a statement about the treatment; the note must support it."""
    for one, two, edit in _edits(context):
        lines = context.claim.lines
        marked = SEPARATING_MODIFIERS & {*lines[one].modifiers, *lines[two].modifiers}
        if edit.indicator != 1 or not marked:
            continue
        shown = separations(context, edit)
        if not any(proven(modifier, shown) for modifier in marked):
            modifier = min(marked)
            text = f"{edit.column2} carries {modifier} with {edit.column1}, and the note does not show it: that takes"
            text += f" {what_would_show(context, edit, modifier)}."
            yield RuleMatch(text, f"/claim/lines/{two}/modifiers")


@rule(
    "pair_modifier_on_column_one",
    Severity.WARN,
    "The separating modifier goes on the second procedure",
    fix="Move the modifier to the second procedure (`modifiers` of the claim).",
)
def pair_modifier_on_column_one(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Column 2 carries the modifier; on column 1 Medicare accepts it since July 2019 and other payers may not."""
    if context.payer.ncci_modifier_line == "column1":
        return
    for one, two, edit in _edits(context):
        lines, bearing = context.claim.lines, _bearing(edit, context)
        if edit.indicator == 1 and bearing & set(lines[one].modifiers) and not bearing & set(lines[two].modifiers):
            before = context.on < COLUMN_ONE_COUNTS_FROM
            text = f"The separating modifier is on {edit.column1} and belongs on {edit.column2}."
            yield RuleMatch(text, f"/claim/lines/{one}/modifiers", severity=Severity.BLOCK if before else None)


@rule(
    "units_unlikely",
    Severity.WARN,
    "No more units in a day than Medicare considers likely",
    fix=(
        "Check the minutes. If they are right, acknowledge the warning and keep the note for an appeal; if they "
        "are wrong, correct them (`techniques` of the note)." + NEW_NOTE
    ),
)
def units_unlikely(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Indicators 1 and 2 always block, 3 is a clinical limit and warns. All count the units of the visit, on however
    many lines they stand."""
    if not context.payer.mue:
        return
    billed = shares_of(context.claim.lines)
    edition = f"{context.codes.limits.source}, edition {context.codes.limits.version}"
    for place, line in enumerate(context.claim.lines):
        limit = context.codes.limits.get(line.procedure_code)
        if limit is None:
            continue
        units = billed[line.procedure_code]
        if units > limit.units:
            clinical = limit.indicator == 3
            fix = "" if clinical else "Leave it off (`left_off`), or correct the `techniques` of the note." + NEW_NOTE
            text = f"{line.procedure_code} has {counted(units, 'unit')}; more than {limit.units} a day is unlikely."
            severity = Severity.WARN if clinical else Severity.BLOCK
            if not limit.units:
                text = (
                    f"{line.procedure_code} is not paid separately by Medicare: it is included in the other services."
                )
                # Not everybody does as Medicare does here: some plans pay it, and the payer's profile names who does.
                severity = Severity.WARN if line.procedure_code in context.payer.procedures_bundled else Severity.INFO
            yield RuleMatch(text, f"/claim/lines/{place}/units", fix=fix, severity=severity, source=edition)


@rule(
    "units_above_payers_day",
    Severity.BLOCK,
    "The payer's limit of units per day",
    fix="Leave procedures off (`left_off`), or override it and expect the payer to pay no more than its limit.",
    overridable=True,
)
def units_above_payers_day(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some payers pay only a fixed number of timed units per day."""
    limit = context.payer.units_a_day
    timed = sum(
        line.units
        for line in context.claim.lines
        if (known := context.codes.procedures.get(line.procedure_code)) and known.timed
    )
    if limit is not None and timed > limit:
        yield RuleMatch(f"The claim has {timed} timed units; this payer pays {limit} a day.", "/claim/lines")


@rule(
    "procedure_bundled",
    Severity.WARN,
    "A procedure that this payer never pays separately",
    fix="Leave it off (`left_off`), or acknowledge the warning and expect no payment for it.",
)
def procedure_bundled(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Under Medicare hot and cold packs are bundled into other services and are never paid separately."""
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code in context.payer.procedures_bundled:
            name = context.codes.procedures.label(line.procedure_code)
            yield RuleMatch(
                f"{name} is bundled by this payer and pays nothing.", f"/claim/lines/{place}/procedure_code"
            )


@rule(
    "procedure_coded_otherwise",
    Severity.BLOCK,
    "This payer requires another code",
    fix="Bill the code that the payer requires (`procedure_code` of the technique)." + NEW_NOTE,
    effective_from=date(2003, 3, 1),
)
def procedure_coded_otherwise(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Unattended electrical stimulation is G0283 for Medicare and 97014 for some others."""
    elsewhere = dict(context.payer.procedures_paid_elsewhere)
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code in elsewhere:
            wanted, path = elsewhere[line.procedure_code], f"/claim/lines/{place}/procedure_code"
            yield RuleMatch(
                f"This payer does not accept {line.procedure_code}; it requires {wanted}.",
                path,
                fix=f"Bill {wanted} (`procedure_code` of the technique)." + NEW_NOTE,
            )


@rule(
    "procedure_refused",
    Severity.BLOCK,
    "This payer does not pay this procedure",
    fix="Leave it off (`left_off`), and bill the patient where the plan allows it and a notice was signed.",
    overridable=True,
)
def procedure_refused(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A payer's profile may exclude procedures."""
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code in context.payer.procedures_refused:
            yield RuleMatch(f"This payer does not pay {line.procedure_code}.", f"/claim/lines/{place}/procedure_code")


@rule(
    "group_beside_single",
    Severity.WARN,
    "Group therapy is not one-to-one",
    fix=(
        "Leave 97150 off (`left_off`), or acknowledge the warning if the group was at another time than the one-to-one "
        "work; a note that has the start of each technique (`start_minute`) shows it."
    ),
)
def group_beside_single(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Massage for one patient is never group therapy; the note must show when the group therapy took place."""
    others = context.claim.procedure_codes() - {GROUP}
    shown = all(one_after_the_other(context, GROUP, other) for other in others)
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code == GROUP and not shown:
            yield RuleMatch(
                "Group therapy and one-to-one treatment are billed for the same day.",
                f"/claim/lines/{place}/procedure_code",
            )


RULES: tuple[Rule, ...] = (
    pair_never_together,
    pair_needs_modifier,
    pair_modifier_without_proof,
    pair_modifier_on_column_one,
    units_unlikely,
    units_above_payers_day,
    procedure_bundled,
    procedure_coded_otherwise,
    procedure_refused,
    group_beside_single,
)
