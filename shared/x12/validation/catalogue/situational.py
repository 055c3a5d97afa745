"""Findings of SNIP type 4: what one part of a claim demands of another."""

from shared.x12.validation.catalogue.finding_type import E, FindingType, W

SITUATIONAL: dict[str, FindingType] = {
    "repeated_claim": FindingType(
        W,
        "This claim number was used before in the file.",
        "Give every claim its own number in CLM01.",
        "STC:A7:78",
        error_if_strict=True,
    ),
    "pointer": FindingType(
        W,
        "A line points to a diagnosis that the claim does not have.",
        "Point only to diagnoses that stand on the claim.",
        "STC:A7:477",
        error_if_strict=True,
    ),
    "paperwork_number": FindingType(
        E,
        "A document is sent apart from the claim, and the number by which it will be known is missing.",
        "Add AC in PWK05 and the document's control number in PWK06.",
        "IK403:2",
    ),
    "adjudicating_payer": FindingType(
        E,
        "A line names a payer that is none of the other payers of the claim.",
        "Put the identifier of the other payer (loop 2330B, NM109) into SVD01.",
        "STC:A7:153",
    ),
    "service_date_missing": FindingType(
        W,
        "Neither the claim nor a line of it has a date of service.",
        "Add DTM*232 of the claim, or DTM*472 of each line.",
        "IK304:3",
        error_if_strict=True,
    ),
    "line_number": FindingType(
        E, "The lines are not numbered 1, 2, 3 and so on.", "Number the lines of every claim from 1 in LX01.", "IK403:7"
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
    "birth_after_service": FindingType(
        W,
        "The subscriber or the patient is born after the date of service.",
        "Correct the birth date (DMG02) or the date of service.",
        "STC:A7:158",
        error_if_strict=True,
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
    "service_after_file": FindingType(
        W,
        "The date of service is after the date of the file.",
        "Correct the date of service.",
        "STC:A7:187",
        error_if_strict=True,
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
}
