"""What a letter of appeal says by cause. A sentence with a blank that the claim cannot fill is left out, never guessed.

The blanks are the facts of `appeal_case`; what is missing of them is a finding of the packet. The words are ours, and
the biller edits them.
"""

from collections.abc import Mapping

from services.claims.domain.appeals.causes import Cause

LETTERHEAD = ("{practice}", "{practice_address}", "NPI {npi}, tax id {tax_id}", "{contact}")
SUBJECT = (
    "To: {payer}",
    "Subject: {kind}, level {level}",
    "Patient: {patient}, born {birth_date}, member id {member_id}",
    "Our claim number: {claim_number}",
    "Your claim number: {payer_claim_number}",
    "Number of the injury claim: {injury_claim_number}",
    "Date of service: {date_of_service}",
    "Amount in dispute: {open_amount}",
)
OPENING = (
    "With your notice of {notice_on} you left {open_amount} of this claim unpaid: {denials}. We disagree, and ask you "
    "to decide anew."
)
CLOSING = (
    "Please reverse your decision and pay what is due, or tell us in writing which provision of the plan you rely on, "
    "and who has decided."
)
SIGNATURE = "{contact_name}, for {practice}"

BY_CAUSE: Mapping[Cause, tuple[str, ...]] = {
    Cause.MEDICAL_NECESSITY: (
        "The treatment was needed. The signed note of the day says what the patient could not do: {functional_limit}.",
        "The therapist found: {findings}.",
        "The plan of care: {plan}.",
        "Over the course of treatment the patient's pain before each visit was {pain_trend}.",
        "It was ordered: {referral}.",
    ),
    Cause.AUTHORIZATION: (
        "You hold that the service was not authorized. An authorization was in force on the day: {authorization}.",
        "The service was ordered: {referral}.",
    ),
    Cause.REFERRAL: ("You hold that the service was not ordered. It was: {referral}.",),
    Cause.BUNDLED: (
        "You have counted one service as a part of another. The signed note shows what was done, where, and for how "
        "long: {techniques}.",
        "Each was a service of its own, billed for its own minutes.",
    ),
    Cause.LATE_FILING: (
        "You hold that the claim came too late. You accepted it on {payer_accepted_on}, as your own acknowledgement "
        "(277CA, category A2) says, a copy of which is enclosed.",
        "The last day to file it was {filing_limit_on}.",
    ),
    Cause.DIAGNOSIS: (
        "You hold that the diagnosis does not support the service. The signed note names {diagnoses} and says what was "
        "found: {findings}.",
        "The service was ordered for it: {referral}.",
    ),
    Cause.MODIFIER: ("The lines were billed as the signed note has them: {techniques}.",),
    Cause.RECORDS: ("The records that you miss are enclosed: the signed note of {date_of_service} by {therapist}.",),
    Cause.BENEFIT: (
        "You hold that the plan does not cover the service, or that its benefit is used up. On {benefit_checked_on} "
        "you answered our question for this benefit: {benefit}.",
    ),
    Cause.ELIGIBILITY: (
        "You hold that the patient was not covered. On {benefit_checked_on} you answered our question for this "
        "coverage: {benefit}.",
    ),
    Cause.OTHER_PAYER: ("You hold that another payer comes first. The coverage that we know of is this: {coverage}.",),
    Cause.CREDENTIALING: ("The service was given by {therapist}, NPI {therapist_npi}, taxonomy {taxonomy}.",),
    Cause.MAXIMUM: (
        "You have limited what you pay. The time was needed, and is recorded by technique and minute: {techniques}.",
        "What the patient could not do before: {functional_limit}.",
    ),
    Cause.INJURY: (
        "You hold that the injury claim does not cover the service. It treated the accepted injury: {diagnoses}.",
        "The service was ordered: {referral}.",
        "The signed note records the limits that the injury left: {functional_limit}.",
    ),
    Cause.UNDERPAYMENT: ("You allowed less than was agreed: {underpaid}.",),
    Cause.OTHER: ("The signed note of {date_of_service} by {therapist} is enclosed and supports the service.",),
}
INTEREST = (
    "You have had this bill since {payer_accepted_on}. Interest of at least {interest} is due on what is unpaid, for "
    "{interest_months} since {interest_from} ({interest_source})."
)

MISSING: Mapping[str, tuple[str, str, str]] = {
    "functional_limit": (
        "functional_limit_missing",
        "The signed note names nothing that the patient could not do.",
        "Ask the therapist for an addendum, or argue without it.",
    ),
    "findings": (
        "findings_missing",
        "The signed note has no objective findings.",
        "Ask the therapist for an addendum, or argue without them.",
    ),
    "plan": ("plan_missing", "The signed note has no plan of care.", "Ask the therapist for an addendum."),
    "pain_trend": (
        "trend_missing",
        "No trend of outcomes is on file: it takes the pain of at least two visits.",
        "Enclose the scores that are kept elsewhere.",
    ),
    "referral": (
        "referral_missing",
        "No referral, prescription or order is on file for the day of service.",
        "Put it in eligibility if there is one, or enclose a copy.",
    ),
    "authorization": (
        "authorization_missing",
        "No authorization is on file for the day of service.",
        "Put it in eligibility if there is one, or ask the payer for one in retrospect.",
    ),
    "payer_accepted_on": (
        "acceptance_unproven",
        "No 277CA by which the payer accepted the claim (A2) is on file; A1 says only that it was received.",
        "Look for another proof of the day on which the payer had it.",
    ),
    "filing_limit_on": (
        "filing_limit_unknown",
        "No filing limit of this payer is known.",
        "Read the payer's manual, and put `timely_filing_days` in its settings.",
    ),
    "benefit_checked_on": (
        "benefit_unverified",
        "No answer of the payer about this benefit (271) is on file.",
        "Check eligibility for the day of service.",
    ),
}
"""What to say of a blank that is needed and not on file: code, sentence, fix."""
