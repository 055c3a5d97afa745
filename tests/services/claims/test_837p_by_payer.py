"""Whole 837P files by kind of payer, made through the API and compared segment by segment, from ISA to IEA.

What is expected is written by hand from 005010X222A1. `{claim}` is the claim number, which is random; everything else
is said out. `HEAD` and `LINES` are what several files have in common: the envelope, the submitter and the practice; and
the two lines of the visit (45 minutes of 97124 are 3 units, 15 of 97110 are 1).
"""

from typing import Any

import pytest

from tests.services.claims.factories import (
    CANARY_MEMBER,
    COVERAGE,
    FEES,
    NOTE,
    a_coverage,
    a_coverage_bundle,
    a_fee_schedule,
    a_note,
    a_payer,
    a_practice,
)

EMPLOYER = {
    "organization_name": "Harborline Cold Storage",
    "address": {"line1": "1 Pier Way", "city": "Tacoma", "state": "WA", "zip": "98402"},
}
MOTHER = {
    "name": {"first": "Marta", "middle": "Q", "last": "Zieliński"},
    "birth_date": "1976-08-21",
    "sex": "female",
    "address": {"line1": "9 Pine #4", "line2": "Unit B", "city": "Tacoma", "state": "WA", "zip": "984021234"},
}
AUTHORIZATION = {
    "id": "auth_00000001",
    "version": 1,
    "coverage_id": COVERAGE,
    "number": "AUTH-77",
    "effective_from": "2026-01-01",
    "effective_to": "2026-06-30",
    "visits": 12,
}
HEAD = """\
ISA*00*          *00*          *ZZ*HANDBILL       *ZZ*CLEARING       *260302*1700*^*00501*000000001*0*T*:
GS*HC*HANDBILL*CLEARING*20260302*1700*1*X*005010X222A1
ST*837*0001*005010X222A1
BHT*0019*00*1*20260302*1700*CH
NM1*41*2*SALAL STREET BODYWORK PLLC*****46*HANDBILL
PER*IC*BETTINA CRANE*TE*2065550164
NM1*40*2*CLEARING*****46*CLEARING
HL*1**20*1
PRV*BI*PXC*225700000X
NM1*85*2*SALAL STREET BODYWORK PLLC*****XX*1487302659
N3*4127 SALAL STREET NW
N4*SEATTLE*WA*981074812
REF*EI*914408127
"""
LINES = """\
LX*1
SV1*HC:97124*135*UN*3***1:2
DTP*472*D8*20260302
REF*6R*{claim}01
LX*2
SV1*HC:97110*47*UN*1***1:2
DTP*472*D8*20260302
REF*6R*{claim}02
"""
GP_LINES = LINES.replace("HC:97124*", "HC:97124:GP*").replace("HC:97110*", "HC:97110:GP*")
PEOPLE = """\
HI*ABK:M542*ABF:G4486
NM1*DN*1*FELDSTEIN*MIRIAM****XX*1619048238
NM1*82*1*SOLBERG*INGRID****XX*1398520472
PRV*PE*PXC*225700000X
"""
END = """\
GE*1*1
IEA*1*000000001
"""
PATIENT_HERSELF = f"""\
NM1*IL*1*WHITLOCKCANARY*NADIA****MI*{CANARY_MEMBER}
N3*2218 NW 64TH STREET
N4*SEATTLE*WA*98107
DMG*D8*19840719*F
"""
PATIENT_APART = """\
NM1*QC*1*WHITLOCKCANARY*NADIA
N3*2218 NW 64TH STREET
N4*SEATTLE*WA*98107
DMG*D8*19840719*F
"""


@pytest.fixture(autouse=True)
def visit(scenario):
    """The morning of 2026-03-02, the day of the clock."""
    scenario.neighbours.notes[NOTE] = a_note()


def referral(**changed: Any) -> list[dict[str, Any]]:
    return [{**a_coverage_bundle()["referrals"][0], **changed}]


def at_work(**changed: Any) -> dict[str, Any]:
    """A coverage of workers' compensation: the employer is the subscriber."""
    known = {"relationship": "employee", "subscriber": EMPLOYER, "group_number": None, "claim_number": "BK41207"}
    return a_coverage(**known | changed)


def sent(scenario: Any, bundle: dict[str, Any], **created: Any) -> str:
    """The file of one claim under this coverage, a segment a line, with its claim number blotted out."""
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(**bundle)
    claim = scenario.api.create(**created).json()
    assert claim["state"] == "ready", claim["findings"]
    assert scenario.api.submit(claim["id"]).status_code == 202
    assert scenario.run().sent == 1
    (content,) = scenario.clearinghouse.taken
    return content.replace(claim["claim_number"], "{claim}").replace("~", "\n")


def test_commercial_with_the_patient_as_the_subscriber(scenario):
    assert sent(scenario, {}) == (
        HEAD
        + "HL*2*1*22*0\nSBR*P*18*CASC7710******CI\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM\nCLM*{claim}*182***11:B:1*Y*A*Y*Y\n"
        + PEOPLE
        + LINES
        + "SE*32*0001\n"
        + END
    )


def test_commercial_with_a_child_under_her_mothers_plan(scenario):
    """The child has a level of her own; her mother's name is sent in the basic character set."""
    assert sent(scenario, {"coverage": a_coverage(relationship="child", subscriber=MOTHER)}) == (
        HEAD
        + "HL*2*1*22*1\nSBR*P**CASC7710******CI\n"
        + f"NM1*IL*1*ZIELINSKI*MARTA*Q***MI*{CANARY_MEMBER}\n"
        + "N3*9 PINE #4*UNIT B\nN4*TACOMA*WA*984021234\nDMG*D8*19760821*F\n"
        + "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM\nHL*3*2*23*0\nPAT*19\n"
        + PATIENT_APART
        + "CLM*{claim}*182***11:B:1*Y*A*Y*Y\n"
        + PEOPLE
        + LINES
        + "SE*38*0001\n"
        + END
    )


def test_workers_compensation_for_an_accident(scenario):
    """The employer is the subscriber, without demographics; the worker has the insurer's number (REF*Y4)."""
    bundle = {
        "coverage": at_work(accident={"occurred_on": "2026-01-12", "state": "WA", "cause": "employment"}),
        "payer": a_payer(name="Washington L&I", payer_identifier="WALNI", profile="wa_lni", filing_indicator="WC"),
        "authorizations": [AUTHORIZATION],
        "referrals": referral(kind="order"),
    }
    assert sent(scenario, bundle) == (
        HEAD
        + f"HL*2*1*22*1\nSBR*P********WC\nNM1*IL*2*HARBORLINE COLD STORAGE*****MI*{CANARY_MEMBER}\n"
        + "N3*1 PIER WAY\nN4*TACOMA*WA*98402\nNM1*PR*2*WASHINGTON L&I*****PI*WALNI\nHL*3*2*23*0\nPAT*20\n"
        + PATIENT_APART
        + "REF*Y4*BK41207\nCLM*{claim}*182***11:B:1*Y*A*Y*Y**EM\nDTP*439*D8*20260112\nREF*G1*AUTH-77\n"
        + PEOPLE
        + LINES
        + "SE*40*0001\n"
        + END
    )


def test_workers_compensation_for_an_occupational_disease(scenario):
    """It has an onset (DTP*431) and no accident."""
    bundle = {
        "coverage": at_work(accident={"cause": "employment"}, onset_on="2026-01-12"),
        "payer": a_payer(name="Acme Comp", payer_identifier="ACME1", profile="workers_comp", filing_indicator="WC"),
        "authorizations": [AUTHORIZATION],
        "referrals": referral(kind="order"),
    }
    assert sent(scenario, bundle) == (
        HEAD
        + f"HL*2*1*22*1\nSBR*P********WC\nNM1*IL*2*HARBORLINE COLD STORAGE*****MI*{CANARY_MEMBER}\n"
        + "N3*1 PIER WAY\nN4*TACOMA*WA*98402\nNM1*PR*2*ACME COMP*****PI*ACME1\nHL*3*2*23*0\nPAT*20\n"
        + PATIENT_APART
        + "REF*Y4*BK41207\nCLM*{claim}*182***11:B:1*Y*A*Y*Y**EM\nDTP*431*D8*20260112\nREF*G1*AUTH-77\n"
        + PEOPLE
        + LINES
        + "SE*40*0001\n"
        + END
    )


def test_auto_insurance(scenario):
    """An auto accident has its state (CLM11-4), its day and the insurer's number under the subscriber."""
    bundle = {
        "coverage": a_coverage(
            group_number=None,
            claim_number="PIP-5512",
            accident={"occurred_on": "2026-02-03", "state": "WA", "cause": "auto"},
        ),
        "payer": a_payer(name="Sound Auto", payer_identifier="SOUND", profile="auto_wa", filing_indicator="AM"),
    }
    assert sent(scenario, bundle) == (
        HEAD
        + "HL*2*1*22*0\nSBR*P*18*******AM\n"
        + PATIENT_HERSELF
        + "REF*Y4*PIP-5512\nNM1*PR*2*SOUND AUTO*****PI*SOUND\n"
        + "CLM*{claim}*182***11:B:1*Y*A*Y*Y**AA:::WA\nDTP*439*D8*20260203\n"
        + PEOPLE
        + LINES
        + "SE*34*0001\n"
        + END
    )


def test_va_community_care(scenario):
    """Referral, authorization, and GP on every line of therapy."""
    bundle = {
        "coverage": a_coverage(group_number=None),
        "payer": a_payer(
            name="VA Community Care", payer_identifier="VACCN", profile="va_community_care", filing_indicator="VA"
        ),
        "authorizations": [AUTHORIZATION],
        "referrals": referral(kind="referral", number="VA0026114903"),
    }
    assert sent(scenario, bundle) == (
        HEAD
        + "HL*2*1*22*0\nSBR*P*18*******VA\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*VA COMMUNITY CARE*****PI*VACCN\nCLM*{claim}*182***11:B:1*Y*A*Y*Y\n"
        + "REF*9F*VA0026114903\nREF*G1*AUTH-77\n"
        + PEOPLE
        + GP_LINES
        + "SE*34*0001\n"
        + END
    )


def test_medicare_advantage(scenario):
    bundle = {
        "coverage": a_coverage(group_number=None),
        "payer": a_payer(
            name="Olympic Advantage", payer_identifier="OLYMA", profile="medicare_advantage", filing_indicator="16"
        ),
        "authorizations": [AUTHORIZATION],
    }
    assert sent(scenario, bundle) == (
        HEAD
        + "HL*2*1*22*0\nSBR*P*18*******16\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*OLYMPIC ADVANTAGE*****PI*OLYMA\nCLM*{claim}*182***11:B:1*Y*A*Y*Y\nREF*G1*AUTH-77\n"
        + PEOPLE
        + GP_LINES
        + "SE*33*0001\n"
        + END
    )


def test_a_second_payer(scenario):
    """What the first payer did, in loop 2320; its seven adjustments of one group take two CAS, six and one."""
    first = {
        "coverage": a_coverage("cov_00000009", payer_id="pay_rainier1", member_id="RAIN123"),
        "payer": a_payer(id="pay_rainier1", name="Rainier Choice", payer_identifier="RAINC"),
    }
    taken = [("CO", "45", 4_606), *(("CO", reason, 99) for reason in ("59", "97", "104", "105", "144", "253"))]
    prior = {
        "payer_id": "pay_rainier1",
        "paid_cents": 10_000,
        "adjustments": [
            {"group": group, "reason_code": reason, "amount_cents": cents}
            for group, reason, cents in [*taken, ("PR", "2", 3_000)]
        ],
        "remitted_on": "2026-02-20",
    }
    bundle = {"coverage": a_coverage(rank=2), "other_coverages": [first]}
    assert sent(scenario, bundle, prior_payments=[prior]) == (
        HEAD
        + "HL*2*1*22*0\nSBR*S*18*CASC7710******CI\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM\nCLM*{claim}*182***11:B:1*Y*A*Y*Y\n"
        + PEOPLE
        + "SBR*P*18*CASC7710******CI\n"
        + "CAS*CO*45*46.06**59*.99**97*.99**104*.99**105*.99**144*.99\nCAS*CO*253*.99\nCAS*PR*2*30\n"
        + "AMT*D*100\nAMT*EAF*30\nOI***Y***Y\nNM1*IL*1*WHITLOCKCANARY*NADIA****MI*RAIN123\n"
        + "NM1*PR*2*RAINIER CHOICE*****PI*RAINC\nDTP*573*D8*20260220\n"
        + LINES
        + "SE*42*0001\n"
        + END
    )


def test_another_accident_on_the_day_of_service_and_amounts_below_a_dollar(scenario):
    """A state is said of auto accidents alone; an amount below a dollar has no zero before its point."""
    fees = [{"procedure_code": "97124", "charge_cents": 2}, {"procedure_code": "97110", "charge_cents": 4700}]
    assert scenario.api.put(f"/v1/fee-schedules/{FEES}", a_fee_schedule(fees=fees)).status_code == 200
    accident = {"occurred_on": "2026-03-02", "state": "WA", "cause": "other"}
    assert sent(scenario, {"coverage": a_coverage(accident=accident)}) == (
        HEAD
        + "HL*2*1*22*0\nSBR*P*18*CASC7710******CI\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM\n"
        + "CLM*{claim}*47.06***11:B:1*Y*A*Y*Y**OA\nDTP*439*D8*20260302\n"
        + PEOPLE
        + LINES.replace("97124*135*", "97124*.06*")
        + "SE*33*0001\n"
        + END
    )


def test_a_therapist_who_bills_in_her_own_name(scenario):
    """A person as the billing provider (NM1*85*1) and no rendering provider (NM1*82); payments to a box, her tax id an
    SSN; at the patient's home; four diagnoses and four modifiers, what the patient paid, and a prescription by fax."""
    own = a_practice(
        name="Ingrid Solberg",
        npi="1398520472",
        tax_id_type="ssn",
        address={
            "line1": "4127 Salal Street NW",
            "line2": "Suite 2",
            "city": "Seattle",
            "state": "WA",
            "zip": "981074812",
        },
        pay_to_address={"line1": "PO Box 4127", "city": "Seattle", "state": "WA", "zip": "981270041"},
        place_of_service="12",
    )
    assert scenario.api.put("/v1/practice", own).status_code == 200
    scenario.neighbours.notes[NOTE] = a_note(diagnoses=["M54.2", "G44.86", "M25.511", "M54.6"])
    head = (
        HEAD.replace("NM1*85*2*SALAL STREET BODYWORK PLLC****", "NM1*85*1*SOLBERG*INGRID***")
        .replace("SALAL STREET BODYWORK PLLC", "INGRID SOLBERG")
        .replace("XX*1487302659", "XX*1398520472")
        .replace("N3*4127 SALAL STREET NW", "N3*4127 SALAL STREET NW*SUITE 2")
        .replace("REF*EI", "REF*SY")
        + "NM1*87*1\nN3*PO BOX 4127\nN4*SEATTLE*WA*981270041\n"
    )
    found = sent(
        scenario,
        {},
        modifiers={"97110": ["GP", "KX", "22", "52"]},
        patient_paid_cents=2505,
        attachments=[{"report_type": "OZ", "transmission": "fax", "control_number": "PWK-1"}],
    )
    assert found == (
        head
        + "HL*2*1*22*0\nSBR*P*18*CASC7710******CI\n"
        + PATIENT_HERSELF
        + "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM\n"
        + "CLM*{claim}*182***12:B:1*Y*A*Y*Y\nPWK*OZ*FX***AC*PWK-1\nAMT*F5*25.05\n"
        + "HI*ABK:M542*ABF:G4486*ABF:M25511*ABF:M546\nNM1*DN*1*FELDSTEIN*MIRIAM****XX*1619048238\n"
        + "NM1*77*2*PATIENT'S HOME\nN3*2218 NW 64TH STREET\nN4*SEATTLE*WA*98107\n"
        + LINES.replace("1:2\n", "1:2:3:4\n").replace("HC:97110", "HC:97110:GP:KX:22:52")
        + "SE*38*0001\n"
        + END
    )


def test_a_visit_away_from_the_practice_names_its_place(scenario):
    """Loop 2310C, with the code of the place in CLM05; what is at the practice's own address has none."""
    gym = {"line1": "88 Mill Road", "city": "Tacoma", "state": "WA", "zip": "984021234"}
    scenario.neighbours.notes[NOTE] = a_note(place={"place_of_service": "99", "name": "Mill Road Gym", "address": gym})
    found = sent(scenario, {})
    assert "***99:B:1*" in found
    assert "\nNM1*77*2*MILL ROAD GYM\nN3*88 MILL ROAD\nN4*TACOMA*WA*984021234\n" in found


def test_a_second_room_of_the_practice_is_no_other_place(scenario):
    own = a_practice()["address"] | {"line2": "Suite 9"}
    scenario.neighbours.notes[NOTE] = a_note(place={"place_of_service": "11", "address": own})
    assert "NM1*77" not in sent(scenario, {})


def test_a_fifth_modifier_is_refused(scenario):
    """SV101 has room for four."""
    refused = scenario.api.create(modifiers={"97110": ["GP", "KX", "22", "52", "59"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/modifiers/97110")
