"""The catalogue of findings: code, severity, sentence, fix and the code of an acknowledgement that says it.

The texts speak to a biller; they name things (`{name}`, `{label}`) and never a value. `world` marks facts of the world,
which are warnings unless the reading is strict.
"""

import dataclasses

from shared.x12.events import Severity


@dataclasses.dataclass(frozen=True)
class Entry:
    """One kind of finding."""

    severity: Severity
    message: str
    fix: str
    ack: str = ""
    world: bool = False


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CATALOGUE: dict[str, Entry] = {
    # The file and its envelope
    "not_x12": Entry(
        E,
        "This is not an X12 file: no ISA segment was found.",
        "Send the file as it left the clearinghouse; it begins with ISA.",
    ),
    "isa_missing": Entry(
        E, "The file does not begin with an ISA segment.", "Put the interchange header (ISA) in front.", "TA105:022"
    ),
    "isa_length": Entry(
        E,
        "The ISA segment does not have its fixed length of 106 characters.",
        "Pad every ISA element to its width.",
        "TA105:022",
    ),
    "isa_value": Entry(
        E, "{label} of the ISA is not valid.", "Put a value there that the standard allows.", "TA105:{code}"
    ),
    "delimiters": Entry(
        E,
        "The delimiters of the interchange are not four different characters.",
        "Choose four different delimiters that no data holds.",
        "TA105:027",
    ),
    "byte_order_mark": Entry(
        N, "The file begins with a byte order mark, which was left out.", "Save the file without a byte order mark."
    ),
    "leading_text": Entry(N, "There is something in front of the ISA; it was left out.", "Begin the file with ISA."),
    "line_breaks": Entry(
        N, "Line breaks or spaces stand between segments; they were ignored.", "Nothing needs to be done."
    ),
    "no_last_terminator": Entry(
        N, "The last segment has no terminator.", "End every segment with the segment terminator."
    ),
    "older_version": Entry(
        N, "This version has no guide here: segments and envelope were checked, nothing else.", "Send version 005010."
    ),
    "other_version": Entry(N, "This version of the guide was read as the one in force.", "Send the version in force."),
    "iea_missing": Entry(E, "The interchange has no IEA at its end.", "End the interchange with an IEA.", "TA105:023"),
    "iea_count": Entry(
        E,
        "IEA01 does not say how many groups the interchange holds.",
        "Set IEA01 to the number of GS segments.",
        "TA105:021",
    ),
    "iea_control": Entry(
        E, "The control number of the IEA is not that of the ISA.", "Repeat ISA13 in IEA02.", "TA105:001"
    ),
    "envelope_order": Entry(
        E,
        "The {segment} segment stands where the envelope does not allow it.",
        "Nest ISA, GS, ST, SE, GE and IEA.",
        "TA105:022",
    ),
    "ge_missing": Entry(E, "The group has no GE at its end.", "End the group with a GE.", "AK905:3"),
    "ge_count": Entry(
        E,
        "GE01 does not say how many transactions the group holds.",
        "Set GE01 to the number of ST segments.",
        "AK905:5",
    ),
    "ge_control": Entry(E, "The control number of the GE is not that of the GS.", "Repeat GS06 in GE02.", "AK905:4"),
    "group_value": Entry(
        E, "{label} of the GS is missing or not valid.", "Put a value there that the standard allows.", "AK905:6"
    ),
    "group_type": Entry(
        E, "GS01 does not fit the transactions of the group.", "Put {name} into GS01 for this transaction.", "AK905:1"
    ),
    "stray_segment": Entry(
        E, "The {segment} segment stands outside a transaction.", "Put it between ST and SE.", "TA105:024"
    ),
    "too_large": Entry(
        E, "The file is beyond a limit ({name}); the rest was not read.", "Send it in smaller files.", "TA105:024"
    ),
    "more_findings": Entry(
        E, "There are more findings than are listed.", "Mend those that are listed and check again."
    ),
    # The transaction
    "se_missing": Entry(E, "The transaction has no SE at its end.", "End the transaction with an SE.", "IK502:2"),
    "se_count": Entry(
        E,
        "SE01 does not say how many segments the transaction holds.",
        "Set SE01 to the number of segments from ST to SE.",
        "IK502:4",
    ),
    "se_control": Entry(E, "The control number of the SE is not that of the ST.", "Repeat ST02 in SE02.", "IK502:3"),
    "st_control": Entry(
        E, "ST02 is missing or not valid.", "Give the transaction a control number of 4 to 9 characters.", "IK502:7"
    ),
    "st_repeated": Entry(
        E,
        "The control number of this transaction was used before in the group.",
        "Give every transaction of a group its own ST02.",
        "IK502:23",
    ),
    "st_version": Entry(
        E, "ST03 and GS08 name different guides.", "Put the same version into ST03 and GS08.", "IK502:I6"
    ),
    "st_unknown": Entry(
        E,
        "There is no guide for this transaction.",
        "Send one of: 837P, 835, 270, 271, 276, 277, 277CA, 278, 999.",
        "IK502:1",
    ),
    # Segments
    "segment_unknown": Entry(
        E,
        "The {segment} segment is not known in this transaction.",
        "Leave it out, or use a segment of this guide.",
        "IK304:1",
    ),
    "segment_unexpected": Entry(
        E,
        "The {name} ({segment}) is not expected here.",
        "Move it to the loop it belongs to, or leave it out.",
        "IK304:2",
    ),
    "segment_order": Entry(
        E,
        "The {name} ({segment}) stands too late or too early.",
        "Put the segments of loop {loop} into the order of the guide.",
        "IK304:7",
    ),
    "segment_missing": Entry(
        E, "The {name} ({segment}) is missing in loop {loop}.", "Add the {segment} segment with the {name}.", "IK304:3"
    ),
    "loop_missing": Entry(
        E,
        "Loop {loop} with the {name} is missing.",
        "Add loop {loop}, beginning with its {segment} segment.",
        "IK304:I7",
    ),
    "segment_repeated": Entry(
        E,
        "The {name} ({segment}) stands more often than the {count} times allowed in loop {loop}.",
        "Leave out what is too many, or split the {name}.",
        "IK304:5",
    ),
    "loop_repeated": Entry(
        E,
        "Loop {loop} ({name}) stands more often than the {count} times allowed.",
        "Leave out what is too many, or split the claim.",
        "IK304:4",
    ),
    "segment_long": Entry(
        E, "The segment is longer than the limit.", "Check that segment terminators are in place.", "IK304:8"
    ),
    "segment_empty": Entry(N, "An empty segment stands here; it was ignored.", "Leave it out."),
    "segment_malformed": Entry(
        E, "A segment without a proper name stands here.", "Check that segment terminators are in place.", "IK304:1"
    ),
    "record_incomplete": Entry(
        E,
        "What is needed to make a record of this loop is missing or cannot be read.",
        "Mend the findings before this one.",
        "IK304:8",
    ),
    # Elements
    "element_missing": Entry(E, "The {label} is missing.", "Fill in the {label}.", "IK403:1"),
    "element_related": Entry(
        E,
        "The {label} needs another element beside it, or excludes it ({count}).",
        "Give both or neither, as the guide says.",
        "IK403:2",
    ),
    "element_unused": Entry(E, "The guide does not use this element here.", "Leave it empty.", "IK403:I10"),
    "element_extra": Entry(
        E, "The segment has more elements than it may have.", "Leave out what is too many.", "IK403:3"
    ),
    "component_extra": Entry(
        E, "The {label} has more components than it may have.", "Leave out what is too many.", "IK403:3"
    ),
    "repetition_extra": Entry(
        E, "The {label} is repeated more often than allowed.", "Leave out what is too many.", "IK403:12"
    ),
    "element_short": Entry(
        E, "The {label} is shorter than the {count} characters it needs.", "Give the whole {label}.", "IK403:4"
    ),
    "element_long": Entry(
        E, "The {label} is longer than the {count} characters it may have.", "Shorten the {label}.", "IK403:5"
    ),
    "element_characters": Entry(
        E,
        "The {label} holds characters that are not allowed.",
        "Use the basic and extended character set only, and no delimiters.",
        "IK403:6",
    ),
    "element_number": Entry(
        E,
        "The {label} is not a number of the right form.",
        "Write digits, one point and at most one sign in front.",
        "IK403:6",
    ),
    "element_money": Entry(
        E,
        "The {label} is not an amount of money.",
        "Write dollars, a point and at most two digits of cents.",
        "IK403:6",
    ),
    "element_code": Entry(
        E,
        "The {label} is not one of the codes that the guide allows here.",
        "Choose one of the codes that the guide allows.",
        "IK403:7",
    ),
    "element_date": Entry(E, "The {label} is not a date of the calendar.", "Write the date as CCYYMMDD.", "IK403:8"),
    "element_period": Entry(
        E,
        "The {label} does not have the form that its format says.",
        "Write D8 as CCYYMMDD and RD8 as CCYYMMDD-CCYYMMDD.",
        "IK403:8",
    ),
    "element_time": Entry(E, "The {label} is not a time.", "Write the time as HHMM or HHMMSS.", "IK403:9"),
    "trailing_separators": Entry(
        N, "Separators stand at the end of the segment with nothing after them.", "Leave them out."
    ),
    "trailing_space": Entry(N, "The {label} ends with a space.", "Leave the space out."),
    "not_ascii": Entry(
        N,
        "The segment holds letters beyond the basic character set.",
        "Write names without accents, or agree on the character set.",
    ),
    # Facts of the world
    "npi": Entry(
        W,
        "The NPI of the {name} is not a valid NPI: it needs ten digits with the right check digit.",
        "Look the NPI up and enter all ten digits.",
        "STC:A7:562",
        world=True,
    ),
    "state": Entry(
        W,
        "The state of the {name} is not a state code.",
        "Use the two capital letters of the postal service.",
        "STC:A7:506",
        world=True,
    ),
    "postal_code": Entry(
        W,
        "The ZIP code of the {name} is not five or nine digits.",
        "Write five digits, or nine without a hyphen.",
        "STC:A7:500",
        world=True,
    ),
    "repeated_claim": Entry(
        W,
        "This claim number was used before in the file.",
        "Give every claim its own number in CLM01.",
        "STC:A7:78",
        world=True,
    ),
    "diagnosis_form": Entry(
        W,
        "A diagnosis is written with a dot or is not of the form of an ICD-10-CM code.",
        "Write the code without its dot, for example M542.",
        "STC:A7:254",
        world=True,
    ),
    "diagnosis_unknown": Entry(
        W,
        "A diagnosis is not a billable ICD-10-CM code on the date of service.",
        "Choose a code that is valid and complete on the date of service.",
        "STC:A7:254",
        world=True,
    ),
    "reason_unknown": Entry(
        W,
        "The adjustment reason is not a known reason code (CARC) on that date.",
        "Ask the payer which reason code it meant.",
        "IK403:7",
        world=True,
    ),
    "remark_unknown": Entry(
        W,
        "The remark is not a known remark code (RARC) on that date.",
        "Ask the payer which remark code it meant.",
        "IK403:7",
        world=True,
    ),
    # Proofs
    "line_balance": Entry(
        E,
        "The line does not balance: charge less adjustments is not what was paid ({count} cents apart).",
        "Correct the charge, the adjustments or the payment of the line.",
        "STC:A7:178",
    ),
    "claim_balance": Entry(
        E,
        "The claim does not balance: charge less adjustments is not what was paid ({count} cents apart).",
        "Correct the charge, the adjustments or the payment of the claim.",
        "STC:A7:178",
    ),
    "remittance_balance": Entry(
        E,
        "The payment is not the sum of the claims less the provider adjustments ({count} cents apart).",
        "Correct BPR02, a claim payment or a PLB amount.",
        "IK403:7",
    ),
    "line_sum": Entry(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count} cents apart).",
        "Make CLM02 the sum of all SV102.",
        "STC:A7:178",
    ),
    "lines_paid_sum": Entry(
        E,
        "The payments of the lines do not add up to the payment of the claim ({count} cents apart).",
        "Make CLP04 the sum of all SVC03, less claim adjustments.",
        "STC:A7:178",
    ),
    "lines_charge_sum": Entry(
        E,
        "The charges of the lines do not add up to the charge of the claim ({count} cents apart).",
        "Make CLP03 the sum of all SVC02.",
        "STC:A7:178",
    ),
    "other_payer_balance": Entry(
        E,
        "What the other payer paid and adjusted on the line does not add up to its charge ({count} cents apart).",
        "Copy the payment and all adjustments of the line from the other payer's remittance.",
        "STC:A7:178",
    ),
    "pointer": Entry(
        W,
        "A line points to a diagnosis that the claim does not have.",
        "Point only to diagnoses that stand on the claim.",
        "STC:A7:477",
        world=True,
    ),
    "line_number": Entry(
        E, "The lines are not numbered 1, 2, 3 and so on.", "Number the lines of every claim from 1 in LX01.", "IK403:7"
    ),
    "hl_number": Entry(
        E, "The levels are not numbered 1, 2, 3 and so on.", "Count HL01 up by one through the transaction.", "IK403:7"
    ),
    "hl_parent": Entry(
        E, "HL02 does not name the level above.", "Put the HL01 of the level above into HL02.", "IK403:7"
    ),
    "hl_children": Entry(
        E,
        "HL04 does not say whether levels stand beneath.",
        "Put 1 into HL04 when a level follows beneath, else 0.",
        "IK403:7",
    ),
    "hl_level": Entry(
        E, "A level with this code is not allowed here.", "Nest the levels as the guide says.", "IK403:7"
    ),
    "accident_date": Entry(
        E,
        "The claim is for an accident, and the date of the accident is missing.",
        "Add DTP*439 with the date of the accident.",
        "STC:A7:279",
    ),
    "accident_state": Entry(
        E,
        "The claim is for an automobile accident, and its state is missing.",
        "Put the state into the fourth component of CLM11.",
        "STC:A7:251",
    ),
    "accident_after_service": Entry(
        E, "The accident is after the service.", "Correct the date of the accident or of the service.", "STC:A7:279"
    ),
    "patient_missing": Entry(
        E,
        "The patient is not the subscriber, and there is no patient level.",
        "Add the patient (HL 23), or say in SBR02 that the subscriber is the patient.",
        "STC:A7:125",
    ),
    "patient_twice": Entry(
        E,
        "The subscriber is said to be the patient, and yet there is a patient level.",
        "Leave out SBR02, or the patient level.",
        "STC:A7:125",
    ),
    "subscriber_address": Entry(
        E,
        "The subscriber is the patient, and the address, birth date or gender is missing.",
        "Add N3, N4 and DMG of the subscriber.",
        "STC:A7:126",
    ),
    "first_diagnosis": Entry(
        E,
        "The first diagnosis is an external cause, which can never be first.",
        "Put the injury first and the external cause after it.",
        "STC:A7:254",
    ),
    "original_number": Entry(
        E,
        "A replacement or void needs the payer's number of the original claim.",
        "Add REF*F8 with the payer's claim number.",
        "STC:A7:464",
    ),
    "period_order": Entry(E, "A period ends before it begins.", "Put the earlier date first.", "IK403:8"),
    "service_after_file": Entry(
        E, "The date of service is after the date of the file.", "Correct the date of service.", "STC:A7:187"
    ),
    "zero_units": Entry(E, "A line has no units.", "Bill at least one unit, or leave the line out.", "STC:A7:476"),
    "negative_amount": Entry(E, "A charge is less than nothing.", "Write charges without a sign.", "STC:A7:178"),
    "responsibility_repeated": Entry(
        E,
        "Two payers of the claim have the same place in the order of payers.",
        "Give each payer its own SBR01.",
        "STC:A7:286",
    ),
    "acknowledgement_counts": Entry(
        E,
        "The counts of the acknowledgement do not agree with its answers.",
        "Count the transactions that were received and accepted.",
        "IK403:7",
    ),
    "payment_negative": Entry(
        E,
        "The payment is less than nothing.",
        "Set BPR02 to 0 and carry the balance forward with a PLB (FB).",
        "IK403:7",
    ),
    "payment_method": Entry(
        E,
        "The payment says no money moves, and yet the amount is not zero.",
        "Set BPR02 to 0, or the payment method to how the money moves.",
        "IK403:7",
    ),
}
