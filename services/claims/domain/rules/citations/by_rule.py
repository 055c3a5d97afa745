"""What stands behind each rule: its sources, or nothing, which makes it our own advice.

The first source is the main one: where its document has a first day, the rule holds from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.claims.domain.rules.citations import documents as doc
from services.claims.domain.rules.citations import passages as at
from services.claims.domain.rules.citations.passages import cpt, guide, icd, said_by_payer
from services.claims.domain.rules.citations.source import Source
from shared.codesets.programs import Program

OUR_ADVICE: tuple[Source, ...] = ()

_NOTE: dict[str, tuple[Source, ...]] = {
    "note_unsigned": at.SIGNED,
    "note_signed_before_treatment": (*at.SIGNED, at.FALSE_CLAIMS),
    "note_signed_late": (
        Source(doc.INTEGRITY_3, "§3.3.2.4 (a short delay; the days are our own)", at.MEDICARE, confirmed=True),
        Source(doc.OKLAHOMA_RECORDS, "timeliness (24 to 48 hours)", at.COMMERCIAL, confirmed=True),
    ),
    "technique_unknown": (guide("2400 SV101", "2400 SV104"),),
    "technique_not_billed": OUR_ADVICE,
    "techniques_overlap": (at.ONE_TO_ONE, *at.UNITS),
    "adjusted_regions_too_few": (
        cpt("Chiropractic Manipulative Treatment (five spinal regions)"),
        Source(doc.SOUTH_CAROLINA, "spinal regions", at.COMMERCIAL),
    ),
}

_DIAGNOSES: dict[str, tuple[Source, ...]] = {
    "diagnosis_missing": (guide("2300 HI01"),),
    "diagnosis_not_valid": (
        icd("I.A.3 and I.B.2", confirmed=True),
        Source(doc.CODE_SETS, "§162.1000 and §162.1002"),
        guide("2300 HI01"),
    ),
    "diagnosis_edition_unknown": (Source(doc.CODE_SETS, "§162.1000 (valid when care is furnished)"),),
    "diagnosis_external_first": (icd("I.C.20.a.6"),),
    "diagnosis_manifestation_first": (icd("I.A.13"),),
    "diagnosis_sequela_first": (icd("I.B.10"),),
    "diagnoses_exclude_each_other": (icd("I.A.12.a"), Source(doc.ICD_TABULAR, "Excludes1 notes", confirmed=True)),
    "diagnosis_side_missing": (
        icd("I.B.13", confirmed=True),
        Source(
            doc.ANTHEM_SIDE,
            "services from 2023-08-01",
            at.COMMERCIAL | {Program.MEDICARE_ADVANTAGE},
            confirmed=True,
        ),
    ),
    "diagnosis_both_sides": (icd("I.B.13", confirmed=True),),
    "diagnosis_vague": (icd("I.B.18"),),
    "diagnosis_unspecified": (icd("I.B.18"),),
    "injury_in_two_phases": (icd("I.C.19.a"),),
    "injury_phase_late": (icd("I.C.19.a"),),
    "diagnosis_other_sex": (Source(doc.CODE_EDITOR, "sex conflict", at.MEDICARE), icd("I.C.15.a.2")),
    "diagnosis_other_age": (Source(doc.CODE_EDITOR, "age conflict", at.MEDICARE), icd("I.C.15.a and I.C.16.a.1")),
    "pregnancy_not_first": (icd("I.C.15.a.1"),),
    "pregnancy_weeks": (icd("I.C.21.c.11"),),
    "diagnosis_never_first": (
        icd("I.C.21.c.16"),
        Source(doc.UNITED_DIAGNOSIS, "services from 2024-05-01", at.COMMERCIAL),
    ),
    "diagnosis_not_paid_alone": (
        Source(doc.BENEFIT_15, "§220.2 (reasonable and necessary)", at.MEDICARE),
        at.PREMERA_NEED,
        Source(doc.VA_MASSAGE, "conditions", at.VA, confirmed=True),
    ),
}

_LINES: dict[str, tuple[Source, ...]] = {
    "lines_missing": (guide("2400 LX01", "2400 SV101"),),
    "lines_too_many": (guide("2400 LX01"), Source(doc.CLAIM_FORM, "item 24 (six lines)")),
    "units_tied": at.UNITS,
    "left_off_not_in_note": OUR_ADVICE,
    "charge_missing": (guide("2400 SV102"),),
    "pointer_missing": (guide("2400 SV107"),),
    "technique_treats_unknown_diagnosis": (guide("2400 SV107", "2300 HI01"),),
    "pointers_by_order": (guide("2400 SV107"),),
    "modifier_unknown": (guide("2400 SV101"), Source(doc.HCPCS, "list of modifiers"), cpt("appendix A")),
    "modifier_wanted": (*at.PLAN_OF_CARE, at.VA_BILLS_AS_MEDICARE, said_by_payer("modifiers")),
    "modifier_51_on_therapy": (
        cpt("appendix A, modifier 51, and Physical Medicine and Rehabilitation", confirmed=True),
        Source(doc.FEE_SCHEDULE, "multiple procedure indicator 5", at.MEDICARE),
    ),
    "modifier_25_on_therapy": (cpt("appendix A, modifier 25"), Source(doc.NCCI_MANUAL, "ch. I §E", at.MEDICARE)),
    "modifier_refused": (said_by_payer("modifiers_refused"),),
    "modifiers_exclude_each_other": (
        at.SEPARATE,
        Source(doc.MODIFIER_59, "modifiers XE, XP, XS and XU", at.MEDICARE),
        Source(doc.CLAIMS_30, "§50 (GA, GX, GY, GZ)", at.MEDICARE),
        Source(doc.CLAIMS_5, "§20.1 (one plan of care a line)", at.MEDICARE),
    ),
    "modifier_separates_nothing": (at.SEPARATE, Source(doc.MODIFIER_59, "when not to use it", at.MEDICARE)),
    "modifier_of_another_plan": at.PLAN_OF_CARE,
    "modifier_of_assistant_without_plan": at.PLAN_OF_CARE,
    "modifier_of_another_assistant": at.PLAN_OF_CARE,
    "modifier_side_on_therapy": (
        cpt("97124 and 97140 (one or more areas or regions)", confirmed=True),
        Source(doc.FEE_SCHEDULE, "bilateral surgery indicator 0", at.MEDICARE),
    ),
    "modifier_repeats_nothing": (cpt("appendix A, modifiers 76 and 77"),),
    "modifier_telehealth_by_place": (cpt("appendix A, modifiers 93 and 95", confirmed=True), *at.TELEHEALTH),
    "modifier_at_elsewhere": (
        Source(doc.HCPCS, "modifier AT", confirmed=True),
        Source(doc.CLAIMS_12, "§220 (AT)", at.MEDICARE),
    ),
    "chiropractic_maintenance": (
        Source(doc.BENEFIT_15, "§240.1.3 (active treatment)", at.MEDICARE, confirmed=True),
        Source(doc.CLAIMS_12, "§220 (AT)", at.MEDICARE),
    ),
    "chiropractic_subluxation_first": (
        Source(doc.BENEFIT_15, "§240.1.2 and §240.1.3 (subluxation)", at.MEDICARE, confirmed=True),
    ),
}

_EDITS: dict[str, tuple[Source, ...]] = {
    "pair_never_together": at.PAIRS,
    "pair_needs_modifier": at.PAIRS,
    "pair_modifier_without_proof": (*at.PAIRS, at.SEPARATE),
    "pair_modifier_on_column_one": (
        Source(doc.MM11168, "either line since 2019-07-01", at.MEDICARE),
        at.VA_BILLS_AS_MEDICARE,
        *at.STATES_AS_MEDICARE,
    ),
    "units_unlikely": at.UNIT_LIMITS,
    "units_above_payers_day": (said_by_payer("units_a_day"),),
    "procedure_bundled": (
        Source(doc.FEE_SCHEDULE, "status B (97010)", at.MEDICARE, confirmed=True),
        Source(doc.HORIZON, "97010", at.COMMERCIAL, confirmed=True),
        at.VA_BILLS_AS_MEDICARE,
        said_by_payer("procedures_bundled"),
    ),
    "procedure_coded_otherwise": (
        Source(doc.FEE_SCHEDULE, "status I (97014; G0283 instead) since 2003-03-01", at.MEDICARE, confirmed=True),
        at.VA_BILLS_AS_MEDICARE,
        said_by_payer("procedures_paid_elsewhere"),
    ),
    "procedure_refused": (said_by_payer("procedures_refused"),),
    "group_beside_single": (cpt("97150"), at.GROUP),
    "edits_older_than_service": at.PAIRS,
    "units_across_claims": at.UNIT_LIMITS,
    "pair_across_claims": at.PAIRS,
    "pool_across_claims": (*at.UNITS, said_by_payer("unit_method")),
}

_PEOPLE: dict[str, tuple[Source, ...]] = {
    "npi_referring_invalid": (Source(doc.NPI, "§162.406 (check digit)"), guide("2310A NM109")),
    "referring_is_rendering": (guide("2310A NM109", "2310B NM109"),),
    "tax_id_invalid": (guide("2010AA REF02"), Source(doc.TAX_NUMBERS, "(a) (nine digits)")),
    "taxonomy_unknown": (guide("2310B PRV03"), Source(doc.TAXONOMY, "list of codes", confirmed=True)),
    "license_not_in_force": (at.WHO_MAY_BILL, at.OREGON_SCOPE, at.LNI_ORDER),
    "credential_not_accepted": (said_by_payer("credentials"),),
    "massage_therapist_not_paid": (
        Source(doc.BENEFIT_15, "§230 (therapy by enrolled therapists)", at.MEDICARE),
        Source(doc.WA_CATEGORIES, "(1)", at.COMMERCIAL, at.WA),
        Source(doc.FLORIDA_PIP, "(1)(a)5", at.AUTO, at.FL, confirmed=True),
        said_by_payer("massage_therapists"),
    ),
    "massage_and_manual_mixed_up": (cpt("97124 and 97140", confirmed=True),),
    "test_without_report": (cpt("97750 (written report)", confirmed=True),),
    "hands_on_by_telehealth": at.TELEHEALTH,
    "place_unknown": (Source(doc.PLACES, "list of codes", confirmed=True), guide("2300 CLM05")),
    "not_a_rendering_provider": (
        at.WHO_MAY_BILL,
        Source(doc.BENEFIT_15, "§230 (assistants are not enrolled)", at.MEDICARE),
        guide("2310B NM102"),
    ),
    "procedure_outside_scope": (at.WHO_MAY_BILL, at.OREGON_SCOPE, said_by_payer("procedures_by_taxonomy")),
    "manual_therapy_by_massage_therapist": (said_by_payer("manual_therapy_by_massage_therapist"),),
    "patient_address_missing": (guide("2010BA N301", "2010BA N401", "2010CA N301", "2010CA N401"),),
    "name_not_sendable": (Source(doc.CHARACTER_SETS, "§B.1.1.2.2 (basic character set)"), guide("2010BA NM103")),
    "name_changed_on_wire": (Source(doc.CHARACTER_SETS, "§B.1.1.2.2 (basic character set)"), guide("2010BA NM103")),
    "billing_address_po_box": (
        guide("2010AA N301"),
        Source(doc.RFI_1451, "answer (no post office box)", confirmed=True),
    ),
    "billing_zip_incomplete": (guide("2010AA N403"),),
    "address_state_unknown": (guide("2010AA N402", "2010BA N402"),),
    "service_address_missing": (
        guide("2310C N301"),
        Source(doc.CLAIMS_26, "§10.4 (place of service home)", at.MEDICARE),
    ),
    "id_is_placeholder": (guide("2010BA NM109", "2010BA REF02", "2300 REF02"),),
    "insurer_claim_number_form": (said_by_payer("claim_number_form"),),
    "therapist_is_patient": (
        Source(doc.BENEFIT_16, "§130 (immediate relatives and household)", at.MEDICARE, confirmed=True),
        Source(doc.HEALTH_NET, "self-treatment", at.COMMERCIAL, confirmed=True),
        at.VA_BILLS_AS_MEDICARE,
    ),
}

_PERMISSION: dict[str, tuple[Source, ...]] = {
    "coverage_not_active": (at.COVERED,),
    "coverage_reported_inactive": (at.COVERED,),
    "patient_not_born": (guide("2010BA DMG02", "2010CA DMG02"),),
    "massage_not_covered": (Source(doc.GUIDE_271, "2110C EB01, 2110C EB03"),),
    "visits_used_up": (Source(doc.GUIDE_271, "2110C EB06, 2110C EB10"),),
    "visits_left_unknown": (Source(doc.GUIDE_271, "2110C EB06, 2110C EB10"),),
    "coverage_not_checked": (at.COVERED,),
    "authorization_missing": (
        at.AUTHORIZATION_NUMBER,
        at.VA_AUTHORIZES,
        at.LNI_STEPS,
        said_by_payer("authorization"),
    ),
    "authorization_not_on_day": (at.AUTHORIZED_DAYS, at.VA_AUTHORIZES),
    "authorization_visits_used": (at.AUTHORIZED_AMOUNT, at.VA_AUTHORIZES),
    "authorization_units_used": (at.AUTHORIZED_AMOUNT, at.VA_AUTHORIZES),
    "authorization_other_procedure": (at.AUTHORIZED_SERVICE, at.VA_AUTHORIZES),
    "authorization_other_region": (at.AUTHORIZED_SERVICE, at.VA_AUTHORIZES),
    "authorizations_split": (at.AUTHORIZATION_NUMBER, Source(doc.RFI_2459, "answer (numbers on lines)")),
    "authorization_unknown": (Source(doc.GUIDE_271, "2110C EB11"),),
    "authorization_asked_too_late": (
        Source(doc.EVICORE_NOTICES, "request within 7 days", at.COMMERCIAL, at.WA),
        said_by_payer("authorization_request_days"),
    ),
    "referral_missing": (at.LNI_ORDER, at.OREGON_SCOPE, at.PREMERA_ORDER, said_by_payer("referral")),
    "referral_not_on_day": (at.LNI_ORDER, said_by_payer("referral_age_days")),
    "referral_visits_used": (at.LNI_ORDER, said_by_payer("referral")),
    "referral_without_diagnosis": (at.PREMERA_ORDER, said_by_payer("referral")),
    "referring_npi_missing": (guide("2310A NM109"), said_by_payer("referring_npi_wanted")),
    "attachment_wanted": (guide("2300 PWK01"), said_by_payer("attachment_wanted")),
}

_PROGRAMS: dict[str, tuple[Source, ...]] = {
    "filing_indicator_wrong": (guide("2000B SBR09"),),
    "related_cause_missing": (guide("2300 CLM11"),),
    "related_cause_elsewhere": (guide("2300 CLM11"),),
    "accident_date_missing": (guide("2300 DTP03", "2300 CLM11"),),
    "accident_state_missing": (guide("2300 CLM11"),),
    "accident_after_service": (guide("2300 DTP03"),),
    "insurer_claim_number_missing": (guide("2010BA REF02", "2010CA REF02"),),
    "employer_not_subscriber": (guide("2010BA NM102", "2010BA NM103"),),
    "visit_step_not_met": (at.LNI_STEPS, at.LNI_NEED, at.LNI_THERAPY),
    "progress_report_due": (at.LNI_NEED, at.LNI_THERAPY),
    "second_visit_of_day": (
        Source(doc.LNI_MASSAGE, "more than once a day", at.COMP, at.WA, confirmed=True),
        said_by_payer("visits_a_day"),
    ),
    "away_from_premises": (Source(doc.LNI_MASSAGE, "treatment elsewhere", at.COMP, at.WA, confirmed=True),),
    "daily_cap_reached": (
        Source(doc.LNI_MASSAGE, "maximum of a day", at.COMP, at.WA, confirmed=True),
        said_by_payer("daily_cap_cents"),
    ),
    "self_insured_ask": (
        Source(doc.LNI_VISITS, "Massage therapy (self-insured employers)", at.COMP, at.WA, confirmed=True),
        Source(doc.WA_CATEGORIES, "(1) (does not bind self-insured plans)", at.COMMERCIAL, at.WA),
    ),
    "reduction_expected": (
        Source(doc.CLAIMS_5, "§10.7 (multiple procedure payment reduction)", at.MEDICARE),
        at.VA_BILLS_AS_MEDICARE,
    ),
    "massage_excluded_by_law": (Source(doc.FLORIDA_PIP, "(1)(a)5", at.AUTO, at.FL, confirmed=True),),
    "acupuncture_excluded_by_law": (Source(doc.FLORIDA_PIP, "(1)(a)5", at.AUTO, at.FL, confirmed=True),),
    "first_care_too_late": (Source(doc.FLORIDA_PIP, "(1)(a) (14 days)", at.AUTO, at.FL, confirmed=True),),
    "injury_without_accident": (guide("2300 CLM11", "2300 DTP03"), *at.FIRST_PAYER),
    "injury_insurer_first": at.FIRST_PAYER,
    "two_primary_coverages": (guide("2000B SBR01", "2320 SBR01"),),
}

_CLAIM: dict[str, tuple[Source, ...]] = {
    "secondary_without_primary": (guide("2320 SBR01", "2320 AMT02", "2430 SVD02"),),
    "primary_with_prior_payment": (guide("2000B SBR01", "2320 AMT02"),),
    "secondary_not_balanced": (guide("2320 CAS03", "2320 AMT02", "2430 CAS03", "2430 SVD02"),),
    "secondary_not_wanted": (Source(doc.GUIDE_835, "2100 CLP02"), guide("2320 AMT02")),
    "benefits_not_assigned": (guide("2300 CLM08", "2300 CLM07"),),
    "signature_not_on_file": (guide("2300 CLM09"),),
    "billing_address_wrong": (guide("2010AA N402"),),
    "patient_paid_too_much": (guide("2300 AMT02", "2300 CLM02"),),
    "service_in_future": (guide("2400 DTP03"), at.FALSE_CLAIMS),
    "filing_too_late": at.FILING,
    "corrected_claim_too_late": (said_by_payer("corrected_claim_days"),),
    "replacement_without_payer_number": (guide("2300 CLM05", "2300 REF02"),),
    "filing_limit_unknown": OUR_ADVICE,
    "filing_soon": at.FILING,
    "duplicate_claim": (guide("2300 CLM05", "2300 REF02"), Source(doc.CLAIMS_1, "§120 (duplicates)", at.MEDICARE)),
    "frequency_above_plan": (at.PLAN_CONTENTS, at.LNI_NEED),
    "year_of_visits_full": (said_by_payer("visits_a_year"),),
    "sessions_overlap": (at.ONE_TO_ONE, at.GROUP),
    "patient_with_two_therapists": (at.ONE_TO_ONE, at.GROUP),
}

_RECORD: dict[str, tuple[Source, ...]] = {
    "complaint_bare": (at.RECORD, at.VISIT_RECORD, at.SOAPER, at.MASSAGE_RECORD),
    "functional_limit_missing": (at.RECORD, at.PREMERA_NEED, at.EVICORE_NEED, at.LNI_NEED),
    "pain_not_scored": (
        Source(doc.BENEFIT_15, "§220.3.C (objective measures)", at.MEDICARE),
        Source(doc.EVICORE, "MT-2.2 (standardized assessments)", at.COMMERCIAL),
    ),
    "response_missing": (at.RECORD,),
    "objective_missing": (at.RECORD, at.VISIT_RECORD, at.EVICORE_NEED, at.SOAPER, at.MASSAGE_RECORD),
    "assessment_missing": (at.RECORD, at.VISIT_RECORD, at.SOAPER),
    "plan_without_goal": (at.PLAN_CONTENTS, at.PREMERA_NEED, at.LNI_NEED),
    "plan_without_end": (at.PLAN_CONTENTS, at.PREMERA_NEED, at.LNI_NEED),
    "plan_over": (Source(doc.BENEFIT_15, "§220.1.3 (recertification)", at.MEDICARE, confirmed=True), at.LNI_NEED),
    "reason_is_wellness": (
        Source(doc.BENEFIT_15, "§220.2 (reasonable and necessary)", at.MEDICARE),
        at.EVICORE_NEED,
        Source(doc.VA_MASSAGE, "conditions", at.VA, confirmed=True),
    ),
    "note_copied": (
        Source(doc.BENEFIT_15, "§220.3.E (a note for each treatment day)", at.MEDICARE, confirmed=True),
        Source(doc.OKLAHOMA_RECORDS, "templates and cloning", at.COMMERCIAL, confirmed=True),
    ),
    "no_change_over_visits": (
        Source(doc.BENEFIT_15, "§220.3.D (progress)", at.MEDICARE, confirmed=True),
        at.PREMERA_NEED,
        at.EVICORE_NEED,
        at.LNI_NEED,
    ),
}

CITATIONS: Mapping[str, tuple[Source, ...]] = MappingProxyType(
    {
        **_NOTE,
        **_DIAGNOSES,
        **_LINES,
        **_EDITS,
        **_PEOPLE,
        **_PERMISSION,
        **_PROGRAMS,
        **_CLAIM,
        **_RECORD,
    }
)
"""The sources of each rule by its code; a rule that is not here fails a test."""
