"""Findings about segments and elements: what the guide does not allow."""

from shared.x12.validation.catalogue.finding_type import E, FindingType, N

SEGMENTS: dict[str, FindingType] = {
    # Segments
    "segment_unknown": FindingType(
        E,
        "The {segment} segment is not known in this transaction.",
        "Leave it out, or use a segment of this guide.",
        "IK304:1",
    ),
    "segment_unexpected": FindingType(
        E,
        "The {name} ({segment}) is not expected here.",
        "Move it to the loop it belongs to, or leave it out.",
        "IK304:2",
    ),
    "segment_order": FindingType(
        E,
        "The {name} ({segment}) stands too late or too early.",
        "Put the segments of loop {loop} into the order of the guide.",
        "IK304:7",
    ),
    "segment_missing": FindingType(
        E, "The {name} ({segment}) is missing in loop {loop}.", "Add the {segment} segment with the {name}.", "IK304:3"
    ),
    "loop_missing": FindingType(
        E,
        "Loop {loop} with the {name} is missing.",
        "Add loop {loop}, beginning with its {segment} segment.",
        "IK304:I7",
    ),
    "segment_repeated": FindingType(
        E,
        "The {name} ({segment}) stands more often than the {count:time} allowed in loop {loop}.",
        "Leave out what is too many, or split the {name}.",
        "IK304:5",
    ),
    "loop_repeated": FindingType(
        E,
        "Loop {loop} ({name}) stands more often than the {count:time} allowed.",
        "Leave out what is too many, or split the claim.",
        "IK304:4",
    ),
    "segment_empty": FindingType(N, "An empty segment stands here; it was ignored.", "Leave it out."),
    "segment_malformed": FindingType(
        E, "A segment without a proper name stands here.", "Check that segment terminators are in place.", "IK304:1"
    ),
    "record_incomplete": FindingType(
        E,
        "What is needed to make a record of this loop is missing or cannot be read.",
        "Fix the findings before this one.",
        "IK304:8",
    ),
    "level_lost": FindingType(
        E,
        "The {segment} begins a level that is not understood; what follows was left out up to the next level.",
        "Put an HL in front whose HL02 names the level above and whose HL03 is the code of the level.",
        "IK304:2",
    ),
    "owner_unknown": FindingType(
        N,
        "It is not known whose this is, since a level before it is damaged; it was left out.",
        "Fix the level that is reported before it.",
    ),
    # Elements
    "element_missing": FindingType(E, "The {label} is missing.", "Fill in the {label}.", "IK403:1"),
    "element_related": FindingType(
        E,
        "The {label} needs another element beside it, or excludes it ({count}).",
        "Give both or neither, as the guide says.",
        "IK403:2",
    ),
    "element_unused": FindingType(E, "The guide does not use this element here.", "Leave it empty.", "IK403:I10"),
    "element_extra": FindingType(
        E, "The segment has more elements than it may have.", "Leave out what is too many.", "IK403:3"
    ),
    "component_extra": FindingType(
        E, "The {label} has more components than it may have.", "Leave out what is too many.", "IK403:13"
    ),
    "repetition_extra": FindingType(
        E, "The {label} is repeated more often than allowed.", "Leave out what is too many.", "IK403:12"
    ),
    "element_short": FindingType(
        E, "The {label} is shorter than the {count:character} it needs.", "Give the whole {label}.", "IK403:4"
    ),
    "element_long": FindingType(
        E, "The {label} is longer than the {count:character} it may have.", "Shorten the {label}.", "IK403:5"
    ),
    "element_characters": FindingType(
        E,
        "The {label} holds characters that are not allowed.",
        "Use the basic and extended character set only, and no delimiters.",
        "IK403:6",
    ),
    "element_number": FindingType(
        E,
        "The {label} is not a number of the right form.",
        "Write digits, one point and at most one sign in front.",
        "IK403:6",
    ),
    "element_money": FindingType(
        E,
        "The {label} is not an amount of money.",
        "Write dollars, a point and at most two digits of cents.",
        "IK403:6",
    ),
    "element_code": FindingType(
        E,
        "The {label} is not one of the codes that the guide allows here.",
        "Choose one of the codes that the guide allows.",
        "IK403:7",
    ),
    "element_date": FindingType(
        E, "The {label} is not a date of the calendar.", "Write the date as CCYYMMDD.", "IK403:8"
    ),
    "element_period": FindingType(
        E,
        "The {label} does not have the form that its format says.",
        "Write D8 as CCYYMMDD and RD8 as CCYYMMDD-CCYYMMDD.",
        "IK403:8",
    ),
    "element_time": FindingType(E, "The {label} is not a time.", "Write the time as HHMM or HHMMSS.", "IK403:9"),
    "trailing_separators": FindingType(
        N, "Separators stand at the end of the segment with nothing after them.", "Leave them out."
    ),
    "trailing_space": FindingType(N, "The {label} ends with a space.", "Leave the space out."),
    "not_ascii": FindingType(
        N,
        "The segment holds letters beyond the basic character set.",
        "Write names without accents, or agree on the character set.",
    ),
    # Hierarchical levels, and periods
    "hl_number": FindingType(
        E, "The levels are not numbered 1, 2, 3 and so on.", "Count HL01 up by one through the transaction.", "IK403:7"
    ),
    "hl_parent": FindingType(
        E,
        "HL02 does not name the level above; what follows was left out up to the next level.",
        "Put the HL01 of the level above into HL02.",
        "IK403:7",
    ),
    "hl_children": FindingType(
        E,
        "HL04 does not say whether levels stand beneath.",
        "Put 1 into HL04 when a level follows beneath, else 0.",
        "IK403:7",
    ),
    "period_order": FindingType(E, "A period ends before it begins.", "Put the earlier date first.", "IK403:8"),
}
