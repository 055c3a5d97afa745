"""Numbers and persons that cannot be who they claim to be: invented ids, wrong forms, a therapist's own care."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.programs import INJURY
from shared.wire.basic_character_set import to_basic

WORDS = frozenset(
    {
        *(
            "UNKNOWN",
            "UNK",
            "PENDING",
            "NONE",
            "NA",
            "TBD",
            "TBA",
            "TEST",
            "SELF",
            "SAME",
            "NULL",
            "APPLIED",
            "UNASSIGNED",
        ),
        *("NOTAVAILABLE", "NOTKNOWN", "NOTYET", "NEEDED", "MISSING", "XXX", "ABC123", "PATIENT", "MEMBER", "PRIMARY"),
        *(
            "NOTONFILE",
            "ONFILE",
            "SEECARD",
            "SELFPAY",
            "CASH",
            "VERBAL",
            "REQUESTED",
            "WAITING",
            "INPROCESS",
            "REQUIRED",
        ),
        *("NOAUTH", "NOTREQUIRED", "NOTNEEDED", "DUMMY", "SAMPLE", "NONUMBER", "CALLBACK", "ASKPATIENT", "TOFOLLOW"),
    }
)
DIGITS_IN_ORDER = "01234567890"
DIGITS_BACKWARDS = DIGITS_IN_ORDER[::-1]
LEAST_DIGITS = 4
LEAST_LETTERS, MOST_FIGURES = 5, 3


def _is_placeholder(number: str, names: frozenset[str]) -> bool:
    """A word that stands for no number, the patient's name, one digit or letter repeated, or digits in their order."""
    bare = re.sub(r"[^A-Z0-9]", "", number.upper())
    word = bare.rstrip("0123456789")
    # A long word with a figure or two after it is no number either; short ones begin real ids.
    numbered = len(word) >= LEAST_LETTERS and len(bare) - len(word) <= MOST_FIGURES
    if bare in WORDS or bare in names or (numbered and word in WORDS):
        return True
    repeated = len(set(bare)) == 1
    in_order = len(bare) >= LEAST_DIGITS and (bare in DIGITS_IN_ORDER or bare in DIGITS_BACKWARDS)
    return bool(bare) and (repeated or in_order)


def _names(context: ScrubberInput) -> frozenset[str]:
    first, last = (
        re.sub(r"[^A-Z]", "", to_basic(name)) for name in (context.patient.first_name, context.patient.last_name)
    )
    return frozenset({first, last, first + last, last + first} - {""})


@rule(
    "id_is_placeholder",
    Severity.BLOCK,
    "Ids are the insurer's own",
    fix=(
        "Ask the patient for her card, or the insurer, and enter the number as it is (`member_id` or `claim_number` of "
        "the coverage, `number` of the authorization or referral)."
    ),
    overridable=True,
)
def id_is_placeholder(context: ScrubberInput) -> Iterator[RuleMatch]:
    """123456789, UNKNOWN, PENDING, one digit repeated, the patient's name: no insurer gives such a number, and a claim
    with it finds nobody."""
    claim, names = context.claim, _names(context)
    # An injury is paid by the insurer's claim number; who has no member id there is sent under a number of no meaning.
    member_id = "" if context.payer.program in INJURY else context.coverage.member_id
    given = (
        ("member id", member_id, "/coverage/member_id"),
        ("insurer's claim number", claim.insurer_claim_number, "/claim/insurer_claim_number"),
        ("authorization number", claim.authorization_number, "/claim/authorization_number"),
        ("referral number", claim.referral_number, "/claim/referral_number"),
    )
    for what, number, pointer in given:
        if number and _is_placeholder(number, names):
            yield RuleMatch(f"The {what} looks like one that stands for a number that is not known.", pointer)


@rule(
    "insurer_claim_number_form",
    Severity.BLOCK,
    "The insurer's claim number has the form of its numbers",
    fix="Copy the number from the insurer's letter (`claim_number` of the coverage), without the claimant's name.",
    overridable=True,
)
def insurer_claim_number_form(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some insurers' numbers have one form: Washington L&I's are a letter and six digits, or two letters and five. A
    self-insured employer's administrator may use a number of its own, so there it warns."""
    number, form = context.claim.insurer_claim_number.strip().upper(), context.payer.claim_number_form
    if not number or not form or re.fullmatch(form, number):
        return
    softer = Severity.WARN if context.coverage.self_insured else None
    text = f"The insurer's claim number is not of this insurer's form: {context.payer.claim_number_form_in_words}."
    source = context.payer.claim_number_form_source
    yield RuleMatch(text, "/claim/insurer_claim_number", severity=softer, source=source)


@rule(
    "therapist_is_patient",
    Severity.BLOCK,
    "Nobody treats herself",
    fix=(
        "If it is another person of the same name, override it and say so. Else void the claim; or correct who treated "
        "(`therapist_id` of the note)." + NEW_NOTE
    ),
    overridable=True,
)
def therapist_is_patient(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Care that a therapist gives herself is not paid; the patient's record has the therapist's id or name."""
    claim, patient, provider = context.claim, context.patient, context.provider
    hers = (to_basic(patient.first_name), to_basic(patient.last_name))
    theirs = (to_basic(provider.first_name), to_basic(provider.last_name))
    if claim.patient_id == claim.therapist_id or (all(hers) and hers == theirs):
        yield RuleMatch("The patient has the therapist's name.", "/patient/name")


RULES: tuple[Rule, ...] = (id_is_placeholder, insurer_claim_number_form, therapist_is_patient)
