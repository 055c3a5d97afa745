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
    "state_missing": FindingType(
        W,
        "The state of the {name} is missing, and the address is not abroad.",
        "Add the state, or the country of an address abroad.",
        "STC:A7:506",
        error_if_strict=True,
    ),
    "tax_id": FindingType(
        W,
        "The {name} is not nine digits.",
        "Write the tax id or social security number as nine digits without hyphens.",
        "STC:A7:128",
        error_if_strict=True,
    ),
    "telephone": FindingType(
        W,
        "A telephone number of the {name} is not ten digits.",
        "Write area code and number as ten digits; an extension goes into an element of its own (EX).",
        "IK403:6",
        error_if_strict=True,
    ),
    "taxonomy": FindingType(
        W,
        "The taxonomy code of the {name} does not have the form of one.",
        "Write the ten characters of the code, of which the last is X.",
        "STC:A7:145",
        error_if_strict=True,
    ),
    "place_of_service": FindingType(
        W,
        "The place of service is not a two-digit code.",
        "Choose a place of service, for example 11 for an office.",
        "STC:A7:249",
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
