"""Places in documents that several rules cite, with whom each speaks for."""

from __future__ import annotations

from services.claims.domain.rules.citations import documents as doc
from services.claims.domain.rules.citations.source import ALL, Document, Source
from shared.codesets.programs import Program

MEDICARE = frozenset({Program.MEDICARE, Program.MEDICARE_ADVANTAGE})
"""Advantage plans cover and code as Medicare does (42 CFR 422.101(b))."""
COMMERCIAL = frozenset({Program.COMMERCIAL})
COMP = frozenset({Program.WORKERS_COMP})
AUTO = frozenset({Program.AUTO_PIP})
VA = frozenset({Program.VA})
WA, FL, NY, TX, CA, OR = (frozenset({state}) for state in ("WA", "FL", "NY", "TX", "CA", "OR"))


def guide(*places: str) -> Source:
    """Elements of the 837P guide by loop and element, as `2310B NM109`. It is what is sent to every kind of payer."""
    return Source(doc.GUIDE_837P, ", ".join(places), confirmed=True)


def said_by_payer(setting: str) -> Source:
    """What the payer has said, which the practice has entered as this setting; so it speaks for any payer."""
    return Source(doc.PAYER_TERMS, f"`{setting}`")


def _read(
    document: Document, section: str, programs: frozenset[Program], states: frozenset[str] = frozenset()
) -> Source:
    return Source(document, section, programs, states, confirmed=True)


def icd(section: str, *, confirmed: bool = False) -> Source:
    """A section of the official guidelines, which say how the codes are used, whoever is billed."""
    return Source(doc.ICD_GUIDELINES, f"section {section}", confirmed=confirmed)


def cpt(section: str, *, confirmed: bool = False) -> Source:
    """A part of CPT, which says what its codes and modifiers mean, whoever is billed."""
    return Source(doc.CPT, section, confirmed=confirmed)


# Billing as Medicare does it, and who else has said that they bill so.
VA_BILLS_AS_MEDICARE = _read(doc.TRIWEST, "Billing and Claims Submission (Medicare's billing guidelines)", VA)
TEXAS_BILLS_AS_MEDICARE = _read(doc.TEXAS_FEES, "(a)(5) (Medicare payment policies)", COMP, TX)
CALIFORNIA_BILLS_AS_MEDICARE = Source(doc.CALIFORNIA_FEES, "§9789.12.13 (correct coding initiative)", COMP, CA)
FLORIDA_BILLS_AS_MEDICARE = Source(doc.FLORIDA_PIP, "(5)(a) (Medicare coding policies)", AUTO, FL)
STATES_AS_MEDICARE = (TEXAS_BILLS_AS_MEDICARE, CALIFORNIA_BILLS_AS_MEDICARE, FLORIDA_BILLS_AS_MEDICARE)
UNITS = (
    _read(doc.CLAIMS_5, "§20.2 (counting minutes of timed codes)", MEDICARE),
    VA_BILLS_AS_MEDICARE,
    *STATES_AS_MEDICARE,
)
PLAN_OF_CARE = (
    Source(doc.CLAIMS_5, "§20.1 (GP, GO, GN; CQ and CO)", MEDICARE),
    Source(doc.HCPCS, "modifiers GP, GO, GN, CQ and CO", confirmed=True),
    _read(doc.UNITED_THERAPY, "GO, GP, CO and CQ, from 2020-07-01", COMMERCIAL),
)
PAIRS = (
    Source(doc.NCCI_TABLES, "columns 1 and 2 with their modifier indicator", MEDICARE, confirmed=True),
    Source(doc.NCCI_MANUAL, "ch. I and XI", MEDICARE),
    _read(doc.UNITED_CCI, "Overview (NCCI edits)", COMMERCIAL),
    VA_BILLS_AS_MEDICARE,
    *STATES_AS_MEDICARE,
)
UNIT_LIMITS = (
    Source(doc.MUE_TABLES, "value and adjudication indicator", MEDICARE, confirmed=True),
    _read(doc.AMBETTER, "Policy Overview (units of one day)", COMMERCIAL),
    VA_BILLS_AS_MEDICARE,
    *STATES_AS_MEDICARE,
)
SEPARATE = cpt("appendix A, modifier 59", confirmed=True)
ONE_TO_ONE = cpt("Physical Medicine and Rehabilitation (direct one-on-one contact)", confirmed=True)
GROUP = Source(doc.BENEFIT_15, "§230.A (individual and group therapy)", MEDICARE)
WHO_MAY_BILL = cpt("Instructions for Use (licensed to perform what is reported)", confirmed=True)
OREGON_SCOPE = _read(doc.OREGON_BILLS, "(1)(a) (within the license; approved by the attending physician)", COMP, OR)
TELEHEALTH = (
    Source(doc.PLACES, "02 and 10 (telehealth)", confirmed=True),
    Source(doc.TELEHEALTH, "the services listed", MEDICARE),
)

# Records.
SIGNED = (
    _read(doc.INTEGRITY_3, "§3.3.2.4 (signature requirements)", MEDICARE),
    _read(doc.BENEFIT_15, "§220.3.E (signature on the treatment note)", MEDICARE),
    _read(doc.ANTHEM_RECORDS, "signature, credentials and date", COMMERCIAL),
    guide("2300 CLM06"),
)
PLAN_CONTENTS = _read(doc.BENEFIT_15, "§220.1.2 (contents of the plan)", MEDICARE)
RECORD = _read(doc.BENEFIT_15, "§220.3 (documentation of therapy)", MEDICARE)
VISIT_RECORD = _read(doc.UNITED_GUIDE, "ch. 11 (member encounters)", COMMERCIAL)
SOAPER = _read(doc.LNI_RECORDS, "chart notes (SOAPER)", COMP, WA)
MASSAGE_RECORD = _read(doc.WA_MASSAGE, "(1)(l) (treating a health condition)", ALL, WA)
PREMERA_NEED = _read(doc.PREMERA, "Policy Coverage Criteria (measurable improvement of a documented limit)", COMMERCIAL)
EVICORE_NEED = _read(doc.EVICORE, "MT-1.0 (covered services and exclusions)", COMMERCIAL)
LNI_NEED = _read(doc.LNI_MASSAGE, "second paragraph (improvement, goals, expected length)", COMP, WA)

# Benefits, authorizations and orders.
COVERED = Source(doc.GUIDE_271, "2110C EB01")
AUTHORIZATION_NUMBER = guide("2300 REF02", "2400 REF02")
AUTHORIZED_DAYS = Source(doc.GUIDE_278, "2000E DTP03")
AUTHORIZED_AMOUNT = Source(doc.GUIDE_278, "2000F HSD02")
AUTHORIZED_SERVICE = Source(doc.GUIDE_278, "2000F SV101")
VA_AUTHORIZES = _read(doc.TRIWEST, "Billing and Claims Submission (referral and authorization)", VA)
LNI_ORDER = _read(doc.LNI_MASSAGE, "first paragraph (written order of the attending doctor)", COMP, WA)
PREMERA_ORDER = _read(doc.PREMERA, "Policy Coverage Criteria (diagnosis-specific prescription)", COMMERCIAL)
LNI_STEPS = _read(doc.LNI_VISITS, "Authorization (visits on the claim)", COMP, WA)
LNI_THERAPY = Source(doc.LNI_THERAPY, "visits and reports", COMP, WA)
FIRST_PAYER = (
    Source(doc.SECONDARY_PAYER, "§411.40 and §411.50 (compensation and no-fault first)", MEDICARE),
    guide("2000B SBR01", "2320 SBR01"),
)
FILING = (
    _read(doc.MEDICARE_CLAIMS, "§424.44 (one calendar year)", frozenset({Program.MEDICARE})),
    _read(doc.TRIWEST, "Timely Filing Requirements (180 days)", VA),
    Source(doc.LNI_BILLING, "bills within one year", COMP, WA),
    _read(doc.TEXAS_BILLS, "(b) (95th day)", COMP, TX),
    Source(doc.CALIFORNIA_BILLS, "(b)(1) (12 months)", COMP, CA),
    Source(doc.OREGON_BILLS, "(2) (60 days)", COMP, OR),
    _read(doc.NEW_YORK, "(d), proof of claim (45 days)", AUTO, NY),
    Source(doc.FLORIDA_PIP, "(5)(c) (35 days)", AUTO, FL),
    said_by_payer("timely_filing_days"),
)
FALSE_CLAIMS = _read(doc.HEALTH_FRAUD, "18 U.S.C. 1035 and 1347", ALL)
