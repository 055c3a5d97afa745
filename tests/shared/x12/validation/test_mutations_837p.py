"""Every mistake made on purpose in an 837P is found, at its place, with a fix; the claims around it are delivered."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import pytest

from shared import x12
from tests.shared.x12 import examples
from tests.shared.x12.validation.mutations import Mutation, expect_finding

M = Mutation
MUTATIONS = [
    M("npi_check_digit", "XX*1497758544", "XX*1497758543", "npi", 9, loop="2310B"),
    M("npi_of_nine_digits", "XX*1234567893", "XX*123456789", "npi", 9, loop="2010AA"),
    M("pointer_to_a_missing_diagnosis", "UN*4***1:2", "UN*4***1:3", "pointer", 7, 2, loop="2400"),
    M("tax_id_with_a_hyphen", "REF*EI*912345678", "REF*EI*91-2345678", "tax_id", 2, loop="2010AA"),
    M("telephone_without_area_code", "TE*2065550100", "TE*5550100", "telephone", 4, loop="1000A"),
    M("telephone_with_hyphens", "TE*2065550100", "TE*206-555-0100", "telephone", 4),
    M("taxonomy_too_short", "PXC*225700000X", "PXC*225700000", "taxonomy", 3),
    M("state_missing", "SEATTLE*WA*981", "SEATTLE**981", "state_missing", 2, loop="2010AA"),
    M("place_of_service_unknown", "11:B:1", "ZZ:B:1", "place_of_service", 5, 1, loop="2300"),
    M("payer_of_a_line_unknown", "SVD*60054*80", "SVD*60055*80", "adjudicating_payer", 1, loop="2430"),
    M("other_payer_paid_another_sum", "AMT*D*130", "AMT*D*131", "other_payer_paid", 2, loop="2320"),
    M("zip_with_a_letter", "WA*981010000", "WA*9810X", "postal_code", 3, loop="2010AA"),
    M("zip_with_a_hyphen", "WA*981010000", "WA*98101-0000", "postal_code", 3),
    M("lower_case_state", "SEATTLE*WA", "SEATTLE*wa", "state", 2, loop="2010AA"),
    M("unknown_state", "SEATTLE*WA", "SEATTLE*ZQ", "state", 2),
    M("diagnosis_with_a_dot", "ABK:M542", "ABK:M54.2", "diagnosis_form", 1, 2, loop="2300"),
    M("diagnosis_of_icd_9", "ABK:M542", "ABK:7231", "diagnosis_form", 1, 2),
    M("external_cause_first", "ABK:M542", "ABK:V4352XA", "first_diagnosis", 1, 2),
    M("the_same_claim_number_twice", "CLM*K7Q2N0", "CLM*K7Q2M9", "repeated_claim", 1),
    M("lines_do_not_add_up", "CLM*K7Q2M9*200", "CLM*K7Q2M9*201", "line_sum", 2, loop="2300"),
    M("line_charge_changed", "GP*120*UN", "GP*121*UN", "line_sum", 2, at="CLM*K7Q2M9"),
    M("line_number_skipped", "LX*2", "LX*3", "line_number", 1, loop="2400"),
    M("no_units", "UN*4***", "UN*0***", "zero_units", 4),
    M("accident_without_date", "DTP*439*D8*20260105~", "", "accident_date", 11, at="CLM*ACC001"),
    M("accident_without_state", "AA:::WA", "AA", "accident_state", 11, 4),
    M("accident_in_an_unknown_state", "AA:::WA", "AA:::0A", "state", 11, 4),
    M("accident_after_the_service", "439*D8*20260105", "439*D8*20260226", "accident_after_service", 3),
    M("replacement_without_original", "REF*F8*PCN1~", "", "original_number", 5, 3, at="CLM*COR001"),
    M("patient_nowhere", "SBR*P*18", "SBR*P*", "patient_missing", at="CLM*K7Q2M9"),
    M("patient_twice", "SBR*P********CI", "SBR*P*18*******CI", "patient_twice", at="CLM*DEP001"),
    M("subscriber_without_birth_date", "DMG*D8*19800517*F~", "", "subscriber_address", at="CLM*K7Q2M9"),
    M("other_payer_does_not_add_up", "SVD*60054*80", "SVD*60054*81", "other_payer_balance", 2, loop="2430"),
    M("two_primary_payers", "SBR*S*18", "SBR*P*18", "responsibility_repeated", 1, at="SBR*P*18*******CI~AMT"),
    M("service_after_the_file", "472*D8*20260224", "472*D8*20260303", "service_after_file", 3),
    M("thirtieth_of_february", "472*D8*20260224", "472*D8*20260230", "element_date", 3, loop="2400"),
    M("birth_date_with_slashes", "D8*19800517", "D8*05/17/80", "element_period", 2),
    M("period_without_its_format", "472*D8*20260224", "472*D8*20260224-20260225", "element_period", 3),
    M("period_that_ends_before_it_begins", "472*D8*20260224", "472*RD8*20260225-20260224", "period_order", 3),
    M("date_qualifier_unknown", "DTP*472", "DTP*999", "element_code", 1, loop="2400"),
    M("claim_number_missing", "CLM*K7Q2M9", "CLM*", "element_missing", 1),
    M("claim_number_too_long", "CLM*K7Q2M9", "CLM*" + "K" * 39, "element_long", 1),
    M("charge_is_no_number", "GP*120*UN", "GP*12O*UN", "element_money", 2),
    M("charge_with_three_decimals", "GP*120*UN", "GP*120.005*UN", "element_money", 2),
    M("frequency_missing", "11:B:1", "11:B", "element_missing", 5, 3),
    M("assignment_unknown", "*Y*A*Y*Y", "*Y*Q*Y*Y", "element_code", 7),
    M("unit_unknown", "*UN*4", "*XX*4", "element_code", 3),
    M("procedure_code_missing", "SV1*HC:97124:GP", "SV1*HC::GP", "element_missing", 1, 2),
    M("too_many_modifiers", "HC:97124:GP*", "HC:97124:GP:59:XS:XU:76*", "element_short", 1, 7, at="~never~"),
    M("thirteen_diagnoses", "HI*ABK:M542*ABF:M546", "HI*ABK:M542" + "*ABF:M546" * 12, "element_extra", 13),
    M("diagnoses_twice", "HI*ABK:M542*ABF:M546~", "HI*ABK:M542*ABF:M546~HI*ABK:M542~", "segment_repeated", at="HI*ABK:M542~"),
    M("diagnoses_missing", "HI*ABK:M542*ABF:M546~", "", "segment_missing", at="NM1*82"),
    M("service_date_missing", "DTP*472*D8*20260224~", "", "segment_missing", at="REF*6R*L1"),
    M("tax_id_missing", "REF*EI*912345678~", "", "segment_missing", at="HL*2"),
    M("billing_provider_missing", "NM1*85*2*RAINIER BODYWORK*****XX*1234567893~N3*1 PINE ST~N4*SEATTLE*WA*981010000~"
      "REF*EI*912345678~", "", "loop_missing", at="HL*2", loop="2010AA"),
    M("payer_missing", "NM1*PR*2*CASCADE HEALTH*****PI*60054~", "", "loop_missing", at="CLM*K7Q2M9", loop="2010BB"),
    M("service_line_missing", "LX*1~SV1*HC:97124:GP*120*UN*4***1:2~DTP*472*D8*20260224~REF*6R*L1~LX*2~"
      "SV1*HC:97140:GP*80*UN*2***1~DTP*472*D8*20260224~REF*6R*L2~", "", "loop_missing", at="CLM*K7Q2N0", loop="2400"),
    M("id_without_its_qualifier", "JUNE****MI*W100200300", "JUNE*****W100200300", "element_related", 8),
    M("unknown_segment", "REF*6R*L1~", "REF*6R*L1~ZZZ*1~", "segment_unknown", at="ZZZ"),
    M("segment_of_another_place", "REF*6R*L1~", "REF*6R*L1~BHT*0019*00*1*20260302*1015*CH~", "segment_unexpected", at="BHT"),
    M("reference_after_the_diagnoses", "REF*G1*AUTH77~HI*ABK:M542*ABF:M546~", "HI*ABK:M542*ABF:M546~REF*G1*AUTH77~",
      "segment_order", at="REF*G1"),
    M("level_number_repeated", "HL*3*1", "HL*2*1", "hl_number", 1),
    M("level_under_the_wrong_parent", "HL*5*4*23", "HL*5*1*23", "hl_parent", 2),
    M("level_hides_its_children", "HL*4*1*22*1", "HL*4*1*22*0", "hl_children", 4),
    M("element_that_is_not_used", "NM1*QC*1*ALDER*ROBIN", "NM1*QC*1*ALDER*ROBIN*****W1", "element_unused", 9, at="~never~"),
    M("letters_with_accents", "OAKES*WREN", "OAKËS*WREN", "element_characters", 3, at="~never~"),
    M("segment_count", "SE*162", "SE*161", "se_count", 1),
    M("transaction_control_number", "SE*162*0001", "SE*162*0002", "se_control", 2),
    M("group_count", "GE*1*", "GE*2*", "ge_count", 1),
    M("group_control_number", "GE*1*101", "GE*1*102", "ge_control", 2),
    M("interchange_count", "IEA*1*", "IEA*2*", "iea_count", 1),
    M("interchange_control_number", "IEA*1*000000101", "IEA*1*000000102", "iea_control", 2),
    M("group_of_another_kind", "GS*HC", "GS*HP", "group_type", 1, at="ST*837"),
    M("two_versions", "ST*837*0001*005010X222A1", "ST*837*0001*005010X222", "st_version", 3),
]  # fmt: skip
MUTATIONS = [mutation for mutation in MUTATIONS if mutation.at != "~never~"]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mistake_in_an_837p_is_found_at_its_place(mutation):
    expect_finding(mutation, examples.write_837p())


def test_there_are_at_least_thirty_mistakes():
    assert len({mutation.name for mutation in MUTATIONS}) >= 30


class Lists:
    """Code lists that know little."""

    def diagnosis(self, code, on):
        return code in ("M542", "M546") and on == examples.DOS

    def adjustment_reason(self, code, on):
        return code in ("45", "3", "97", "197")

    def remark(self, code, on):
        return code == "N130"


def test_a_diagnosis_that_is_not_on_the_list_of_the_day_is_found():
    expect_finding(M("", "ABF:M546", "ABF:M549", "diagnosis_unknown", 2, 2), examples.write_837p(), Lists())


@pytest.mark.parametrize(
    ("loop", "entity"), [("2420C", "77"), ("2420G", "PW"), ("2420H", "45")], ids=["facility", "pick_up", "drop_off"]
)
@pytest.mark.parametrize(
    ("segment", "at"), [("N3*9 OAK ST~", "N4*TACOMA"), ("N4*TACOMA*WA*984020000~", "SE*")], ids=["street", "city"]
)
def test_the_address_of_a_place_that_a_line_names_is_required(loop, entity, segment, at):
    """005010X222A1 2420C, 2420G and 2420H: N3 and N4 are required wherever the loop is sent."""
    named = "" if entity != "77" else "SALAL HOUSE"
    address = examples.address(line1="9 OAK ST", city="TACOMA", postal_code="984020000")
    place = x12.Party(entity=entity, kind="2", name=named, **address)
    data = examples.write_837p(examples.claim(lines=(examples.line(1, cents=20000, parties=(place,)),)))
    expect_finding(M("", segment, "", "segment_missing", at=at, loop=loop), data)


def test_too_many_modifiers_are_found():
    changed = examples.write_837p().replace(b"HC:97124:GP*", b"HC:97124:GP:59:XS:XU:76:A:B:C*", 1)
    codes = [(one.code, one.element, one.component) for one in x12.check(changed).findings]
    assert ("element_unused", 1, 8) in codes
    assert ("component_extra", 1, 9) in codes


def test_an_element_that_is_not_used_is_found():
    changed = examples.write_837p().replace(b"HL*1**20*1", b"HL*1*9*20*1")
    found = [(one.code, one.element) for one in x12.check(changed).findings]
    assert found == [("element_unused", 2), ("hl_parent", 2)] or ("element_unused", 2) in found


def test_letters_with_accents_are_noted_and_kept():
    changed = examples.write_837p().replace(b"OAKES", "OAKËS".encode())
    report = x12.check(changed)
    assert {one.code for one in report.findings} == {"not_ascii"}
    claims = x12.read_all(changed).transactions[0].records
    assert claims[0].rendering.name == "OAKËS"


def test_a_broken_claim_is_set_aside_and_its_neighbours_are_delivered():
    changed = examples.write_837p().replace(b"CLM*K7Q2N0*200", b"CLM*K7Q2N0*2OO")
    records = [one for one in x12.read(changed) if isinstance(one, x12.Record)]
    good = [one.record.claim_number for one in records[1:] if one.ok]
    assert good == ["K7Q2M9", "ACC001", "DEP001", "DEP002", "SEC001", "COR001"]
    (broken,) = [one for one in records if not one.ok]
    assert broken.record is None
    assert [one.code for one in broken.findings] == ["element_money"]
    assert broken.findings[0].claim_number == "K7Q2N0"


def test_an_error_of_the_subscriber_spoils_all_claims_beneath_and_no_other():
    changed = examples.write_837p().replace(b"NM1*IL*1*ALDER*JUNE", b"NM1*IL*9*ALDER*JUNE", 1)
    records = [one for one in x12.read(changed) if isinstance(one, x12.Record)]
    assert [one.record.claim_number for one in records[1:] if not one.ok] == ["K7Q2M9", "K7Q2N0"]
    assert [len(one.findings) for one in records] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_facts_of_the_world_are_warnings_unless_the_reading_is_strict():
    changed = examples.write_837p().replace(b"XX*1497758544", b"XX*1497758543").replace(b"*WA*", b"*wa*")
    report = x12.check(changed)
    assert report.ok
    assert {one.severity for one in report.findings} == {"warning"}
    assert not x12.check(changed, strict=True).ok


def test_values_are_only_quoted_when_asked_for():
    changed = examples.write_837p().replace(b"XX*1497758544", b"XX*1497758543", 1)
    assert x12.check(changed).findings[0].value is None
    assert x12.check(changed, values=True).findings[0].value == "1497758543"
