"""Every document that a rule cites, once, with who publishes it and the edition that was cited."""

from __future__ import annotations

from datetime import date

from services.claims.domain.rules.citations.source import Document

CMS = "Centers for Medicare & Medicaid Services"
CONGRESS = "Congress of the United States"
HHS = "Department of Health and Human Services"
X12 = "ASC X12"
ANTHEM = "Anthem Blue Cross and Blue Shield"
UNITED = "UnitedHealthcare"
WASHINGTON = "State of Washington"
READ = "as read 2026-11"
IN_2026 = "revision of 2026"
LNI = "Washington State Department of Labor and Industries"

# What is sent, and the code sets that are in it: whoever the payer is.
GUIDE_837P = Document("837P guide 005010X222A1", X12, "2010-06", date(2012, 1, 1))
GUIDE_271 = Document("270/271 guide 005010X279A1", X12, "2010-06", date(2012, 1, 1))
GUIDE_278 = Document("278 guide 005010X217", X12, "2006-05")
GUIDE_835 = Document("835 guide 005010X221A1", X12, "2010-06", date(2012, 1, 1))
CHARACTER_SETS = Document("005010 technical reports type 3, appendix B", X12, "2006-05")
RFI_1451 = Document("Request for interpretation 1451", X12, READ)
RFI_2459 = Document("Request for interpretation 2459", X12, READ)
CODE_SETS = Document("45 CFR part 162, subpart J (code sets)", HHS, "2009-01-16", date(2015, 10, 1))
NPI = Document("45 CFR part 162, subpart D (national provider identifier)", HHS, "2004-01-23", date(2008, 5, 23))
ICD_GUIDELINES = Document(
    "ICD-10-CM Official Guidelines for Coding and Reporting", "CMS and NCHS", "FY2026", date(2015, 10, 1)
)
ICD_TABULAR = Document("ICD-10-CM Tabular List", "NCHS", "FY2026", date(2015, 10, 1))
CPT = Document("CPT Professional Edition", "American Medical Association", "2026")
HCPCS = Document("HCPCS Level II", CMS, "2026")
PLACES = Document("Place of Service Code Set", CMS, IN_2026)
TAXONOMY = Document("Health Care Provider Taxonomy Code Set", "National Uniform Claim Committee", "2026-01")
CLAIM_FORM = Document("1500 Claim Form Reference Instruction Manual", "National Uniform Claim Committee", "2025-07")
TAX_NUMBERS = Document("26 CFR 301.6109-1", "Internal Revenue Service", IN_2026)
HEALTH_FRAUD = Document("18 U.S.C. chapters 47 and 63 (health care)", CONGRESS, "2010-03-23")
PAYER_TERMS = Document(
    "What this payer has said itself (agreement, manual or letter)", "The payer", "as the practice entered it"
)

# Medicare.
BENEFIT_15 = Document("Medicare Benefit Policy Manual, ch. 15", CMS, "2019-01-25")
BENEFIT_16 = Document("Medicare Benefit Policy Manual, ch. 16", CMS, "2014-11-06")
CLAIMS_1 = Document("Medicare Claims Processing Manual, ch. 1", CMS, IN_2026)
CLAIMS_5 = Document("Medicare Claims Processing Manual, ch. 5", CMS, IN_2026)
CLAIMS_12 = Document("Medicare Claims Processing Manual, ch. 12", CMS, IN_2026)
CLAIMS_26 = Document("Medicare Claims Processing Manual, ch. 26, as changed by transmittal 2015", CMS, "2010-07-30")
CLAIMS_30 = Document("Medicare Claims Processing Manual, ch. 30", CMS, IN_2026)
INTEGRITY_3 = Document("Medicare Program Integrity Manual, ch. 3", CMS, "2022-04-07")
NCCI_MANUAL = Document("NCCI Policy Manual for Medicare Services", CMS, "2024-01-01", date(1996, 1, 1))
NCCI_TABLES = Document("NCCI practitioner procedure-to-procedure edits", CMS, "2024-07-01", date(1996, 1, 1))
MUE_TABLES = Document("NCCI medically unlikely edits, practitioner", CMS, "2024-07-01", date(2007, 1, 1))
MODIFIER_59 = Document("MLN 1783722, Proper Use of Modifiers 59, XE, XP, XS and XU", CMS, IN_2026)
MM11168 = Document("MLN Matters MM11168, NCCI-associated modifiers", CMS, "2019-02-15")
FEE_SCHEDULE = Document("Medicare Physician Fee Schedule relative value file", CMS, "2026-01")
TELEHEALTH = Document("List of Medicare Telehealth Services", CMS, "2026")
CODE_EDITOR = Document("Definitions of Medicare Code Edits", CMS, "FY2026", date(2015, 10, 1))
MEDICARE_CLAIMS = Document("42 CFR part 424 (conditions for Medicare payment)", CMS, "2024-11-19")
SECONDARY_PAYER = Document("42 CFR part 411 (Medicare secondary payer)", CMS, "2008-02-22")

# VA community care.
TRIWEST = Document("Community Care Network Provider Handbook", "TriWest Healthcare Alliance", READ)
VA_MASSAGE = Document(
    "Clinical Determination and Indication 00036, Medical Massage Therapy", "Department of Veterans Affairs", "2025-06"
)

# Commercial plans.
ANTHEM_RECORDS = Document(
    "Provider News, Medical record documentation and signature requirements", ANTHEM, "2023-11-01"
)
ANTHEM_SIDE = Document("Provider News, Unspecified diagnosis code of site and laterality", ANTHEM, "2023-06-30")
OKLAHOMA_RECORDS = Document("Medical Record Documentation policy", "Blue Cross and Blue Shield of Oklahoma", READ)
SOUTH_CAROLINA = Document("Corporate Administrative Manual 065", "BlueCross BlueShield of South Carolina", READ)
UNITED_GUIDE = Document("Administrative Guide", UNITED, "2018")
UNITED_CCI = Document("Reimbursement policy CCI Editing, Professional (2024R0105B)", UNITED, "2024")
UNITED_THERAPY = Document(
    "Reimbursement policy Physical Medicine & Rehabilitation: PT, OT and Evaluation and Management",
    UNITED,
    "2020-07-01",
)
UNITED_DIAGNOSIS = Document("Reimbursement policy Diagnosis Code Requirement", UNITED, "2024-05-01")
PREMERA = Document(
    "Medical policy 8.03.502, Physical Therapy and Medical Massage Therapy", "Premera Blue Cross", "2020-12-01"
)
EVICORE = Document("Massage Therapy Clinical Guidelines", "eviCore healthcare", "2020-02-14")
EVICORE_NOTICES = Document("Provider notices on eviCore authorization", "Regence and Premera", "2016 and 2017")
AMBETTER = Document("Payment policy CC.PP.007, Maximum Units of Service", "Ambetter (Centene)", "2025-10-16")
HORIZON = Document("Reimbursement policy Hot or Cold Pack Therapy", "Horizon BCBSNJ", "2021-08-25")
HEALTH_NET = Document("Provider Manual, Physician Self-Treatment", "Health Net of California", READ)

# State law.
WA_MASSAGE = Document("WAC 246-830-565, massage therapists' records", WASHINGTON, "2021-09-01")
WA_CATEGORIES = Document("RCW 48.43.045, every category of provider", WASHINGTON, IN_2026)
LNI_MASSAGE = Document("WAC 296-23-250, massage therapy", LNI, "2008-07-01")
LNI_THERAPY = Document("WAC 296-23-220 and 296-23-230, physical and occupational therapy", LNI, "2008-07-01")
LNI_BILLING = Document("WAC 296-20-125, billing procedures", LNI, READ)
LNI_RECORDS = Document("How to Bill Us (lni.wa.gov)", LNI, READ)
LNI_VISITS = Document("Physical, Occupational, & Massage Therapy (lni.wa.gov)", LNI, READ)
FLORIDA_PIP = Document("Fla. Stat. 627.736, required personal injury protection benefits", "State of Florida", "2024")
NEW_YORK = Document("11 NYCRR 65-1.1", "New York State Department of Financial Services", "2002-04-05")
TEXAS_BILLS = Document("28 TAC 133.20", "Texas Division of Workers' Compensation", "2024-09-20")
TEXAS_FEES = Document("28 TAC 134.203", "Texas Division of Workers' Compensation", "2008-03-01")
CALIFORNIA_BILLS = Document("Cal. Labor Code 4603.2", "State of California", "2017-01-01")
CALIFORNIA_FEES = Document(
    "8 CCR 9789.12.1 to 9789.19.1, physician fee schedule", "California Division of Workers' Compensation", "2014-01-01"
)
OREGON_BILLS = Document("OAR 436-009-0010", "Oregon Workers' Compensation Division", "2025-06-06")

DOCUMENTS: tuple[Document, ...] = tuple(one for one in globals().values() if isinstance(one, Document))
"""All of them, in the order above."""
