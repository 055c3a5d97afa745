"""How a claim that a payer may already have is sent again: as a replacement (frequency 7), as new (1), or to void (8).

The one place that decides it, and that says why a move is not legal. Sources: 005010X222A1, CLM05-3 and REF*F8 of loop
2300; X12's RFI 2173 (REF*F8 with a replacement or a void of an adjudicated claim); Medicare Claims Processing Manual
ch. 1 §80.3 (an unprocessable claim, MA130, had no initial determination and is sent as new) and ch. 34 (Medicare part B
corrects by reopening and takes neither 7 nor 8).
"""

from dataclasses import dataclass
from enum import StrEnum

from services.claims.domain.lifecycle import NOT_SUBMITTED, REJECTED, ClaimState
from services.claims.domain.payer_responses import PayerResponses
from services.claims.domain.scrubber_input import ProfessionalClaim
from shared.payer_profiles import PayerProfile

REOPENING = "reopening"


class Frequency(StrEnum):
    """CLM05-3."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


@dataclass(frozen=True, slots=True)
class Sending:
    """How the next submission is sent and why, in a sentence. `lines` are the numbers of the lines that it bills, empty
    for all of them."""

    frequency: Frequency
    why: str
    payer_claim_number: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the claim before it is sent again. `accepted_before` is whether the payer has accepted the
    submission before and not decided it; `payer_claim_number` is the payer's own number of what it has, where known;
    `sent_lines` are those of the newest submission, where it was not the whole claim."""

    state: ClaimState
    frequency: Frequency
    responses: PayerResponses
    profile: PayerProfile
    accepted_before: bool = False
    payer_claim_number: str = ""
    sent_lines: tuple[int, ...] = ()
    denied_lines: tuple[int, ...] = ()
    line_count: int = 0

    @property
    def at_payer(self) -> bool:
        """Whether the payer has a version of the claim that it would replace or void."""
        decided = bool(self.responses.payments_in_force) and not self.responses.unprocessable
        return decided or self.accepted_before or self.state is ClaimState.ACCEPTED_BY_PAYER


class IllegalMove(Exception):
    """The claim cannot be sent again in this way: `code`, why in a sentence, and what to do instead."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def correction(standing: Standing, *, send_as: str | None = None, only_denied_lines: bool = False) -> Sending:
    """How a corrected claim is sent; `send_as` is `replacement` or `new` where the biller insists. Raises
    IllegalMove."""
    _refuse_early(standing)
    if not standing.at_payer:
        return _as_new(standing, send_as, only_denied_lines)
    if only_denied_lines:
        return _denied_lines(standing, send_as)
    takes = standing.profile.corrected_claims
    if takes == REOPENING:
        raise _no_frequencies("replaces no decided claim by another", standing.profile)
    if send_as == "new" and any(one.paid_cents for one in standing.responses.payments_in_force):
        raise IllegalMove(
            "paid_claim_is_replaced",
            "The payer has paid on this claim; a new one would be a duplicate.",
            "Send it as a replacement, or only its denied lines as new.",
        )
    if send_as == "new" or (takes == "new" and send_as is None):
        why = "It is sent as new (frequency 1): " + (
            "the biller says so, and nothing was paid." if send_as == "new" else "this payer wants corrections so."
        )
        return Sending(Frequency.ORIGINAL, why)
    return Sending(
        Frequency.REPLACEMENT,
        "The payer has decided it or accepted it: it is replaced as a whole (frequency 7).",
        standing.payer_claim_number,
        standing.sent_lines,
    )


def changed_by_reopening(profile: PayerProfile, responses: PayerResponses) -> bool:
    """Whether this payer changes what it has decided by reopening alone, so that no correction of it can be sent."""
    return profile.corrected_claims == REOPENING and not responses.unprocessable


def decided_meanwhile(claim: ProfessionalClaim, responses: PayerResponses) -> bool:
    """Whether the payer has decided an earlier submission after this one was made as new: it would be a duplicate."""
    made_of_a_decision = claim.decided_on is not None or claim.frequency != Frequency.ORIGINAL
    return not made_of_a_decision and bool(responses.payments_in_force) and not responses.unprocessable


def void(standing: Standing) -> Sending | None:
    """How a claim is voided: with frequency 8 where the payer has it; None where nobody has it, so that nothing is
    sent. Raises IllegalMove."""
    if standing.state == ClaimState.VOIDED:
        raise IllegalMove("claim_voided", "The claim is voided already.", "Nothing to do.")
    if standing.state not in NOT_SUBMITTED:
        _refuse_early(standing)
    if not standing.at_payer:
        return None
    if standing.profile.corrected_claims != "replacement":
        raise _no_frequencies("voids no claim by another", standing.profile)
    if standing.sent_lines:
        raise IllegalMove(
            "two_decisions_stand",
            "The payer has decided two claims for this visit, as its denied lines were sent by themselves.",
            "Ask the payer to take both back; its reversals are posted when they come.",
        )
    if not standing.payer_claim_number:
        raise IllegalMove(
            "payer_claim_number_missing",
            "A void names the payer's own number of the claim (REF*F8), and none is known.",
            "Ask the payer for it and give it as payer_claim_number.",
        )
    why = "The payer has the claim: it is asked to take its decision back (frequency 8)."
    return Sending(Frequency.VOID, why, standing.payer_claim_number)


def _refuse_early(standing: Standing) -> None:
    """Moves that come too early, or too late."""
    state = standing.state
    if state is ClaimState.VOIDED:
        raise IllegalMove("claim_voided", "The claim is voided.", "Make a new claim of the note and the coverage.")
    if state in NOT_SUBMITTED:
        raise IllegalMove("claim_not_submitted", "The claim has not been sent in this form.", "Refresh it instead.")
    if state in (ClaimState.SUBMITTED, ClaimState.ACCEPTED_BY_CLEARINGHOUSE):
        raise IllegalMove(
            "answer_awaited",
            "The payer has not answered the last submission; what it has is not known yet.",
            "Wait for its 277CA or its remittance, or ask for the status.",
        )
    if standing.frequency is Frequency.VOID and state not in REJECTED:
        raise IllegalMove(
            "void_under_way",
            "The payer has been asked to void the claim and has not taken its decision back yet.",
            "Wait for its reversal, or ask for the status.",
        )


def _as_new(standing: Standing, send_as: str | None, only_denied_lines: bool) -> Sending:
    """Nothing of the claim stands at the payer."""
    if standing.responses.unprocessable:
        why = "The payer could not process it (MA130) and has decided nothing: it is sent as new (frequency 1)."
    elif standing.responses.payments:
        why = "The payer has taken its decision back, so nothing is left to replace: it is sent as new (frequency 1)."
    else:
        why = "It was rejected and never adjudicated: it is sent as new (frequency 1)."
    if send_as == "replacement":
        raise IllegalMove("nothing_to_replace", why, "Leave send_as out, or say `new`.")
    if only_denied_lines:
        raise IllegalMove("no_line_was_decided", why, "Send the whole claim: leave only_denied_lines out.")
    return Sending(Frequency.ORIGINAL, why)


def _denied_lines(standing: Standing, send_as: str | None) -> Sending:
    """Lines that were denied go again by themselves; a replacement would have to name the paid ones too."""
    if send_as == "replacement":
        raise IllegalMove(
            "replacement_is_whole",
            "A replacement (frequency 7) takes the place of the whole claim, so its paid lines belong on it too.",
            "Leave out send_as or only_denied_lines.",
        )
    if not standing.denied_lines or len(standing.denied_lines) == standing.line_count:
        every = "No line was denied." if not standing.denied_lines else "Every line was denied."
        raise IllegalMove("not_some_lines_denied", every, "Correct the whole claim: leave only_denied_lines out.")
    why = "Only its denied lines are sent, as new (frequency 1); what was paid stays as it is."
    return Sending(Frequency.ORIGINAL, why, lines=standing.denied_lines)


def _no_frequencies(words: str, profile: PayerProfile) -> IllegalMove:
    source = profile.corrected_claims_source or "the payer's profile"
    return IllegalMove(
        "payer_takes_no_replacement",
        f"This payer {words} ({source}).",
        "Ask it for a reopening, appeal, or refund what it paid too much.",
    )
