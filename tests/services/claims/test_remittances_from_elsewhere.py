"""An 835 that is uploaded and a paper EOB that is typed are proved and posted like any remittance, once."""

import base64

import pytest

from services.claims.store.tables import MessageRow, PostingRow
from shared.database.operations import AuditEntry
from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, remittance
from tests.services.claims.test_remittances import OPEN, PAID, detail, listed

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CARDINAL = [
    {"group": "CO", "reason_code": "45", "amount_cents": 3_255},
    {"group": "PR", "reason_code": "3", "amount_cents": 2_500},
]


def upload(scenario, content):
    file = base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()
    return scenario.api.post("/v1/remittances", {"file": file, "actor": BILLER})


def paper(scenario, **changed):
    """135.00 massage, 77.45 paid; 47.00 exercise, 37.00 paid."""
    lines = [
        {"line": 1, "paid_cents": 7_745, "adjustments": CARDINAL},
        {"line": 2, "paid_cents": 3_700, "adjustments": [{"group": "CO", "reason_code": "45", "amount_cents": 1_000}]},
    ]
    claim = {"claim_id": scenario.claims[0]["id"], "lines": lines, **changed.pop("claim", {})}
    return {
        "payer_name": "Cascade Mutual Health",
        "trace": "10044213",
        "paid_on": "2026-03-20",
        "amount_cents": 11_445,
        "claims": [claim],
        "actor": BILLER,
        **changed,
    }


def type_in(scenario, **changed):
    return scenario.api.post("/v1/remittances/typed", paper(scenario, **changed))


def test_an_uploaded_835_is_posted_like_one_from_the_clearinghouse(scenario):
    scenario.send()
    answer = upload(scenario, remittance(paid_in_part(scenario.number())))
    assert (answer.status_code, answer.json()["received_before"], answer.json()["remittance_ids"]) == (202, False, [])
    assert scenario.money() == OPEN
    scenario.run()
    [found] = listed(scenario)
    assert (scenario.money(), found["message_id"]) == (PAID, answer.json()["message_id"])
    entry = next(one for one in scenario.rows(AuditEntry) if one.action == "upload_remittance")
    assert (entry.actor, entry.subject_id) == (BILLER, answer.json()["message_id"])


def test_what_is_here_already_is_said_to_be_whoever_sent_it_and_posts_nothing(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    first = scenario.receive(remittance(one), "835")
    again = upload(scenario, remittance(one, number=77))
    [known] = listed(scenario)
    assert again.json() == {"message_id": first["id"], "received_before": True, "remittance_ids": [known["id"]]}
    new = remittance(one, trace="EFT0002")
    assert [upload(scenario, new).json()["received_before"] for _ in range(2)] == [False, True]
    assert (len(scenario.rows(MessageRow)), len(scenario.rows(PostingRow))) == (2, 1)


def test_an_uploaded_835_that_is_cut_off_waits_for_a_person(scenario):
    scenario.send()
    whole = remittance(paid_in_part(scenario.number()))
    assert upload(scenario, whole[: whole.index("SE*")]).status_code == 202
    scenario.run()
    assert (scenario.money(), scenario.claim()["next_action"]["kind"]) == (OPEN, "resolve_payment")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "no X12 at all", accepted("KNOBODYS0001")])
def test_what_is_no_835_is_refused_and_says_so(scenario, content):
    scenario.send()
    answer = upload(scenario, content)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/file")
    assert scenario.rows(MessageRow) == []
    other = scenario.api.post("/v1/remittances", {"file": "A===", "actor": BILLER})
    assert other.status_code == 422


def test_a_typed_paper_is_a_remittance_and_typing_it_again_posts_nothing(scenario):
    scenario.send()
    answer = type_in(scenario)
    assert (answer.status_code, answer.json()["received_before"]) == (202, False), answer.text
    scenario.run()
    assert (scenario.money(), scenario.claim()["next_action"]["kind"]) == (PAID, "bill_patient")
    [found] = listed(scenario)
    assert (found["payer_identifier"], found["trace"], found["state"]) == (
        "CASCADE MUTUAL HEALTH",
        "10044213",
        "posted",
    )
    whole = detail(scenario, found["id"])
    assert (whole["proof"]["difference_cents"], whole["items"][0]["lines"][1]["paid_cents"]) == (0, 3_700)
    assert type_in(scenario).json() == {**answer.json(), "received_before": True, "remittance_ids": [found["id"]]}


def test_a_typed_reversal_restores_exactly_what_was(scenario):
    scenario.send()
    type_in(scenario)
    taken = [{"reason": "FB", "amount_cents": -11_445}]
    back = type_in(scenario, claim={"reversal": True}, trace="10044999", amount_cents=0, provider_adjustments=taken)
    assert back.status_code == 202, back.text
    scenario.run()
    assert (scenario.money(), scenario.claim()["outcome"]) == (OPEN, "reversed")


def test_interest_and_an_adjustment_of_the_whole_claim_are_on_the_paper_too(scenario):
    scenario.send()
    claim = {"interest_cents": 31, "adjustments": [{"group": "CO", "reason_code": "253", "amount_cents": 100}]}
    answer = type_in(scenario, claim=claim, amount_cents=11_345)
    assert answer.status_code == 202, answer.text
    scenario.run()
    [found] = listed(scenario)
    [payment] = detail(scenario, found["id"])["items"]
    assert (payment["interest_cents"], payment["paid_cents"], payment["difference_cents"]) == (31, 11_345, 0)
    assert scenario.money() == (11_345, 4_355, 2_500, 0)


@pytest.mark.parametrize(
    ("changed", "pointer", "code", "message"),
    [
        (
            {"amount_cents": 11_344},
            "/body/amount_cents",
            "payment_balance",
            "The check pays $1.01 less than it adds up to.",
        ),
        (
            {"claim": {"lines": [{"line": 1, "paid_cents": 7_746, "adjustments": CARDINAL}]}, "amount_cents": 7_746},
            "/body/claims/0/lines/0",
            "line_balance",
            "The line pays $0.01 more than it adds up to.",
        ),
        (
            {"claim": {"lines": [{"line": 3, "paid_cents": 1}]}},
            "/body/claims/0/lines/0/line",
            "line_unknown",
            "The claim was sent with the lines 1, 2.",
        ),
    ],
)
def test_a_paper_that_does_not_add_up_is_refused_with_the_cents(scenario, changed, pointer, code, message):
    scenario.send()
    answer = type_in(scenario, **changed)
    assert answer.status_code == 409
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"], fault["message"]) == (pointer, code, message)
    assert scenario.rows(MessageRow) == []


def test_a_paper_that_names_an_unknown_claim_or_reason_is_refused(scenario):
    scenario.send()
    unknown = type_in(scenario, claim={"claim_id": "clm_nobodys"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "claim_not_found")
    odd = [{"line": 1, "paid_cents": 0, "adjustments": [{"group": "CO", "reason_code": "ZZ9", "amount_cents": 13_500}]}]
    refused = type_in(scenario, claim={"lines": odd}, amount_cents=0)
    assert (refused.status_code, refused.json()["code"]) == (409, "remittance_unwritable")
    assert refused.json()["errors"]
