"""Findings of SNIP type 3: amounts that do not add up."""

from shared.x12.validation.catalogue.finding_type import E, FindingType, W

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
    "other_payer_paid": FindingType(
        E,
        "What the other payer paid on the lines less its adjustments of the claim is not what it paid on the claim "
        "({count:cent} apart).",
        "Copy the payments of the lines and of the claim (AMT*D) from the other payer's remittance.",
        "STC:A7:178",
    ),
    "patient_share": FindingType(
        W,
        "The patient's share (CLP05) is not the sum of the adjustments of the group PR ({count:cent} apart).",
        "Make CLP05 the sum of all PR adjustments of the claim and its lines.",
        "IK403:7",
        error_if_strict=True,
    ),
    "reversal_amount": FindingType(
        W,
        "The claim is a reversal, and yet its charge is not below zero.",
        "Repeat the reversed claim with the signs of all amounts turned round.",
        "IK403:7",
        error_if_strict=True,
    ),
    "acknowledgement_result": FindingType(
        E,
        "The group is said to be accepted, and yet a transaction of it was rejected.",
        "Set AK901 to P where some transactions were accepted, to R where none was.",
        "IK403:7",
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
    "bank_account": FindingType(
        E,
        "The money moves from bank to bank, and a bank or an account is missing.",
        "Add bank and account of both sides (BPR06 to BPR09 and BPR12 to BPR15), or set BPR04 to how the money moves.",
        "IK403:2",
    ),
    "payment_method": FindingType(
        E,
        "The payment says no money moves, and yet the amount is not zero.",
        "Set BPR02 to 0, or the payment method to how the money moves.",
        "IK403:7",
    ),
}
