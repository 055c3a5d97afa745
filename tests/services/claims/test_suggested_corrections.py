"""A denial is corrected with what the record itself answers, and with nothing that a person has to decide."""

import pytest

from services.claims.domain.adjustment_decisions import REASONS, REMARKS
from services.claims.domain.suggested_patch import ASKED_BY_REASON, ASKED_BY_REMARK
from shared import x12
from tests.services.claims.factories import COVERAGE, a_coverage_bundle, a_note, a_payer
from tests.services.claims.fake_clearinghouse import cas, claim_payment, denied, remittance, service
from tests.services.claims.test_permission_that_counts import authorization

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WHY = "As the payer's denial asks."
ALL_YEAR = {"effective_from": "2026-01-01", "effective_to": "2026-12-31"}
SEPARATE = "97110 has 59: the note shows that it was separate."
ON_FILE = "The authorization that is on file by now stands on it."
OF_NOTE = "Diagnoses and pointers are those of the signed note."


def correct(scenario, **more):
    path = f"/v1/claims/{scenario.claims[0]['id']}/correct"
    return scenario.api.post(path, {"reason": WHY, "patch": "suggested", **more})


def line_denied(number, reason, line=2):
    """The first line is paid; the other one is denied for this reason."""
    lines = ((1, "97124", 13_500), (2, "97110", 4_700))
    services = (
        service(number, place, code, cents, 0, cas("CO", reason, cents))
        if place == line
        else service(number, place, code, cents, cents)
        for place, code, cents in lines
    )
    return claim_payment(number, *services)


def come(scenario, payment):
    scenario.send()
    scenario.receive(remittance(payment(scenario.number())), "835")
    return scenario.claim()


def sent(scenario):
    scenario.api.submit(scenario.claims[0]["id"]).raise_for_status()
    assert scenario.run().sent == 1
    return claim_in(scenario.clearinghouse.taken[-1])


def first(scenario):
    return claim_in(scenario.clearinghouse.taken[0])


def claim_in(content):
    read = x12.read_all(content.encode(), strict=True)
    assert read.ok, read.findings
    return read.transactions[0].records[0]


def refusal(answer):
    assert answer.status_code == 409, answer.text
    return answer.json()["code"], answer.json()["errors"][0]["message"]


def test_a_line_that_is_said_to_be_included_gets_59_where_the_note_shows_that_it_was_separate(scenario) -> None:
    come(scenario, lambda number: line_denied(number, "97"))
    fixed = correct(scenario)
    assert fixed.status_code == 200, fixed.text
    assert [line["modifiers"] for line in fixed.json()["lines"]] == [[], ["59"]]
    assert fixed.json()["sent_as"].endswith(SEPARATE)
    claim = sent(scenario)
    assert (claim.frequency, [line.procedure.modifiers for line in claim.lines]) == ("7", [(), ("59",)])


def test_where_the_note_does_not_show_it_nothing_is_sent_and_nothing_is_changed(scenario) -> None:
    techniques = [
        {"procedure_code": "97124", "region": "neck", "minutes": 45},
        {"procedure_code": "97110", "region": "neck", "minutes": 15},
    ]
    before = come(scenario, lambda number: line_denied(number, "97"))
    scenario.neighbours.notes[before["note_id"]] = a_note(before["note_id"], techniques=techniques)
    assert refusal(correct(scenario)) == ("no_safe_patch", "Nothing on file answers CO-97.")
    assert scenario.claim() == before


def test_a_line_that_had_59_is_not_answered_by_another(scenario) -> None:
    come(scenario, lambda number: line_denied(number, "236"))
    assert correct(scenario).status_code == 200
    claim = sent(scenario)
    scenario.receive(remittance(line_denied(claim.claim_number, "236"), trace="EFT0002", number=2), "835")
    assert refusal(correct(scenario))[0] == "no_safe_patch"


def test_an_authorization_that_is_on_file_by_now_goes_out_with_the_replacement(scenario) -> None:
    before = come(scenario, lambda number: denied(number, "197"))
    assert refusal(correct(scenario)) == ("no_safe_patch", "Nothing on file answers CO-197.")
    payer = a_payer(authorization="required")
    there = authorization("LATE77", **ALL_YEAR)
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer, authorizations=[there])
    fixed = correct(scenario)
    assert fixed.status_code == 200, fixed.text
    assert fixed.json()["sent_as"].endswith(ON_FILE)
    assert before["lines"][0]["authorization_number"] is None
    assert sent(scenario).reference("G1") == "LATE77"


@pytest.mark.parametrize("reason", ["11", "146"])
def test_diagnoses_come_from_the_signed_note_and_are_never_exchanged(scenario, reason) -> None:
    scenario.make()
    pointing = {"pointers": {"97124": ["G44.86"]}, "reason": "The headache was treated."}
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", pointing).raise_for_status()
    before = come(scenario, lambda number: line_denied(number, reason, line=1))
    fixed = correct(scenario)
    assert fixed.status_code == 200, fixed.text
    assert fixed.json()["sent_as"].endswith(OF_NOTE)
    assert fixed.json()["diagnoses"] == before["diagnoses"] == ["M54.2", "G44.86"]
    assert [line.pointers for line in first(scenario).lines] == [(2,), (1, 2)]
    assert [line.pointers for line in sent(scenario).lines] == [(1, 2), (1, 2)]


def test_the_notes_own_diagnosis_that_the_payer_does_not_pay_is_for_a_person(scenario) -> None:
    come(scenario, lambda number: line_denied(number, "146"))
    assert refusal(correct(scenario)) == ("no_safe_patch", "Nothing on file answers CO-146.")


def test_one_denial_that_nothing_answers_keeps_the_others_from_being_sent_alone(scenario) -> None:
    def both(number):
        lines = ((1, "97124", 13_500, "4"), (2, "97110", 4_700, "97"))
        return claim_payment(
            number,
            *(service(number, place, code, cents, 0, cas("CO", why, cents)) for place, code, cents, why in lines),
        )

    come(scenario, both)
    assert refusal(correct(scenario)) == ("no_safe_patch", "Nothing on file answers CO-4.")


def test_what_asks_for_no_corrected_claim_has_no_patch(scenario) -> None:
    come(scenario, lambda number: denied(number, "50"))
    assert refusal(correct(scenario)) == ("no_safe_patch", "Nothing on file answers it.")


@pytest.mark.usefixtures("database_kind")
def test_every_reason_and_remark_with_a_patch_is_one_that_asks_for_a_corrected_claim() -> None:
    decided = {code: row.by_group["CO"].next_action for row in REASONS if "CO" in row.by_group for code in row.reasons}
    asked = {code for code, next_action in decided.items() if next_action == "correct_claim"}
    assert asked >= ASKED_BY_REASON.keys()
    assert {row.remark for row in REMARKS} >= ASKED_BY_REMARK.keys()
