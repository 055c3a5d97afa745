"""Findings of SNIP type 5: identifiers and codes that others keep; facts of the world, so warnings unless strict."""

from shared.x12.validation.catalogue.finding_type import FindingType, W

CODE_SETS: dict[str, FindingType] = {
    "npi": FindingType(
        W,
        "The NPI of the {name} is not a valid NPI: it needs ten digits with the right check digit.",
        "Look the NPI up and enter all ten digits.",
        "STC:A7:562",
        error_if_strict=True,
    ),
    "state": FindingType(
        W,
        "The state of the {name} is not a state code.",
        "Use the two capital letters of the postal service.",
        "STC:A7:506",
        error_if_strict=True,
    ),
    "postal_code": FindingType(
        W,
        "The ZIP code of the {name} is not five or nine digits.",
        "Write five digits, or nine without a hyphen.",
        "STC:A7:500",
        error_if_strict=True,
    ),
    "diagnosis_form": FindingType(
        W,
        "A diagnosis is written with a dot or is not of the form of an ICD-10-CM code.",
        "Write the code without its dot, for example M542.",
        "STC:A7:254",
        error_if_strict=True,
    ),
    "diagnosis_unknown": FindingType(
        W,
        "A diagnosis is not a billable ICD-10-CM code on the date of service.",
        "Choose a code that is valid and complete on the date of service.",
        "STC:A7:254",
        error_if_strict=True,
    ),
    "reason_unknown": FindingType(
        W,
        "The adjustment reason is not a known reason code (CARC) on that date.",
        "Ask the payer which reason code it meant.",
        "IK403:7",
        error_if_strict=True,
    ),
    "remark_unknown": FindingType(
        W,
        "The remark is not a known remark code (RARC) on that date.",
        "Ask the payer which remark code it meant.",
        "IK403:7",
        error_if_strict=True,
    ),
}
