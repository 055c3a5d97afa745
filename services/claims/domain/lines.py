"""From a treatment note to the lines of a claim: codes, units, modifiers, pointers, charges.

Rules applied here: one line for each procedure and therapist, in the note's order; untimed procedures are one unit and
add no minutes; a procedure with too few minutes for a unit is not billed; an unknown procedure is never billed by
guess; one fee schedule for all payers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.claims.domain.scrubber_input import NoteInput, ProfessionalServiceLine, TechniqueInput
from services.claims.domain.units import Units, units_of
from shared.codesets import CodeSets
from shared.codesets.icd10 import without_dot
from shared.money import multiply
from shared.payer_profiles import ModifierWant, PayerProfile
from shared.plural import counted

MAX_DIAGNOSES = 12
MAX_POINTERS = 4
MAX_MODIFIERS = 4
EXTERNAL_CAUSES = ("V", "W", "X", "Y")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A procedure of the note that is not on the claim, and why; with its therapist where several did it."""

    procedure_code: str
    minutes: int
    why: str


@dataclass(frozen=True, slots=True)
class BuiltLines:
    """Lines and the arithmetic behind them. ``diagnoses`` are the claim's, in the note's order, at most 12."""

    lines: tuple[ProfessionalServiceLine, ...]
    diagnoses: tuple[str, ...]
    method: str
    arithmetic: str
    ties: tuple[str, ...] = ()
    """Procedures whose remainders tied for the last unit."""
    dropped: tuple[Dropped, ...] = ()

    @property
    def unbilled_minutes(self) -> int:
        """Minutes of the note that no line bills."""
        return sum(entry.minutes for entry in self.dropped)


def lines_as_billed(
    lines: Sequence[ProfessionalServiceLine], modifiers: Mapping[str, Sequence[str]]
) -> tuple[ProfessionalServiceLine, ...]:
    """The lines of the claim to the payer before, for the next payer: without that coverage's authorizations, with the
    modifiers that the biller adds for this payer, as many as there is room for."""
    return tuple(
        replace(
            line,
            authorization_id="",
            authorization_number="",
            modifiers=tuple(dict.fromkeys((*line.modifiers, *modifiers.get(line.procedure_code, ()))))[:MAX_MODIFIERS],
        )
        for line in lines
    )


def build_lines(
    note: NoteInput,
    profile: PayerProfile,
    fees_cents: Mapping[str, int],
    *,
    taxonomy: str,
    tie_order: Sequence[str] = (),
    left_off: Sequence[str] = (),
    modifiers: Mapping[str, Sequence[str]] | None = None,
    pointers: Mapping[str, Sequence[str]] | None = None,
    codes: CodeSets,
) -> BuiltLines:
    """The lines of one note, or of all of a day as one, for one payer, at the practice's fee for each unit, in cents.
    ``taxonomy`` is the treating therapist's. ``modifiers`` are those that a biller adds by procedure; the payer's own
    are added automatically. ``pointers`` are diagnoses that a biller has a procedure point to in place of its
    techniques'. ``left_off`` are procedures that are not billed: their minutes do not count for the other lines either.
    """
    on, added, chosen = note.date_of_service, modifiers or {}, pointers or {}
    work = _work(note)
    code_of = {name: done[0].procedure_code for name, done in work.items()}
    minutes = {name: sum(technique.minutes for technique in done) for name, done in work.items()}
    unknown = tuple(name for name, code in code_of.items() if codes.procedures.get(code) is None)
    # Left out before the pool is made: minutes that are not billed must not round another procedure up.
    wanted = [name for name in work if name not in unknown and code_of[name] not in left_off]
    timed = {name: minutes[name] for name in wanted if _is_timed(codes, code_of[name])}
    pool = units_of(timed, profile.unit_method, [one for code in tie_order for one in wanted if code_of[one] == code])
    units = {name: pool.of(name) if name in timed else 1 for name in wanted}
    dropped = _dropped(minutes, [name for name in wanted if not units[name]], unknown, wanted)
    lines = tuple(
        ProfessionalServiceLine(
            procedure_code=code_of[name],
            units=units[name],
            charge_cents=multiply(fees_cents.get(code_of[name], 0), units[name]),
            modifiers=_modifiers(profile, codes, taxonomy, code_of[name], on, added.get(code_of[name], ())),
            pointers=_pointers(note, work[name], chosen.get(code_of[name], ()), codes),
            minutes=minutes[name] if name in timed else None,
            therapist_id=work[name][0].therapist_id,
            note_ids=tuple(dict.fromkeys(one.note_id for one in work[name] if one.note_id)),
        )
        for name in wanted
        if units[name]
    )
    return BuiltLines(
        lines=lines,
        diagnoses=note.diagnoses[:MAX_DIAGNOSES],
        method=profile.unit_method,
        arithmetic=_arithmetic(pool, [name for name in wanted if name not in timed], dropped),
        ties=pool.ties,
        dropped=tuple(dropped),
    )


def _dropped(
    minutes: Mapping[str, int], too_few: Sequence[str], unknown: Sequence[str], wanted: Sequence[str]
) -> list[Dropped]:
    why_not = dict.fromkeys(too_few, "it has too few minutes for a unit")
    why_not |= dict.fromkeys(unknown, "it is not a known procedure")
    why_not |= {name: "it was left off" for name in minutes if name not in unknown and name not in wanted}
    return [Dropped(name, minutes[name], why) for name, why in why_not.items()]


def _work(note: NoteInput) -> dict[str, list[TechniqueInput]]:
    """What becomes a line each, by its name: the procedure, and who did it where several therapists did."""
    found: dict[tuple[str, str], list[TechniqueInput]] = {}
    for technique in note.techniques:
        found.setdefault((technique.procedure_code, technique.therapist_id), []).append(technique)
    shared = Counter(code for code, _ in found)
    return {
        code if shared[code] == 1 else f"{code} by {therapist_id or note.therapist_id}": done
        for (code, therapist_id), done in found.items()
    }


def _is_timed(codes: CodeSets, code: str) -> bool:
    known = codes.procedures.get(code)
    return known is not None and known.timed


def _modifiers(
    profile: PayerProfile, codes: CodeSets, taxonomy: str, code: str, on: date, added: Sequence[str]
) -> tuple[str, ...]:
    """The biller's modifiers first (they decide payment), then the payer's; each once, at most four."""
    wanted = [want.modifier for want in wanted_modifiers(profile, codes, taxonomy, code, on)]
    return tuple(dict.fromkeys([*added, *wanted]))[:MAX_MODIFIERS]


def wanted_modifiers(
    profile: PayerProfile, codes: CodeSets, taxonomy: str, code: str, on: date
) -> tuple[ModifierWant, ...]:
    """The modifiers that the payer wants on a procedure by a therapist of this taxonomy, on the day of service."""
    known = codes.procedures.get(code)
    always = known is not None and known.always_therapy
    return profile.wanted_modifiers(code, codes.scopes.therapy_modifier(taxonomy, known), always, on)


def treated_by(note: NoteInput, technique: TechniqueInput, codes: CodeSets) -> tuple[str, ...]:
    """The diagnoses that a technique treated: those that it names; else, where more apply than a line can point to,
    those of the note that are of its region, as the words of the classification say. Empty where neither is known."""
    if technique.diagnoses or len(_reasons(note)) <= MAX_POINTERS:
        return technique.diagnoses
    regions, place = codes.body_regions, codes.body_regions.read(technique.region, technique.side)
    places = {one: regions.named_in(codes.diagnoses.description(without_dot(one))) for one in _reasons(note)}
    if place is None:
        return ()
    return tuple(one for one, there in places.items() if there is not None and not regions.apart(place, there))


def _reasons(note: NoteInput) -> list[str]:
    """The note's diagnoses on the claim, without external causes (V to Y): these say how an injury came about, and are
    no reason for treatment by themselves."""
    return [one for one in note.diagnoses[:MAX_DIAGNOSES] if not one.upper().startswith(EXTERNAL_CAUSES)]


def _pointers(
    note: NoteInput, done: Sequence[TechniqueInput], given: Sequence[str], codes: CodeSets
) -> tuple[int, ...]:
    """Positions of the diagnoses that the biller has `given` for this procedure, else of those that the techniques
    treated, in the order in which they name them, at most four. A technique of which nothing is known treated all of
    them, in the note's order, external causes only if there are no others."""
    places = {without_dot(diagnosis): place for place, diagnosis in enumerate(note.diagnoses[:MAX_DIAGNOSES], 1)}
    if given:
        return tuple(dict.fromkeys(place for one in given if (place := places.get(without_dot(one)))))[:MAX_POINTERS]
    treated = [treated_by(note, technique, codes) for technique in done]
    named = [without_dot(diagnosis) for diagnoses in treated for diagnosis in diagnoses]
    if not all(treated):
        named += places
    chosen = [place for diagnosis in dict.fromkeys(named) if (place := places.get(diagnosis))]
    inner = [place for place in chosen if not note.diagnoses[place - 1].startswith(EXTERNAL_CAUSES)]
    return tuple((inner or chosen)[:MAX_POINTERS])


def _arithmetic(pool: Units, untimed: Sequence[str], dropped: Sequence[Dropped]) -> str:
    parts = [pool.sentence] if pool.codes or not untimed else []
    parts += [f"{code} is untimed and counts 1 unit" for code in untimed]
    parts += [
        f"{counted(entry.minutes, 'minute')} of {entry.procedure_code} not billed: {entry.why}" for entry in dropped
    ]
    whole = "; ".join(parts) + "."
    return whole[0].upper() + whole[1:]
