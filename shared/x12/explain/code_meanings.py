"""Short meanings of codes for explain mode, in our own words. A code that is not here is shown as it is.

Only codes of the guides themselves: what a code set of the outside world means is asked of `CodeLabels`."""

# These are tables, made to be read across.
# ruff: noqa: E501

CLAIM_STATUS = {
    "1": "processed as primary", "2": "processed as secondary", "3": "processed as tertiary", "4": "denied",
    "19": "processed as primary and forwarded", "20": "processed as secondary and forwarded",
    "21": "processed as tertiary and forwarded", "22": "reversal of an earlier payment", "23": "not ours, forwarded",
    "25": "forecast only",
}  # fmt: skip
GROUPS = {
    "CO": "contractual, never the patient's", "PR": "the patient's responsibility", "OA": "other adjustment",
    "PI": "the payer's own reduction", "CR": "correction",
}  # fmt: skip
RESPONSIBILITY = {"P": "primary", "S": "secondary", "T": "tertiary", "U": "of unknown order"}
RELATIONSHIP = {"18": "self", "01": "spouse", "19": "child", "20": "employee", "21": "unknown", "39": "organ donor",
                "40": "cadaver donor", "53": "life partner", "G8": "other"}  # fmt: skip
FREQUENCIES = {"1": "original", "7": "replacement", "8": "void"}
PAYMENT = {
    "ACH": "electronic transfer",
    "CHK": "check",
    "NON": "no payment",
    "FWT": "wire",
    "BOP": "financial institution option",
}
BENEFIT = {
    "1": "active coverage", "6": "inactive", "A": "coinsurance (patient's share)", "B": "copay", "C": "deductible",
    "F": "limitation", "G": "out-of-pocket maximum", "I": "not covered", "U": "ask the payer", "V": "cannot answer",
    "L": "primary care provider", "W": "other source of data", "R": "other payer", "CB": "coverage basis", "MC": "managed care",
    "D": "benefit description", "E": "exclusions", "K": "reserve", "N": "services restricted", "X": "health care facility",
    "8": "inactive, pending investigation", "5": "active, pending investigation", "P": "benefit disclaimer",
    "2": "active, full risk", "3": "active, services capitated", "4": "active, services capitated to provider",
    "7": "inactive, pending eligibility update", "Y": "spend down", "H": "unlimited", "J": "cost containment",
}  # fmt: skip
SERVICES = {"30": "health plan", "BE": "massage therapy", "PT": "physical therapy", "AE": "physical medicine", "33": "chiropractic",
            "1": "medical care", "98": "office visit", "47": "hospital", "86": "emergency", "35": "dental", "88": "pharmacy",
            "AL": "vision", "MH": "mental health", "UC": "urgent care", "48": "inpatient hospital", "50": "outpatient hospital"}  # fmt: skip
PERIODS = {"22": "service year", "23": "calendar year", "24": "year to date", "25": "contract", "26": "episode", "27": "visit",
           "29": "remaining", "32": "lifetime", "7": "day", "6": "hour", "21": "years", "33": "lifetime remaining"}  # fmt: skip
CATEGORIES = {
    "A0": "forwarded", "A1": "received", "A2": "accepted", "A3": "returned, not processed", "A4": "not found", "A5": "split",
    "A6": "rejected, information missing", "A7": "rejected, information invalid", "A8": "rejected, relations wrong",
    "P0": "pending", "P1": "pending, in process", "P2": "pending, in review", "P3": "pending, information wanted",
    "P4": "pending, patient asked", "F0": "final", "F1": "final, paid", "F2": "final, denied", "F3": "final, revised",
    "F3F": "final, forwarded", "F4": "final, no payment coming", "R0": "information wanted", "E0": "our request has errors",
    "E1": "system busy", "D0": "no data found",
}  # fmt: skip
RESULTS = {"A": "accepted", "E": "accepted with errors", "P": "partly accepted", "R": "rejected"}
GENDERS = {"F": "female", "M": "male", "U": "gender unknown"}
TAKE_BACKS = {"WO": "overpayment recovered", "FB": "balance carried forward", "72": "authorized return", "CS": "adjustment",
              "L6": "interest", "J1": "non-reimbursable", "50": "late charge", "IR": "tax withholding"}  # fmt: skip
PROVIDER_ROLES = {"BI": "billing provider", "PE": "rendering provider", "RF": "referring provider", "PT": "pay-to provider",
                  "AT": "attending provider", "OR": "ordering provider", "SU": "supervising provider", "R": "rural clinic"}  # fmt: skip
GROUPS_OF = {"HC": "claims", "HP": "remittances", "HS": "questions about coverage", "HB": "answers about coverage",
             "HR": "questions about claims", "HN": "news of claims", "HI": "reviews of services", "FA": "acknowledgements"}  # fmt: skip


def status_category_meaning(category: str) -> str:
    """What a category of a claim status (STC01-1, external code list 507) says, or the category where it is not known."""
    return CATEGORIES.get(category, category)
