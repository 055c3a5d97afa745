"""What a denial asks to be corrected and the record itself answers: what is on file, and nothing that is made up.

A modifier that says "separate" where the signed note shows it of every other procedure of the claim; an authorization
that is on file by now; diagnoses as the note assigns them. A diagnosis is never exchanged for another in order to be
paid, and where the record answers nothing, a person decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.claims.domain.payer_responses import AdjustmentResponse
from services.claims.domain.rules.separate import WANTED_BY_MODIFIER, separations
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.domain.sending import IllegalMove
from shared.codesets.adjustments import normal_reason_code
from shared.codesets.pair_edits import PairEdit
from shared.dates import DateRange

INCLUDED, AUTHORIZATION, DIAGNOSIS = "included", "authorization", "diagnosis"
ASKED_BY_REASON: Mapping[str, str] = (
    dict.fromkeys(("97", "231", "234", "236"), INCLUDED)
    | dict.fromkeys(("15", "197", "198", "242", "243", "284", "302"), AUTHORIZATION)
    | dict.fromkeys(("11", "146"), DIAGNOSIS)
)
ASKED_BY_REMARK: Mapping[str, str] = {"M62": AUTHORIZATION, "M76": DIAGNOSIS, "MA63": DIAGNOSIS}
CORRECTED = frozenset({"correct_claim", "fix_and_resubmit"})
DISTINCT = "59"


@dataclass(frozen=True, slots=True)
class Patch:
    """Modifiers that are added by procedure, whether the biller's own pointers are given up for those of the note, and
    what was done, in sentences."""

    modifiers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pointers_of_note: bool = False
    done: tuple[str, ...] = ()

    def with_one(self, other: "Patch") -> "Patch":
        """Both together."""
        return Patch(
            self.modifiers | other.modifiers,
            self.pointers_of_note or other.pointers_of_note,
            tuple(dict.fromkeys((*self.done, *other.done))),
        )


@dataclass(frozen=True, slots=True)
class Records:
    """The claim as the payer has it, all that is on file for it now, and whether the biller chose pointers of her own
    for it."""

    sent: ProfessionalClaim
    now: ScrubberInput
    own_pointers: bool


def suggested_patch(adjustments: Sequence[AdjustmentResponse], records: Records) -> Patch:
    """What corrects every adjustment that asks for a corrected claim. Raises IllegalMove (`no_safe_patch`) where one of
    them is for a person."""
    found = Patch()
    wanted = [one for one in adjustments if one.next_action in CORRECTED and one.amount_cents > 0]
    answers = [(one, _answer(one, records)) for one in wanted]
    unanswered = [one for one, patch in answers if patch is None]
    if unanswered or not wanted:
        names = ", ".join(dict.fromkeys(f"{one.group}-{one.reason_code}" for one in unanswered)) or "it"
        message = f"Nothing on file answers {names}."
        raise IllegalMove("no_safe_patch", message, "Do what its `fix` says, and send what you change in this body.")
    for _one, patch in answers:
        found = found.with_one(patch or Patch())
    return found


def _answer(one: AdjustmentResponse, records: Records) -> Patch | None:
    asked = _asked(one.reason_code, one.remark_codes)
    answer = ANSWERS.get(asked)
    return answer(one, records) if answer is not None else None


def _asked(reason_code: str, remark_codes: Iterable[str]) -> str:
    by_remark = next((ASKED_BY_REMARK[code] for code in remark_codes if code in ASKED_BY_REMARK), "")
    return by_remark or ASKED_BY_REASON.get(normal_reason_code(reason_code), "")


def _separate(one: AdjustmentResponse, records: Records) -> Patch | None:
    line = records.sent.numbered_lines.get(one.line_number or 0)
    if line is None or WANTED_BY_MODIFIER.keys() & {*line.modifiers}:
        return None
    others = {other.procedure_code for other in records.sent.lines} - {line.procedure_code}
    pairs = [PairEdit(other, line.procedure_code, 1, DateRange()) for other in others]
    if not pairs or not all(separations(records.now, pair) for pair in pairs):
        return None
    done = f"{line.procedure_code} has {DISTINCT}: the note shows that it was separate."
    return Patch(modifiers={line.procedure_code: (DISTINCT,)}, done=(done,))


def _authorized(one: AdjustmentResponse, records: Records) -> Patch | None:
    now = records.now.claim.numbered_lines
    numbers = [one.line_number] if one.line_number is not None else list(now)
    before = records.sent.numbered_lines
    found = [
        now[number].authorization_number
        for number in numbers
        if number in now
        and now[number].authorization_number
        and (number not in before or now[number].authorization_number != before[number].authorization_number)
    ]
    if len(found) != len(numbers):
        return None
    return Patch(done=("The authorization that is on file by now stands on it.",))


def _of_the_note(_one: AdjustmentResponse, records: Records) -> Patch | None:
    if not records.own_pointers and records.sent.diagnoses == records.now.claim.diagnoses:
        return None
    return Patch(pointers_of_note=True, done=("Diagnoses and pointers are those of the signed note.",))


ANSWERS: Mapping[str, Callable[[AdjustmentResponse, Records], Patch | None]] = {
    INCLUDED: _separate,
    AUTHORIZATION: _authorized,
    DIAGNOSIS: _of_the_note,
}
