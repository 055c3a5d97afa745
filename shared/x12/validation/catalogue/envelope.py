"""Findings about the file, its envelope and its transactions."""

from shared.x12.model.registry import TRANSACTION_SETS
from shared.x12.validation.catalogue.finding_type import E, FindingType, N

ENVELOPE: dict[str, FindingType] = {
    # The file and its envelope
    "not_x12": FindingType(
        E,
        "This is not an X12 file: no ISA segment was found.",
        "Send the file as it left the clearinghouse; it begins with ISA.",
    ),
    "isa_missing": FindingType(
        E, "The file does not begin with an ISA segment.", "Put the interchange header (ISA) in front.", "TA105:022"
    ),
    "isa_length": FindingType(
        E,
        "The ISA segment does not have its fixed length of 106 characters.",
        "Pad every ISA element to its width.",
        "TA105:022",
    ),
    "isa_value": FindingType(
        E, "{label} of the ISA is not valid.", "Put a value there that the standard allows.", "TA105:{code}"
    ),
    "delimiters": FindingType(
        E,
        "The delimiters of the interchange are not four different characters.",
        "Choose four different delimiters that no data holds.",
        "TA105:027",
    ),
    "byte_order_mark": FindingType(
        N, "The file begins with a byte order mark, which was left out.", "Save the file without a byte order mark."
    ),
    "leading_text": FindingType(
        N, "There is something in front of the ISA; it was left out.", "Begin the file with ISA."
    ),
    "line_breaks": FindingType(
        N, "Line breaks or spaces stand between segments; they were ignored.", "Nothing needs to be done."
    ),
    "no_last_terminator": FindingType(
        N, "The last segment has no terminator.", "End every segment with the segment terminator."
    ),
    "older_version": FindingType(
        N, "This version has no guide here: segments and envelope were checked, nothing else.", "Send version 005010."
    ),
    "other_version": FindingType(
        N, "This version of the guide was read as the one in force.", "Send the version in force."
    ),
    "iea_missing": FindingType(
        E, "The interchange has no IEA at its end.", "End the interchange with an IEA.", "TA105:023"
    ),
    "iea_count": FindingType(
        E,
        "IEA01 does not say how many groups the interchange holds.",
        "Set IEA01 to the number of GS segments.",
        "TA105:021",
    ),
    "iea_control": FindingType(
        E, "The control number of the IEA is not that of the ISA.", "Repeat ISA13 in IEA02.", "TA105:001"
    ),
    "envelope_order": FindingType(
        E,
        "The {segment} segment stands where the envelope does not allow it.",
        "Nest ISA, GS, ST, SE, GE and IEA.",
        "TA105:022",
    ),
    "ge_missing": FindingType(E, "The group has no GE at its end.", "End the group with a GE.", "AK905:3"),
    "ge_count": FindingType(
        E,
        "GE01 does not say how many transactions the group holds.",
        "Set GE01 to the number of ST segments.",
        "AK905:5",
    ),
    "ge_control": FindingType(
        E, "The control number of the GE is not that of the GS.", "Repeat GS06 in GE02.", "AK905:4"
    ),
    "group_value": FindingType(
        E, "{label} of the GS is missing or not valid.", "Put a value there that the standard allows.", "AK905:6"
    ),
    "group_type": FindingType(
        E, "GS01 does not fit the transactions of the group.", "Put {name} into GS01 for this transaction.", "AK905:1"
    ),
    "stray_segment": FindingType(
        E, "The {segment} segment stands outside a transaction.", "Put it between ST and SE.", "TA105:024"
    ),
    "too_large": FindingType(
        E, "The file is beyond a limit ({name}); the rest was not read.", "Send it in smaller files.", "TA105:024"
    ),
    "more_findings": FindingType(
        E,
        "{count:more finding} of the kind `{name}` not listed.",
        "Correct those that are listed and check again.",
    ),
    # The transaction
    "se_missing": FindingType(E, "The transaction has no SE at its end.", "End the transaction with an SE.", "IK502:2"),
    "se_count": FindingType(
        E,
        "SE01 does not say how many segments the transaction holds.",
        "Set SE01 to the number of segments from ST to SE.",
        "IK502:4",
    ),
    "se_control": FindingType(
        E, "The control number of the SE is not that of the ST.", "Repeat ST02 in SE02.", "IK502:3"
    ),
    "st_repeated": FindingType(
        E,
        "The control number of this transaction was used before in the group.",
        "Give every transaction of a group its own ST02.",
        "IK502:23",
    ),
    "st_version": FindingType(
        E, "ST03 and GS08 name different guides.", "Put the same version into ST03 and GS08.", "IK502:I6"
    ),
    "st_unknown": FindingType(
        E,
        "There is no guide for this transaction.",
        f"Send one of: {', '.join(TRANSACTION_SETS)}.",
        "IK502:1",
    ),
}
