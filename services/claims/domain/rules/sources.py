"""The sources of rules, and since when they are in force.

A rule of a source that has a first day here does not apply to earlier dates of service.
"""

from datetime import date

NOTE = "Medicare Benefit Policy Manual ch. 15 §220.3 (documentation); payers' record policies ask the same"
SIGNATURE = "Medicare Program Integrity Manual ch. 3 §3.3.2.4 (signatures)"
LATE_SIGNATURE = (
    "Medicare Program Integrity Manual ch. 3 §3.3.2.4 (a short delay); the number of days is our own advice"
)
UNITS = "Medicare Claims Processing Manual ch. 5 §20.2 (timed units); AMA substantial-portion rule"
ICD = "ICD-10-CM official guidelines for coding and reporting, section I.A and IV"
ICD_SIDE = (
    "ICD-10-CM official guidelines FY2026, section I.B.13 (laterality); Anthem Provider News 2023-06-30: denied for "
    "services from 2023-08-01"
)
ICD_UNSPECIFIED = "ICD-10-CM official guidelines FY2026, section I.B.18 (unspecified codes)"
ICD_PHASE = "ICD-10-CM official guidelines FY2026, section I.C.19.a (7th character A, D and S)"
ICD_PREGNANCY = "ICD-10-CM official guidelines FY2026, sections I.C.15.a and I.C.21.c.11 (chapter 15, Z3A)"
ICD_FIRST = (
    "ICD-10-CM official guidelines FY2026, I.B.14 and I.C.21.c; UnitedHealthcare Diagnosis Code Requirement policy, "
    "services from 2024-05-01"
)
ICD_EDITS = "CMS Definitions of Medicare Code Edits (age and sex conflict)"
THERAPY_REASON = "Medicare Benefit Policy Manual ch. 15 §220.2; our own list of codes"
ICD_ORDER = "ICD-10-CM official guidelines, section I.A.13 and I.B.10 (etiology, manifestation, sequela)"
ICD_EXTERNAL = "ICD-10-CM official guidelines, section I.C.20 (external causes)"
ICD_EXCLUDES = "ICD-10-CM tabular list, Excludes1 notes; official guidelines section I.A.12.a"
GUIDE = "Professional claim guide 005010X222A1"
POINTERS = "Professional claim guide 005010X222A1, loop 2400, SV107 (diagnosis code pointers)"
GUIDE_PATIENT = "Guide 005010X222A1, loops 2010BA and 2010CA, N3 and N4 (the patient's address)"
GUIDE_BILLING_ADDRESS = "Guide 005010X222A1, loops 2010AA and 2010AB, N3 and N4; X12 RFI 1451 (no post office box)"
GUIDE_LOCATION = "Guide 005010X222A1, loop 2310C; CMS transmittal 2015, CR 6947, 2010-07-30 (place of service home)"
CARD = "The insurer's card or letter; our own list of words that stand for no number"
OWN_CARE = (
    "Medicare Benefit Policy Manual ch. 16 §130 (services of the patient's own household); plans exclude the same"
)
NPI = "45 CFR 162.406; NPI check digit after ISO/IEC 7812"
NCCI = "Medicare NCCI policy manual and practitioner edits"
MUE = "Medicare MUE practitioner values"
PLAN = "Medicare Claims Processing Manual ch. 5 §20.1 (GP, GO, GN; CQ and CO)"
SEPARATE = "CMS MLN 1783722, proper use of modifiers 59, XE, XP, XS and XU"
NOTICES = "Medicare Claims Processing Manual ch. 30 §50 (GA, GX, GY, GZ)"
SIDES = "Medicare physician fee schedule, bilateral surgery indicator 0"
CHIROPRACTIC = "Medicare Benefit Policy Manual ch. 15 §240.1; Claims Processing Manual ch. 12 §220"
ADJUSTED_REGIONS = (
    "American Chiropractic Association, Medicare documentation (98940 to 98942 by number of regions); the five spinal "
    "regions as in BlueCross BlueShield of South Carolina, CAM 065"
)
GP = "Medicare Claims Processing Manual ch. 5 §20.1; the payer's profile"
SCOPE = "State practice acts; NUCC taxonomy definitions"
FEES = "Payers' most-favored and usual-charge clauses; 42 U.S.C. 1320a-7(b)(6)"
TELEHEALTH = "CMS list of telehealth services, calendar year 2026; CMS place of service code set (02, 10)"
STATE_LAW = "Insurance law of the state of the accident; the payer's profile names it"
PROFILE = "The payer's profile"
BENEFIT = "The payer's own 271 (005010X279A1)"
AUTHORIZATION_NUMBERS = "Guide 005010X222A1, loops 2300 and 2400 REF*G1; X12 request for interpretation 2459"
AUTHORIZATION = "The payer's profile and its authorization letter"
PROPERTY = "Guide 005010X222A1, property and casualty: CLM11, DTP*439, REF*Y4, SBR09"
COB = "Guide 005010X222A1, section 1.4.1 (coordination of benefits)"
CHARACTERS = "005010 TR3s, appendix B.1.1.2.2 (basic character set)"
ONE_TO_ONE = (
    "Medicare Benefit Policy Manual ch. 15 §230.A (individual and group therapy); Claims Processing Manual ch. 5 §20.2"
)
HISTORY = "The practice's own claims and sessions"

IN_FORCE_FROM = {
    ICD: date(2015, 10, 1),
    ICD_SIDE: date(2015, 10, 1),
    ICD_UNSPECIFIED: date(2015, 10, 1),
    ICD_PHASE: date(2015, 10, 1),
    ICD_PREGNANCY: date(2015, 10, 1),
    ICD_FIRST: date(2015, 10, 1),
    ICD_EDITS: date(2015, 10, 1),
    ICD_ORDER: date(2015, 10, 1),
    ICD_EXTERNAL: date(2015, 10, 1),
    ICD_EXCLUDES: date(2015, 10, 1),
    GUIDE: date(2012, 1, 1),
    PROPERTY: date(2012, 1, 1),
    COB: date(2012, 1, 1),
    BENEFIT: date(2012, 1, 1),
    NPI: date(2008, 5, 23),
    NCCI: date(1996, 1, 1),
    MUE: date(2007, 1, 1),
}
"""ICD-10-CM began on 2015-10-01, version 5010 on 2012-01-01, the NPI on 2008-05-23, NCCI in 1996, MUE in 2007."""
