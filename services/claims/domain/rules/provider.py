"""Who may bill what: numbers, taxonomy, license, credentialing, places."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.disciplines import MASSAGE
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets import tax_id_valid
from shared.dates import DateRange

TELEHEALTH = frozenset({"02", "10"})


@rule(
    "npi_referring_invalid",
    Severity.BLOCK,
    "The referring provider's NPI has the right check digit",
    fix="Correct the `referring_npi` of the referral.",
)
def npi_referring_invalid(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A referring NPI, if given, must be valid."""
    number = context.claim.referring_npi
    if number and not context.codes.npi_valid(number):
        yield RuleMatch("The referring provider's NPI is not a valid number.", "/claim/referring_npi")


@rule(
    "referring_is_rendering",
    Severity.BLOCK,
    "No therapist refers to herself",
    fix="Enter the NPI of the doctor who referred the patient (`referring_npi` of the referral).",
)
def referring_is_rendering(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The referring provider must be somebody other than the therapist."""
    number = context.claim.referring_npi
    if number and number == context.provider.npi:
        yield RuleMatch("The referring provider is the therapist.", "/claim/referring_npi")


@rule(
    "tax_id_invalid",
    Severity.BLOCK,
    "The tax id has nine digits",
    fix="Correct the `tax_id` of the practice and its `tax_id_type` (ein or ssn).",
)
def tax_id_invalid(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A tax id has nine digits that are not all the same."""
    if not tax_id_valid(context.billing.tax_id):
        yield RuleMatch("The practice's tax id is not valid.", "/billing/tax_id")


@rule(
    "taxonomy_unknown",
    Severity.WARN,
    "The therapist's taxonomy is known",
    fix=(
        "Set the `taxonomy` of the therapist as it is registered in NPPES and with the payer, or acknowledge the "
        "warning."
    ),
)
def taxonomy_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Without a taxonomy the scope of practice cannot be checked, and many payers reject the claim."""
    if context.provider.taxonomy not in context.codes.taxonomies:
        yield RuleMatch("The therapist's taxonomy is not known.", "/provider/taxonomy")


@rule(
    "license_not_in_force",
    Severity.BLOCK,
    "The license is valid on the date of service",
    fix=(
        "If the license was renewed, enter its last day (`license_expires_on` of the therapist). If it was not, "
        "void the claim: treatment without a license is not billed."
    ),
)
def license_not_in_force(context: ScrubberInput) -> Iterator[RuleMatch]:
    """No payer covers treatment without a valid license on the date of service."""
    if not DateRange(None, context.provider.license_expires_on).holds(context.on):
        yield RuleMatch("The therapist's license is not valid on the date of service.", "/provider/license_expires_on")


@rule(
    "credential_not_accepted",
    Severity.BLOCK,
    "The payer accepts this therapist",
    fix=(
        "Ask the payer and enter its decision with its days (`credentials` of the therapist); if the payer "
        "does not accept the therapist, void the claim."
    ),
    overridable=True,
)
def credential_not_accepted(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Credentials are by therapist, tax id and payer, with dates; pending is a warning, out of network is
    information."""
    fitting = [
        credential
        for credential in context.provider.credentials
        if credential.payer_id == context.claim.payer_id and credential.billing_tax_id in {"", context.billing.tax_id}
    ]
    if not fitting:
        return
    holding = [credential for credential in fitting if credential.in_force(context.on)]
    # Entries that begin later or have ended: the payer has said on which days it accepts her, and this day is none of
    # them.
    status = holding[0].status if holding else "not_accepted"
    if status == "not_accepted":
        yield RuleMatch("The payer does not accept this therapist on the date of service.", "/provider/credentials")
    elif status == "pending":
        text = "The payer has not decided about this therapist yet."
        yield RuleMatch(
            text,
            "/provider/credentials",
            fix="Hold the claim until the payer has decided, then enter its decision (`credentials` of the therapist).",
            severity=Severity.WARN,
        )
    elif status == "out_of_network":
        text = "The therapist is out of network with this payer."
        yield RuleMatch(
            text,
            "/provider/credentials",
            fix="Nothing to do for the claim; tell the patient what being out of network costs.",
            severity=Severity.INFO,
        )


@rule(
    "massage_therapist_not_paid",
    Severity.BLOCK,
    "Whether this payer pays massage therapists",
    fix=(
        "Void the claim and tell the patient. If the payer does pay massage therapists, correct its "
        "`massage_therapists`."
    ),
)
def massage_therapist_not_paid(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Medicare does not pay massage therapists; its Advantage plans and commercial plans may."""
    payer = context.payer
    if context.provider.taxonomy != MASSAGE or payer.massage_excluded_from:
        return
    source = payer.massage_therapists_source
    if payer.massage_therapists == "refuses":
        yield RuleMatch("This payer does not pay massage therapists.", "/provider/taxonomy", source=source)
    elif payer.massage_therapists == "ask" and context.coverage.massage_covered is not True:
        fix = "Check eligibility (service type BE), or ask the payer and set its `massage_therapists`."
        text = "Whether this plan pays massage therapists is not known."
        yield RuleMatch(text, "/provider/taxonomy", fix=fix, severity=Severity.WARN, source=source)


_WORDS_OF_MANUAL = ("mobilization", "mobilisation", "lymph", "drainage", "traction", "myofascial", "trigger")
_WORDS_OF_MASSAGE = ("swedish", "effleurage", "petrissage", "tapotement", "relaxation massage")


@rule(
    "massage_and_manual_mixed_up",
    Severity.WARN,
    "Massage is 97124, manual therapy 97140",
    fix=(
        "Bill the code that the description supports, or correct the description (`procedure_code` and `description` "
        "of the technique); or acknowledge the warning." + NEW_NOTE
    ),
)
def massage_and_manual_mixed_up(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Mobilization, drainage, traction, myofascial release and trigger points are 97140; stroking is 97124."""
    for place, technique in enumerate(context.note.techniques):
        words = technique.modality.replace("_", " ").lower()
        path = f"/note/techniques/{place}/description"
        if technique.procedure_code == "97124" and any(word in words for word in _WORDS_OF_MANUAL):
            yield RuleMatch("The description is of manual therapy and the code is massage.", path)
        if technique.procedure_code == "97140" and any(word in words for word in _WORDS_OF_MASSAGE):
            yield RuleMatch("The description is of massage and the code is manual therapy.", path)


@rule(
    "test_without_report",
    Severity.BLOCK,
    "A performance test needs its written report",
    fix="Leave 97750 off (`left_off`), or write the report and say so (`written_report` of the technique)." + NEW_NOTE,
)
def test_without_report(context: ScrubberInput) -> Iterator[RuleMatch]:
    """97750 is a test with a report; assessing posture is part of the treatment."""
    reports = {technique.written_report for technique in context.note.techniques if technique.procedure_code == "97750"}
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code != "97750" or True in reports:
            continue
        path = f"/claim/lines/{place}/procedure_code"
        if None in reports:
            text = "97750 is billed; whether the note has its written report is not known."
            yield RuleMatch(text, path, severity=Severity.WARN)
        else:
            yield RuleMatch("97750 is billed and the note has no written report.", path)


@rule(
    "hands_on_by_telehealth",
    Severity.BLOCK,
    "Hands-on treatment is not telehealth",
    fix=(
        "Set the `place_of_service` of the practice to where the treatment was, such as 11 for the office or 12 "
        "for the home."
    ),
)
def hands_on_by_telehealth(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Places 02 and 10 mean that therapist and patient were not in one room; only procedures that CMS lists are done
    so, such as exercise and training in activities."""
    for place, line in enumerate(context.claim.lines):
        code, listed = line.procedure_code, context.codes.telehealth
        if context.claim.place_of_service in TELEHEALTH and not listed.holds(code, context.on):
            text = f"{line.procedure_code} is hands-on treatment and the place of service is telehealth."
            yield RuleMatch(text, f"/claim/lines/{place}/procedure_code")


@rule(
    "place_unknown",
    Severity.BLOCK,
    "The place of service exists",
    fix="Set the `place_of_service` of the practice to a code of the CMS list, such as 11 for the office.",
)
def place_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A two-digit code of the CMS list that is in use on the date of service."""
    if not context.codes.places.holds(context.claim.place_of_service, context.on):
        yield RuleMatch("The place of service does not exist on this day.", "/claim/place_of_service")


RULES: tuple[Rule, ...] = (
    npi_referring_invalid,
    referring_is_rendering,
    tax_id_invalid,
    taxonomy_unknown,
    license_not_in_force,
    credential_not_accepted,
    massage_therapist_not_paid,
    massage_and_manual_mixed_up,
    test_without_report,
    hands_on_by_telehealth,
    place_unknown,
)
