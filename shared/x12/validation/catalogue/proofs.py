"""Findings about facts of the world, and about what does not add up or point where it should."""

from shared.x12.validation.catalogue.entry import E, FindingType, W

PROOFS: dict[str, FindingType] = {
    # Facts of the world
    "npi": FindingType(
        W,
        "The NPI of the {name} is not a valid NPI: it needs ten digits with the right check digit.",
        "Look the NPI up and enter all ten digits.",
        "STC:A7:562",
        world=True,
    ),
    "state": FindingType(
        W,
        "The state of the {name} is not a state code.",
        "SegmentUse the two capital letters of the postal service.",
        "STC:A7:506",
        world=True,
    ),
    "postal_code": FindingType(
        W,
        "The ZIP code of the {name} is not five or nine digits.",
        "Write five digits, or nine without a hyphen.",
        "STC:A7:500",
        world=True,
    ),
    "repeated_claim": FindingType(
        W,
        "This claim number was used before in the file.",
        "Give every claim its own number in CLM01.",
        "STC:A7:78",
        world=True,
    ),
    "diagnosis_form": FindingType(
        W,
        "A diagnosis is written with a dot or is not of the form of an ICD-10-CM code.",
        "Write the code without its dot, for example M542.",
        "STC:A7:254",
        world=True,
    ),
    "diagnosis_unknown": FindingType(
        W,
        "A diagnosis is not a billable ICD-10-CM code on the date of service.",
        "Choose a code that is valid and complete on the date of service.",
        "STC:A7:254",
        world=True,
    ),
    "reason_unknown": FindingType(
        W,
        "The adjustment reason is not a known reason code (CARC) on that date.",
        "Ask the payer which reason code it meant.",
        "IK403:7",
        world=True,
    ),
    "remark_unknown": FindingType(
        W,
        "The remark is not a known remark code (RARC) on that date.",
        "Ask the payer which remark code it meant.",
        "IK403:7",
        world=True,
    ),
    # TransactionChecks
    "line_balance": FindingType(
        E,
        "The line does not balance: charge less adjustments is not what was paid ({count} cents apart).",
        "Correct the charge, the adjustments or the payment of the line.",
        "STC:A7:178",
    ),
    "claim_balance": FindingType(
        E,
        "The claim does not balance: charge less adjustments is not what was paid ({count} cents apart).",
        "Correct the charge, the adjustments or the payment of the claim.",
        "STC:A7:178",
    ),
    "remittance_balance": FindingType(
        E,
        "The payment is not the sum of the claims less the provider adjustments ({count} cents apart).",
        "Correct BPR02, a claim payment or a PLB amount.",
        "IK403:7",
    ),
    "line_sum": FindingType(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count} cents apart).",
        "Make CLM02 the sum of all SV102.",
        "STC:A7:178",
    ),
    "lines_paid_sum": FindingType(
        E,
        "The payments of the lines do not add up to the payment of the claim ({count} cents apart).",
        "Make CLP04 the sum of all SVC03, less claim adjustments.",
        "STC:A7:178",
    ),
    "lines_charge_sum": FindingType(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count} cents apart).",
        "Make CLP03 the sum of all SVC02.",
        "STC:A7:178",
    ),
    "other_payer_balance": FindingType(
        E,
        "What the other payer paid and adjusted on the line does not add up to its charge ({count} cents apart).",
        "Copy the payment and all adjustments of the line from the other payer's remittance.",
        "STC:A7:178",
    ),
    "pointer": FindingType(
        W,
        "A line points to a diagnosis that the claim does not have.",
        "Point only to diagnoses that stand on the claim.",
        "STC:A7:477",
        world=True,
    ),
    "line_number": FindingType(
        E, "The lines are not numbered 1, 2, 3 and so on.", "Number the lines of every claim from 1 in LX01.", "IK403:7"
    ),
    "hl_number": FindingType(
        E, "The levels are not numbered 1, 2, 3 and so on.", "Count HL01 up by one through the transaction.", "IK403:7"
    ),
    "hl_parent": FindingType(
        E, "HL02 does not name the level above.", "Put the HL01 of the level above into HL02.", "IK403:7"
    ),
    "hl_children": FindingType(
        E,
        "HL04 does not say whether levels stand beneath.",
        "Put 1 into HL04 when a level follows beneath, else 0.",
        "IK403:7",
    ),
    "hl_level": FindingType(
        E, "A level with this code is not allowed here.", "Nest the levels as the guide says.", "IK403:7"
    ),
    "accident_date": FindingType(
        E,
        "The claim is for an accident, and the date of the accident is missing.",
        "Add DTP*439 with the date of the accident.",
        "STC:A7:279",
    ),
    "accident_state": FindingType(
        E,
        "The claim is for an automobile accident, and its state is missing.",
        "Put the state into the fourth component of CLM11.",
        "STC:A7:251",
    ),
    "accident_after_service": FindingType(
        E, "The accident is after the service.", "Correct the date of the accident or of the service.", "STC:A7:279"
    ),
    "patient_missing": FindingType(
        E,
        "The patient is not the subscriber, and there is no patient level.",
        "Add the patient (HL 23), or say in SBR02 that the subscriber is the patient.",
        "STC:A7:125",
    ),
    "patient_twice": FindingType(
        E,
        "The subscriber is said to be the patient, and yet there is a patient level.",
        "Leave out SBR02, or the patient level.",
        "STC:A7:125",
    ),
    "subscriber_address": FindingType(
        E,
        "The subscriber is the patient, and the address, birth date or gender is missing.",
        "Add N3, N4 and DMG of the subscriber.",
        "STC:A7:126",
    ),
    "first_diagnosis": FindingType(
        E,
        "The first diagnosis is an external cause, which can never be first.",
        "Put the injury first and the external cause after it.",
        "STC:A7:254",
    ),
    "original_number": FindingType(
        E,
        "A replacement or void needs the payer's number of the original claim.",
        "Add REF*F8 with the payer's claim number.",
        "STC:A7:464",
    ),
    "period_order": FindingType(E, "A period ends before it begins.", "Put the earlier date first.", "IK403:8"),
    "service_after_file": FindingType(
        E, "The date of service is after the date of the file.", "Correct the date of service.", "STC:A7:187"
    ),
    "zero_units": FindingType(
        E, "A line has no units.", "Bill at least one unit, or leave the line out.", "STC:A7:476"
    ),
    "negative_amount": FindingType(E, "A charge is less than nothing.", "Write charges without a sign.", "STC:A7:178"),
    "responsibility_repeated": FindingType(
        E,
        "Two payers of the claim have the same place in the order of payers.",
        "Give each payer its own SBR01.",
        "STC:A7:286",
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
