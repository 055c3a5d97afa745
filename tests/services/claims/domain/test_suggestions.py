"""Which claim a payment may be for: who the patient is decides, and a wrong patient's claim never comes first."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from services.claims.domain.remittances.suggestions import MOST, Candidate, suggest
from shared import x12
from tests.services.claims.fake_clearinghouse import paid_in_part, x12_replace

DAY = date(2026, 3, 2)
NADIA = Candidate("clm_nadia", "CMH20441701", "Nadia Whitlock", DAY, 18_200)
FAMILY = (
    replace(NADIA, claim_id="clm_brother", member_id="CMH20441702", patient_name="Nadir Whitlock"),
    replace(NADIA, claim_id="clm_mother", member_id="CMH20441703", patient_name="Adina Whitlock"),
    replace(NADIA, claim_id="clm_namesake", member_id="ZZ8812", patient_name="Nadia Whitlock"),
)


def payment(name="WHITLOCK", first="NADIA", member_id="CMH20441701", **changed):
    party = x12.Party(entity="QC", kind="1", name=name, first=first, id_qualifier="MI", id=member_id)
    return x12_replace(paid_in_part("KNOBODYS0001"), parties=(party,), **changed)


def misspelt(text, chance):
    """One character of it is another one."""
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("AEIORST0123456789") + text[place + 1 :]


@pytest.mark.parametrize("seed", range(40))
def test_a_wrong_patients_claim_never_comes_first(seed):
    """The family's claims have the day and the charge of the payment, hers has neither."""
    chance = Random(seed)
    hers = replace(NADIA, date_of_service=DAY + timedelta(days=chance.randrange(-3, 400)), charge_cents=9_000)
    said = payment(member_id=misspelt(NADIA.member_id[:-1], chance) + "1") if seed % 2 else payment(first="NADJA")
    found = suggest(said, chance.sample([hers, *FAMILY], 4))
    assert found[0].claim_id == "clm_nadia"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_of_her_own_claims_the_one_of_the_day_and_the_charge_comes_first():
    others = [replace(NADIA, claim_id=f"clm_{days}", date_of_service=DAY - timedelta(days=7 * days)) for days in (1, 2)]
    found = suggest(payment(), [*others, NADIA])
    assert [(one.claim_id, one.score) for one in found] == [("clm_nadia", 100), ("clm_1", 85), ("clm_2", 85)]


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ("same date of service", "same charge", "same member id", "same patient's name")),
        ({"member_id": ""}, ("same date of service", "same charge", "same patient's name")),
        ({"name": "OKAFOR", "first": "JUNE"}, ("same date of service", "same charge", "same member id")),
        (
            {"name": "NADIA", "first": "WHITLOCK", "charge_cents": 1},
            ("same date of service", "same member id", "same patient's name"),
        ),
        ({"name": "WHITLOK"}, ("same date of service", "same charge", "same member id", "patient's name alike to 96%")),
    ],
)
def test_the_reasons_say_what_agrees(changed, reasons):
    [found] = suggest(payment(**changed), [NADIA])
    assert found.reasons == reasons


def test_a_strangers_claim_of_the_same_day_and_charge_is_not_suggested():
    assert suggest(payment(name="OKAFOR", first="JUNE", member_id="ZZ99"), [NADIA, *FAMILY]) == []


def test_where_no_patient_is_named_day_and_charge_suggest():
    nobody = x12_replace(payment(), parties=())
    assert [one.score for one in suggest(nobody, [NADIA])] == [30]
    assert suggest(nobody, [replace(NADIA, charge_cents=1), replace(NADIA, date_of_service=date(2026, 1, 1))]) == []


def test_not_more_than_a_few_are_suggested():
    many = [replace(NADIA, claim_id=f"clm_{place:02d}") for place in range(20)]
    assert [one.claim_id for one in suggest(payment(), many)] == [f"clm_{place:02d}" for place in range(MOST)]
