"""Plain names for qualifiers: what a REF*G1 or an NM1*82 is called in a sentence. Our own words.

They serve findings and explain mode; an unknown qualifier falls back to the segment's own name.
"""

# These are tables, made to be read across.
# ruff: noqa: E501

from collections.abc import Sequence

from shared.x12.model.guides.grammar import SegmentUse, dictionary

PARTIES = {
    "85": "billing provider", "87": "pay-to address", "PE": "payee", "41": "submitter", "40": "receiver", "IL": "subscriber",
    "QC": "patient", "PR": "payer", "DN": "referring provider", "P3": "primary care provider", "82": "rendering provider",
    "77": "service location", "DQ": "supervising provider", "PW": "pick-up address", "45": "drop-off address",
    "DK": "ordering provider", "QB": "purchased service provider", "74": "corrected patient or subscriber",
    "TT": "crossover carrier", "GB": "other subscriber", "1P": "provider", "03": "dependent", "X3": "reviewer",
    "FA": "facility", "SJ": "service provider", "AY": "clearinghouse", "P5": "plan sponsor", "2B": "administrator",
    "36": "employer", "GP": "gateway", "VN": "vendor", "LR": "legal representative", "71": "attending provider",
    "72": "operating provider", "73": "other provider",
}  # fmt: skip
REFERENCES = {
    "G1": "authorization number", "9F": "referral number", "F8": "payer's claim number", "D9": "clearinghouse's number",
    "EA": "medical record number", "EI": "tax id", "SY": "social security number", "TJ": "tax id", "6R": "line number",
    "Y4": "accident claim number", "1L": "group number", "CE": "class of contract", "EV": "receiver's id", "2U": "payer id",
    "F2": "version", "0B": "state license", "1G": "UPIN", "G2": "provider's number with the payer", "LU": "location number",
    "PQ": "payee id", "1K": "payer's claim number", "EJ": "patient account number", "BLT": "bill type", "FJ": "line number",
    "1W": "member id", "0K": "policy form", "X4": "CLIA number", "EW": "mammography number", "4N": "exception code",
    "9A": "repriced claim number", "9C": "adjusted repriced claim number", "P4": "project", "1J": "facility id",
    "18": "plan number", "6P": "group number", "N6": "plan network", "T4": "claim adjustment indicator", "NF": "NAIC code",
    "HPI": "NPI", "D3": "pharmacy number", "XZ": "prescription number", "BB": "authorization number", "FY": "claim office",
}  # fmt: skip
DATES = {
    "472": "date of service", "431": "onset of illness", "439": "date of the accident", "454": "first treatment",
    "304": "last seen", "453": "acute manifestation", "484": "last menstrual period", "455": "last X-ray",
    "471": "prescription", "314": "disability", "360": "disability began", "361": "disability ended", "297": "last worked",
    "296": "return to work", "435": "admission", "096": "discharge", "090": "care assumed", "091": "care given up",
    "444": "first contact", "050": "received", "573": "paid by the other payer", "607": "recertification",
    "463": "therapy began", "461": "last certification", "738": "test", "739": "test", "011": "shipped",
    "405": "production date", "232": "claim period began", "233": "claim period ended", "036": "coverage ended",
    "150": "service began", "151": "service ended", "291": "plan", "346": "plan began", "347": "plan ended",
    "009": "processed", "356": "eligible from", "357": "eligible until", "102": "issued", "348": "benefit began",
    "349": "benefit ended", "307": "eligibility", "292": "benefit", "AAH": "event", "636": "last update",
}  # fmt: skip
AMOUNTS = {
    "F5": "paid by the patient", "D": "paid by the other payer", "EAF": "still owed", "A8": "not covered",
    "AU": "covered amount", "B6": "allowed amount", "I": "interest", "F4": "postage", "T": "sales tax", "T3": "claim charge",
    "YU": "accepted charges", "YY": "rejected charges", "KH": "late filing reduction", "T2": "claim before taxes",
    "D8": "discount", "DY": "limit of a day", "NL": "negative ledger", "R": "spend down", "PB": "billed amount",
}  # fmt: skip
QUANTITIES = {
    "90": "accepted claims", "AA": "rejected claims", "QA": "accepted claims", "QC": "rejected claims", "PT": "patients",
    "FL": "fluoroscopy minutes", "CA": "covered", "CD": "co-insured", "VS": "visits", "NE": "not covered",
}  # fmt: skip
LEVELS = {
    "20": "information source", "21": "information receiver", "19": "provider", "22": "subscriber", "23": "dependent",
    "PT": "patient", "EV": "patient event", "SS": "service",
}  # fmt: skip
CONTACTS = {"BL": "technical contact", "CX": "claims contact", "IC": "contact"}
CODES = {"ABK": "diagnoses", "BK": "diagnoses", "BP": "anesthesia procedure", "BG": "conditions", "ABF": "diagnoses"}
TABLES = {
    "NM1": (0, PARTIES), "N1": (0, PARTIES), "REF": (0, REFERENCES), "DTP": (0, DATES), "DTM": (0, DATES),
    "AMT": (0, AMOUNTS), "QTY": (0, QUANTITIES), "HL": (2, LEVELS), "PER": (0, CONTACTS), "HI": (0, CODES),
}  # fmt: skip


def name_of(identifier: str, elements: Sequence[bytes], use: SegmentUse | None = None) -> str:
    """What a segment is called: by its code, else by the codes that its use allows, else by its own name."""
    entry = dictionary().get(identifier)
    plain = entry[0] if entry else f"{identifier} segment"
    index, table = TABLES.get(identifier, (0, {}))
    if not table:
        return place_name(use) if identifier in ("N3", "N4", "DMG") and use is not None else plain
    code = elements[index].decode("latin-1").partition(":")[0] if len(elements) > index else ""
    if code in table:
        return table[code]
    known = [table[one] for one in sorted(use.qualifiers) if one in table] if use is not None else []
    return known[0] if len(known) == 1 or (known and identifier in ("HI", "N1")) else plain


def place_name(use: SegmentUse) -> str:
    """Whose address or birth date it is."""
    first = use.loop.first
    whose = name_of(first.id, [], first) if first.id in ("NM1", "N1") else "party"
    what = {"N3": "street of the", "N4": "place of the", "DMG": "birth date of the"}[use.id]
    return f"{what} {whose}"
