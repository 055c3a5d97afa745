"""The registers of the practice: every object is a body of the API, and they agree with one another and the payers."""

import pytest

from shared.codesets.npi import npi_valid
from shared.contracts import eligibility, practice
from shared.dates import is_zone
from tests.deploy.demo.practice_files import by_id, payer_files, read, visits

MISTYPED = "cov_0006"
"""The coverage whose member id has two digits the wrong way round, on purpose."""
REGISTERS = {
    "therapists.json": practice.TherapistPut,
    "fees.json": practice.FeeSchedulePut,
    "payers.json": eligibility.PayerPut,
    "patients.json": eligibility.PatientPut,
    "coverages.json": eligibility.CoveragePut,
    "authorizations.json": eligibility.AuthorizationPut,
    "referrals.json": eligibility.ReferralPut,
}


@pytest.mark.parametrize("name", REGISTERS)
def test_every_object_of_a_register_is_a_body_that_the_api_takes(name):
    for body in by_id(name).values():
        assert REGISTERS[name].model_validate(body)


def test_the_practice_and_its_clock_are_in_the_practices_zone():
    organization = read("organization.json")
    assert practice.PracticePut.model_validate(read("practice.json"))
    assert is_zone(organization["time_zone"])
    assert organization["clock_start"] == "2026-05-04T08:00:00-07:00"


def test_three_therapists_treat_twelve_clients_with_thirteen_coverages():
    registers = [len(by_id(name)) for name in ("therapists.json", "patients.json", "coverages.json", "payers.json")]
    assert registers == [3, 12, 13, 6]
    assert len(visits()) == 27


def test_every_npi_has_its_check_digit():
    numbers = [read("practice.json")["npi"]]
    numbers += [body["npi"] for body in by_id("therapists.json").values()]
    numbers += [body["referring_npi"] for body in by_id("referrals.json").values()]
    assert all(npi_valid(number) for number in numbers)
    assert len({body["npi"] for body in by_id("therapists.json").values()} | {numbers[0]}) == 4


def test_coverages_and_what_hangs_on_them_name_things_that_are_there():
    coverages = by_id("coverages.json")
    for body in coverages.values():
        assert body["patient_id"] in by_id("patients.json")
        assert body["payer_id"] in by_id("payers.json")
    for name in ("authorizations.json", "referrals.json"):
        assert {body["coverage_id"] for body in by_id(name).values()} <= coverages.keys()
    for visit in visits():
        assert coverages[visit["coverage_id"]]["patient_id"] == visit["note"]["patient_id"]
        assert visit["note"]["therapist_id"] in by_id("therapists.json")


def test_every_payer_is_one_of_the_simulators_with_the_same_transactions():
    files = payer_files()
    assert sorted(body["payer_identifier"] for body in by_id("payers.json").values()) == sorted(files)
    for body in by_id("payers.json").values():
        payer = files[body["payer_identifier"]]["payer"]
        assert (body["name"], body["filing_indicator"]) == (payer["name"], payer["filing_indicator"])
        assert (body["eligibility_route"] == "clearinghouse") == ("270" in payer["transactions"])
        assert body["timely_filing_days"] == payer["filing_limit_days"]


def test_every_coverage_but_the_mistyped_one_is_known_to_its_payer_as_the_practice_has_it():
    for coverage_id, body in by_id("coverages.json").items():
        if coverage_id == MISTYPED:
            continue
        member, plan = _known(body)
        patient = by_id("patients.json")[body["patient_id"]]
        assert (member["first_name"], member["last_name"]) == (patient["name"]["first"], patient["name"]["last"])
        assert member["birth_date"].isoformat() == patient["birth_date"]
        assert member["sex"].lower() == patient["sex"][0]
        assert plan["name"] == body["plan_name"]
        assert member.get("group_number") == body.get("group_number")
        assert member.get("claim_number") == body.get("claim_number")
        assert member.get("relation", "self") == body["relationship"]
        if body["relationship"] == "employee":
            assert member["subscriber"]["last_name"] == body["subscriber"]["organization_name"]
        if body["relationship"] == "spouse":
            assert member["subscriber"]["birth_date"].isoformat() == body["subscriber"]["birth_date"]


def test_the_mistyped_member_id_has_two_neighbouring_digits_of_the_real_one_exchanged():
    body = by_id("coverages.json")[MISTYPED]
    members = _file_of(body)["members"]
    assert body["member_id"] not in {member["id"] for member in members}
    patient = by_id("patients.json")[body["patient_id"]]
    real = next(member["id"] for member in members if member["last_name"] == patient["name"]["last"])
    swaps = {real[:n] + real[n + 1] + real[n] + real[n + 2 :] for n in range(len(real) - 1)}
    assert body["member_id"] in swaps - {real}


def test_no_fee_of_the_practice_is_below_what_a_payer_allows():
    (schedule,) = by_id("fees.json").values()
    fees = {fee["procedure_code"]: fee["charge_cents"] for fee in schedule["fees"]}
    for file in payer_files().values():
        assert all(fees[code] >= allowed for code, allowed in file["fees"].items())
    used = {technique["procedure_code"] for visit in visits() for technique in visit["note"]["techniques"]}
    assert used <= fees.keys()


def test_eight_kinds_of_coverage_are_treated():
    coverages = by_id("coverages.json")
    treated = {visit["coverage_id"] for visit in visits()}
    payers = {coverages[coverage_id]["payer_id"] for coverage_id in treated}
    assert payers == by_id("payers.json").keys()
    assert any(coverages[one].get("effective_to", "9999") < "2026-04-20" for one in treated)
    ranks = sorted(body["rank"] for body in coverages.values() if body["patient_id"] == "pat_0012")
    assert ranks == [1, 2]


def _file_of(body):
    payer = by_id("payers.json")[body["payer_id"]]
    return payer_files()[payer["payer_identifier"]]


def _known(body):
    file = _file_of(body)
    member = next(member for member in file["members"] if member["id"] == body["member_id"])
    return member, next(plan for plan in file["plans"] if plan["id"] == member["plan"])
