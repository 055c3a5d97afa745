"""Short meanings of codes for explain mode, in our own words. A code that is not here is shown as it is."""

# These are tables, made to be read across.
# ruff: noqa: E501

CLAIM_STATUS = {
    "1": "processed as primary", "2": "processed as secondary", "3": "processed as tertiary", "4": "patient not recognised",
    "19": "processed as primary and forwarded", "20": "processed as secondary and forwarded",
    "21": "processed as tertiary and forwarded", "22": "reversal of an earlier payment", "23": "not ours, forwarded",
    "25": "forecast only",
}  # fmt: skip
GROUPS = {
    "CO": "contractual, never the patient's", "PR": "the patient's responsibility", "OA": "other adjustment",
    "PI": "the payer's own reduction", "CR": "correction",
}  # fmt: skip
REASONS = {
    "1": "deductible", "2": "coinsurance", "3": "copay", "45": "over the contracted fee", "97": "part of another service",
    "197": "no authorization", "50": "not medically necessary", "23": "effect of another payer", "18": "duplicate",
    "29": "filed too late", "16": "information missing", "59": "multiple procedures", "96": "not covered", "119": "limit reached",
    "204": "not covered by the plan", "253": "sequestration", "131": "discount agreed for this claim", "4": "modifier missing or wrong",
    "11": "diagnosis does not fit the procedure", "22": "another payer comes first", "26": "before the coverage began",
    "27": "after the coverage ended", "31": "patient not identified as insured", "109": "another payer is responsible",
    "151": "not this many services", "198": "more than was authorized", "B7": "provider not eligible on that day",
}  # fmt: skip
FILING = {
    "12": "PPO", "13": "point of service", "14": "exclusive provider plan", "15": "indemnity", "16": "Medicare HMO",
    "AM": "automobile", "BL": "Blue Cross", "CH": "Champus", "CI": "commercial", "HM": "HMO", "LM": "liability",
    "MA": "Medicare part A", "MB": "Medicare part B", "MC": "Medicaid", "OF": "federal program", "TV": "title V",
    "VA": "Veterans Affairs", "WC": "workers' compensation", "ZZ": "mutually defined", "17": "dental", "DS": "disability",
    "FI": "federal employees", "11": "other",
}  # fmt: skip
RESPONSIBILITY = {"P": "primary", "S": "secondary", "T": "tertiary", "U": "of unknown order"}
RELATIONSHIP = {"18": "self", "01": "spouse", "19": "child", "20": "employee", "21": "unknown", "39": "organ donor",
                "40": "cadaver donor", "53": "life partner", "G8": "other"}  # fmt: skip
PLACES = {"11": "office", "12": "home", "02": "telehealth", "10": "telehealth at home", "21": "inpatient hospital",
          "22": "outpatient hospital", "23": "emergency room", "31": "nursing facility", "49": "independent clinic"}  # fmt: skip
FREQUENCIES = {"1": "original", "7": "replacement", "8": "void"}
PAYMENT = {
    "ACH": "electronic transfer",
    "CHK": "check",
    "NON": "no payment",
    "FWT": "wire",
    "BOP": "financial institution option",
}
CAUSES = {"AA": "an automobile accident", "EM": "employment", "OA": "another accident"}
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
