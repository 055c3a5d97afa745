"""Findings of SNIP type 3: amounts that do not add up."""

from shared.x12.validation.catalogue.finding_type import E, FindingType

BALANCING: dict[str, FindingType] = {
    "line_balance": FindingType(
        E,
        "The line does not balance: charge less adjustments is not what was paid ({count:cent} apart).",
        "Correct the charge, the adjustments or the payment of the line.",
        "STC:A7:178",
    ),
    "claim_balance": FindingType(
        E,
        "The claim does not balance: charge less adjustments is not what was paid ({count:cent} apart).",
        "Correct the charge, the adjustments or the payment of the claim.",
        "STC:A7:178",
    ),
    "remittance_balance": FindingType(
        E,
        "The payment is not the sum of the claims less the provider adjustments ({count:cent} apart).",
        "Correct BPR02, a claim payment or a PLB amount.",
        "IK403:7",
    ),
    "line_sum": FindingType(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count:cent} apart).",
        "Make CLM02 the sum of all SV102.",
        "STC:A7:178",
    ),
    "lines_charge_sum": FindingType(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count:cent} apart).",
        "Make CLP03 the sum of all SVC02.",
        "STC:A7:178",
    ),
    "other_payer_balance": FindingType(
        E,
        "What the other payer paid and adjusted on the line does not add up to its charge ({count:cent} apart).",
        "Copy the payment and all adjustments of the line from the other payer's remittance.",
        "STC:A7:178",
    ),
    "acknowledgement_counts": FindingType(
        E,
        "The counts of the acknowledgement do not agree with its answers.",
        "Count the transactions that were received and accepted.",
        "IK403:7",
    ),
    "payment_negative": FindingType(
        E,
        "The payment is less than nothing.",
        "Set BPR02 to 0 and carry the balance forward with a PLB (FB).",
        "IK403:7",
    ),
    "payment_method": FindingType(
        E,
        "The payment says no money moves, and yet the amount is not zero.",
        "Set BPR02 to 0, or the payment method to how the money moves.",
        "IK403:7",
    ),
}
