"""Cases of the rules about lines, edits between procedures, and who may bill what."""

from dataclasses import replace
from datetime import date

from services.claims.domain.scrubber_input import CredentialInput, ProfessionalServiceLine, TechniqueInput
from tests.services.claims.domain.rules.clean_claims import (
    BILLING,
    CHIROPRACTOR,
    NOTE,
    PHYSICAL,
    all_of,
    billed,
    billing,
    claim,
    coverage,
    line,
    note,
    on,
    payer,
    profile,
    provider,
    whole,
)

FIFTY_ONE = tuple(ProfessionalServiceLine("97124", 1, 4500, pointers=(1,), minutes=15) for _ in range(51))


def without_the_last_line(context):
    return replace(context, claim=replace(context.claim, lines=context.claim.lines[:-1]))


CHIRO = provider(taxonomy=CHIROPRACTOR)
ELSEWHERE = all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip")))


def credential(status, **days):
    return provider(credentials=(CredentialInput("pay_0001", status, BILLING.tax_id, **days),))


FOUND = {
    "lines_missing": [("no line", claim(lines=()))],
    "lines_too_many": [
        ("fifty-one", claim(lines=FIFTY_ONE)),
        ("seven on paper", claim(lines=FIFTY_ONE[:7], printed=True)),
    ],
    "units_tied": [("20 and 20", whole(unit_ties=("97124", "97110")))],
    "left_off_not_in_note": [("another code", claim(left_off=("97999",)))],
    "charge_missing": [("nothing", line(0, charge_cents=0)), ("less than nothing", line(0, charge_cents=-1))],
    "pointer_missing": [("none", line(0, pointers=()))],
    "modifier_unknown": [("no such modifier", line(0, modifiers=("Q9",)))],
    "modifier_wanted": [
        ("GP for the VA", profile("va_community_care")),
        ("GP for Medicare Advantage", profile("medicare_advantage")),
        ("GP for UnitedHealthcare", profile("united", unit_method="cms")),
        ("GP as a payer's own wish", profile("commercial", unit_method="cms", modifiers=["GP"])),
    ],
    "modifier_51_on_therapy": [("on massage", line(0, modifiers=("51",)))],
    "modifier_25_on_therapy": [("on massage", line(0, modifiers=("25",)))],
    "modifier_refused": [("59 here", all_of(line(0, modifiers=("59",)), payer(modifiers_refused=("59",))))],
    "pair_never_together": [
        ("97124 with 97140", billed(("97140", 30), ("97124", 30))),
        ("97124 with 97140 even with 59", billed(("97140", 30), ("97124", 30), modifiers={"97124": ["59"]})),
        ("97124 with 97140 on other regions", billed(("97140", 30, "neck"), ("97124", 30, "lumbar"))),
        ("98941 with 98940", all_of(CHIRO, billed(("98941", None), ("98940", None)))),
        ("97750 with group", billed(("97750", 30), ("97150", None))),
    ],
    "pair_needs_modifier": [
        ("98940 and 97124", all_of(CHIRO, billed(("98940", None), ("97124", 30)))),
        ("97530 and 97750", billed(("97530", 30), ("97750", 30))),
        ("on another region, and nobody said so", ELSEWHERE),
        ("98940 and an office visit without 25", all_of(CHIRO, billed(("98940", None), ("99213", None)))),
    ],
    "pair_modifier_without_proof": [
        ("59 on one region", all_of(CHIRO, billed(("98940", None), ("97124", 30), modifiers={"97124": ["59"]}))),
    ],
    "pair_modifier_on_column_one": [
        (
            "59 on 98940",
            all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip"), modifiers={"98940": ["59"]})),
        ),
    ],
    "units_unlikely": [
        ("five units of massage", billed(("97124", 75))),
        ("seven of exercise", billed(("97110", 105))),
        ("a hot pack for Medicare", all_of(billed(("97010", None)), profile("medicare_advantage"))),
    ],
    "units_above_payers_day": [("four of three", payer(units_a_day=3))],
    "procedure_bundled": [("97010 under Medicare", all_of(billed(("97010", None)), profile("medicare_advantage")))],
    "procedure_coded_otherwise": [("97014 for Medicare", all_of(billed(("97014", None)), profile("medicare")))],
    "procedure_refused": [("by profile", payer(procedures_refused=("97110",)))],
    "group_beside_single": [("group and massage", billed(("97150", None), ("97112", 15)))],
    "npi_referring_invalid": [("wrong digit", claim(referring_npi="1679576723"))],
    "referring_is_rendering": [("herself", claim(referring_npi="1234567893"))],
    "tax_id_invalid": [
        ("one digit nine times", billing(tax_id="000000000")),
        ("eight digits", billing(tax_id="91234567")),
    ],
    "taxonomy_unknown": [("unheard of", provider(taxonomy="999999999X"))],
    "license_not_in_force": [
        ("ran out", provider(license_expires_on=date(2026, 5, 3))),
    ],
    "credential_not_accepted": [
        ("not accepted", credential("not_accepted")),
        ("pending", credential("pending")),
        ("out of network", credential("out_of_network")),
        ("ended", credential("in_network", effective_to=date(2026, 5, 3))),
    ],
    "massage_therapist_not_paid": [
        ("Medicare", profile("medicare")),
        (
            "Medicare Advantage that was not asked",
            all_of(profile("medicare_advantage"), coverage(massage_covered=None)),
        ),
    ],
    "manual_therapy_by_massage_therapist": [
        ("refused", all_of(billed(("97140", 30)), payer(manual_therapy_by_massage_therapist="refuses"))),
        (
            "not known",
            all_of(billed(("97140", 30)), payer(manual_therapy_by_massage_therapist="ask", procedures_by_taxonomy=())),
        ),
    ],
    "massage_and_manual_mixed_up": [
        (
            "myofascial release as massage",
            note(techniques=(TechniqueInput("97124", 38, modality="myofascial_release"),)),
        ),
        ("Swedish as manual therapy", note(techniques=(TechniqueInput("97140", 38, modality="swedish"),))),
    ],
    "test_without_report": [
        ("nobody knows of a report", billed(("97750", 30))),
        (
            "there is none",
            all_of(billed(("97750", 30)), note(techniques=(TechniqueInput("97750", 30, written_report=False),))),
        ),
    ],
    "hands_on_by_telehealth": [
        ("place 02", claim(place_of_service="02")),
        ("place 10", claim(place_of_service="10")),
    ],
    "place_unknown": [
        ("98", claim(place_of_service="98")),
        ("10 before it was made", all_of(claim(place_of_service="10"), on(date(2021, 5, 4)))),
    ],
}

PASSES = {
    "lines_too_many": [
        ("fifty", claim(lines=FIFTY_ONE[:50])),
        ("six on paper", claim(lines=FIFTY_ONE[:6], printed=True)),
    ],
    "left_off_not_in_note": [("of the note", claim(left_off=("97124",)))],
    "units_tied": [
        ("chosen", all_of(whole(unit_ties=("97124", "97110")), claim(tie_order=("97110",)))),
    ],
    "modifier_wanted": [
        ("GP is there", all_of(profile("va_community_care"), line(0, modifiers=("GP",)), line(1, modifiers=("GP",)))),
        ("not on chiropractic codes", all_of(CHIRO, billed(("98940", None)), profile("medicare_advantage"))),
        ("UnitedHealthcare before July 2020", all_of(profile("united", unit_method="cms"), on(date(2020, 6, 30)))),
    ],
    "modifier_25_on_therapy": [("on an office visit", billed(("99213", None), modifiers={"99213": ["25"]}))],
    "pair_never_together": [
        ("massage alone", billed(("97124", 30))),
        ("97530 with 97140 ended in 2019", all_of(billed(("97140", 30), ("97530", 30)), on(date(2026, 5, 4)))),
    ],
    "pair_needs_modifier": [
        ("97140 and 97530 ended 2019-12-31", billed(("97140", 30), ("97530", 30))),
        ("97110 and 97140 ended in 1999", billed(("97110", 30), ("97140", 30))),
        ("97124 and 97010 ended in 1996", billed(("97124", 30), ("97010", None))),
        ("with XS", all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip"), modifiers={"97124": ["XS"]}))),
        (
            "an office visit with 25",
            all_of(CHIRO, billed(("98940", None), ("99213", None), modifiers={"99213": ["25"]})),
        ),
    ],
    "pair_modifier_without_proof": [
        (
            "other regions",
            all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip"), modifiers={"97124": ["59"]})),
        ),
        (
            "separate quarter hours",
            billed(("97140", 30, "neck", 0), ("97750", 15, "neck", 35), modifiers={"97750": ["59"]}),
        ),
    ],
    "pair_modifier_on_column_one": [
        (
            "on column 2",
            all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip"), modifiers={"97124": ["59"]})),
        ),
    ],
    "units_unlikely": [
        ("four units of massage", billed(("97124", 60))),
        ("auto has no such edits", all_of(billed(("97124", 75)), profile("auto_wa"))),
    ],
    "group_beside_single": [
        ("at another time", billed(("97150", 20, "neck", 0), ("97112", 15, "neck", 20))),
        ("alone", billed(("97150", None))),
    ],
    "procedure_bundled": [("97010 for a commercial plan", billed(("97010", None)))],
    "procedure_coded_otherwise": [
        ("97014 for a commercial plan", billed(("97014", None))),
        ("G0283 for Medicare", all_of(billed(("G0283", None)), profile("medicare"))),
    ],
    "license_not_in_force": [("its last day", provider(license_expires_on=NOTE.date_of_service))],
    "credential_not_accepted": [
        ("in network", credential("in_network")),
        ("another payer's", provider(credentials=(CredentialInput("pay_9", "not_accepted", ""),))),
    ],
    "massage_therapist_not_paid": [
        ("a physical therapist", all_of(provider(taxonomy=PHYSICAL), profile("medicare"))),
        ("Medicare Advantage that covers it", profile("medicare_advantage")),
        ("Washington plans must", coverage(massage_covered=None)),
    ],
    "test_without_report": [
        (
            "with a report",
            all_of(billed(("97750", 30)), note(techniques=(TechniqueInput("97750", 30, written_report=True),))),
        )
    ],
    "hands_on_by_telehealth": [
        ("at home", claim(place_of_service="12")),
        ("an office visit by video", all_of(billed(("99213", None)), claim(place_of_service="10"))),
        ("exercise by video", all_of(billed(("97110", 30)), claim(place_of_service="02"))),
    ],
}
