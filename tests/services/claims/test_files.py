"""837P files: formed once with bytes that stay, sent, and never accepted twice, whatever the other side does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.claims.flows.operator.files import list_turned_away, retry_turned_away
from services.claims.flows.run_due import run_due
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.send_files import is_due, unsent_files
from services.claims.store.tables import ClaimNumberRow, FileRow
from shared import x12
from shared.clocks import SetClock, WallClock
from shared.codesets import bundled
from shared.database.operator import Operator
from shared.wire.trading_partner import TradingPartners
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.fake_clearinghouse import Killed

LATER = timedelta(seconds=91)


def claim_numbers(content):
    (transaction,) = x12.read_all(content.encode()).transactions
    return [record.claim_number for record in transaction.records if isinstance(record, x12.Claim837P)]


def test_a_file_is_formed_once_and_its_bytes_stay_as_they_are(scenario, clock):
    scenario.submit()
    scenario.clearinghouse.orders = ["refuse"]
    scenario.run()
    (file,) = scenario.files()
    content = scenario.api.get(f"/v1/files/{file['id']}/content")
    assert (file["state"], file["claim_ids"], file["sent_at"]) == ("formed", [scenario.claims[0]["id"]], None)
    assert content.headers["Content-Type"].startswith("application/edi-x12")
    clock.advance(timedelta(days=1))
    assert (scenario.run().formed, scenario.run().formed) == (0, 0)
    assert scenario.clearinghouse.taken == [content.text] == scenario.clearinghouse.tries[1:]
    assert scenario.api.get(f"/v1/files/{file['id']}/content").text == content.text


def test_what_is_sent_reads_back_without_a_finding(scenario):
    scenario.send(2)
    file = x12.read_all(scenario.clearinghouse.taken[0].encode(), strict=True, codes=bundled())
    assert file.ok
    assert [one.severity for one in file.findings if one.severity is x12.Severity.ERROR] == []
    assert set(claim_numbers(scenario.clearinghouse.taken[0])) == {scenario.number(0), scenario.number(1)}


def test_a_file_holds_no_more_claims_than_the_other_side_takes(scenario):
    scenario.agree(claims_per_file=2)
    scenario.submit(5)
    assert scenario.run().formed == 3
    assert sorted(len(claim_numbers(content)) for content in scenario.clearinghouse.taken) == [1, 2, 2]
    assert len({number for content in scenario.clearinghouse.taken for number in claim_numbers(content)}) == 5
    assert len({one["interchange_control_number"] for one in scenario.files()}) == 3


def test_a_hundred_claims_go_into_one_file_by_default(scenario):
    assert scenario.deps.trading_partners.default.claims_per_file == 100


def test_what_is_submitted_together_leaves_together_when_it_is_quiet_or_fills_a_file(scenario):
    scenario.submit(2)
    patient = replace(scenario.deps, batch_window=timedelta(days=100 * 365))
    assert form_files(patient) == 0
    partners = TradingPartners(replace(patient.trading_partners.default, claims_per_file=2))
    assert form_files(replace(patient, trading_partners=partners)) == 1
    scenario.agree(claims_per_file=100)
    scenario.make(3)
    scenario.api.submit(scenario.claims[2]["id"])
    assert (form_files(patient), form_files(scenario.deps)) == (0, 1)


def test_what_is_submitted_together_leaves_together(scenario):
    scenario.submit(2)
    wall = SetClock(WallClock().now())
    gathering = replace(scenario.deps, batch_window=timedelta(seconds=60), wall_clock=wall)
    assert form_files(gathering) == 0
    wall.advance(timedelta(seconds=61))
    assert form_files(gathering) == 1


def test_a_full_file_does_not_wait_for_more(scenario):
    scenario.agree(claims_per_file=2)
    gathering = replace(scenario.deps, batch_window=timedelta(seconds=60), wall_clock=WallClock())
    scenario.submit(2)
    assert form_files(gathering) == 1


def test_two_organizations_are_never_in_one_file(scenario):
    other = {"organization_id": OTHER_ORGANIZATION}
    scenario.submit()
    scenario.api.set_up(**other)
    theirs = scenario.api.create(claims=other).json()
    scenario.api.submit(theirs["id"], **other)
    assert scenario.run().formed == 2
    assert [len(claim_numbers(content)) for content in scenario.clearinghouse.taken] == [1, 1]
    assert [one["claim_ids"] for one in scenario.files()] == [[scenario.claims[0]["id"]]]
    assert [one["claim_ids"] for one in scenario.api.get("/v1/files", **other).json()["items"]] == [[theirs["id"]]]


def test_a_file_that_was_taken_is_sent_and_stays_so(scenario):
    scenario.send()
    (file,) = scenario.files()
    assert (file["state"], scenario.run().sent, len(scenario.clearinghouse.tries)) == ("sent", 0, 1)
    assert file["sent_at"] is not None
    assert scenario.claim()["next_action"]["kind"] == "await_acknowledgement"


def test_a_refused_connection_certainly_took_nothing_so_the_next_pass_sends_at_once(scenario):
    scenario.submit()
    scenario.clearinghouse.orders = ["refuse", "refuse", "take"]
    assert [scenario.run().sent for _ in range(3)] == [0, 0, 1]
    assert (len(scenario.clearinghouse.taken), scenario.clearinghouse.asked) == (1, [])
    assert scenario.rows(FileRow)[0].tries == 3


@pytest.mark.safeguard("API6")
def test_after_a_lost_reply_the_clearinghouse_is_asked_and_nothing_is_sent_twice(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_reply"]
    scenario.run()
    assert scenario.files()[0]["state"] == "sending"
    wall.advance(LATER)
    assert scenario.run().sent == 1
    assert scenario.clearinghouse.asked == [scenario.files()[0]["interchange_control_number"]]
    assert (scenario.files()[0]["state"], len(scenario.clearinghouse.tries)) == ("sent", 1)


def test_a_lost_file_is_sent_again_with_the_same_bytes_and_not_before_its_time(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_file"]
    scenario.run()
    wall.advance(timedelta(seconds=89))
    assert (scenario.run().sent, len(scenario.clearinghouse.tries)) == (0, 1)
    wall.advance(timedelta(seconds=2))
    assert scenario.run().sent == 1
    assert len(scenario.clearinghouse.taken) == 1
    assert len(set(scenario.clearinghouse.tries)) == 1 and len(scenario.clearinghouse.tries) == 2


def test_business_time_does_not_hasten_a_resend(scenario, clock):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_file"]
    scenario.run()
    clock.advance(timedelta(days=30))
    assert (scenario.run().sent, len(scenario.clearinghouse.tries)) == (0, 1)


def test_once_a_try_was_unclear_every_later_try_asks_first(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_file", "refuse", "take"]
    scenario.run()
    wall.advance(LATER)
    scenario.run()
    assert scenario.files()[0]["state"] == "sending"
    scenario.clearinghouse.taken.append(scenario.clearinghouse.tries[0])
    wall.advance(LATER)
    assert scenario.run().sent == 1
    assert (len(scenario.clearinghouse.tries), len(scenario.clearinghouse.asked)) == (2, 2)


def test_while_the_clearinghouse_is_silent_nothing_is_sent_again(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_reply"]
    scenario.run()
    wall.advance(LATER)
    scenario.clearinghouse.silent = True
    assert (scenario.run().sent, scenario.files()[0]["state"]) == (0, "sending")
    scenario.clearinghouse.silent = False
    assert (scenario.run().sent, len(scenario.clearinghouse.tries)) == (1, 1)


def test_a_process_that_dies_between_try_and_answer_leaves_a_file_that_is_asked_about(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["crash"]
    with pytest.raises(Killed):
        scenario.run()
    assert scenario.files()[0]["state"] == "sending"
    wall.advance(LATER)
    assert scenario.run().sent == 1
    assert (
        len(scenario.clearinghouse.asked),
        len(scenario.clearinghouse.taken),
        len(scenario.clearinghouse.tries),
    ) == (1, 1, 2)


def test_two_workers_at_one_file_send_it_once(scenario):
    """The second one sees the first one's try and asks instead."""
    scenario.submit()
    form_files(scenario.deps)

    class Meanwhile:
        fetch = staticmethod(scenario.clearinghouse.fetch)

        def submit(self, partner, content):
            delivery = scenario.clearinghouse.submit(partner, content)
            assert run_due(scenario.deps).sent == 1
            return delivery

    run_due(replace(scenario.deps, clearinghouse=Meanwhile()))
    assert (len(scenario.clearinghouse.tries), scenario.files()[0]["state"]) == (1, "sent")


def test_an_acknowledgement_counts_as_a_receipt(scenario):
    from tests.services.claims.fake_clearinghouse import ack_999

    scenario.submit()
    scenario.clearinghouse.orders = ["lose_reply"]
    scenario.run()
    scenario.receive(ack_999(scenario.files()[0]["interchange_control_number"]), "999")
    assert (scenario.files()[0]["state"], len(scenario.clearinghouse.tries)) == ("accepted", 1)


def test_control_numbers_count_up_and_are_in_envelope_and_list(scenario):
    scenario.agree(claims_per_file=1)
    scenario.submit(2)
    scenario.run()
    numbers = [one["interchange_control_number"] for one in scenario.files()]
    assert sorted(numbers) == ["000000001", "000000002"]
    for content, number in zip(scenario.clearinghouse.taken, sorted(numbers), strict=True):
        assert content[90:99] == number


def test_a_claim_number_knows_its_file(scenario):
    scenario.send()
    assert scenario.rows(ClaimNumberRow)[0].file_id == scenario.files()[0]["id"]


@pytest.mark.safeguard("API10")
@pytest.mark.parametrize("orders", [["refuse_for_good"], ["lose_file", "refuse_for_good"]])
def test_a_file_that_is_refused_for_what_it_is_is_not_sent_again_and_its_claims_are_rejected(scenario, wall, orders):
    scenario.submit(2)
    scenario.clearinghouse.orders = [*orders]
    for _ in range(len(orders) + 2):
        scenario.run()
        wall.advance(LATER)
    assert (len(scenario.clearinghouse.tries), scenario.clearinghouse.taken) == (len(orders), [])
    (file,) = scenario.files()
    assert (file["state"], file["sent_at"]) == ("refused", None)
    for place in (0, 1):
        claim = scenario.claim(place)
        assert (claim["state"], claim["state_by"], claim["next_action"]["kind"]) == (
            "rejected",
            "clearinghouse",
            "fix_and_resubmit",
        )
        assert claim["next_action"]["reason"].startswith("The clearinghouse refused the file when it was sent")
    timeline = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    last = {(one["kind"], one["source"]["type"], one["source"]["id"]) for one in timeline[-2:]}
    assert last == {("file_refused", "file", file["id"]), ("claim_rejected", "file", file["id"])}
    assert "claim.rejected" in [one["type"] for one in scenario.api.events()]


def test_the_claims_of_a_refused_file_go_out_in_another_once_they_are_submitted_again(scenario):
    scenario.submit()
    scenario.clearinghouse.orders = ["refuse_for_good"]
    scenario.run()
    old = scenario.number()
    assert scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {}).status_code == 200
    assert scenario.api.submit(scenario.claims[0]["id"]).status_code == 202
    assert scenario.run().sent == 1
    (content,) = scenario.clearinghouse.taken
    assert claim_numbers(content) == [scenario.number()] != [old]


def test_a_file_whose_account_is_refused_is_listed_after_ten_tries_tried_hourly_and_sent_when_it_is_mended(
    scenario, wall
):
    operator = Operator(scenario.deps.database, scenario.deps.ids, wall, "Olga")
    scenario.submit()
    scenario.clearinghouse.orders = ["turn_away"] * 11
    with capture_logs() as lines:
        for _ in range(9):
            scenario.run()
        assert (scenario.files()[0]["state"], list_turned_away(operator)) == ("formed", [])
        scenario.run()
    (file,) = scenario.files()
    (listed,) = list_turned_away(operator)
    assert (file["state"], listed.id, listed.tries, listed.sender_id) == ("turned_away", file["id"], 10, "HANDBILL")
    assert [line["event"] for line in lines if line["event"] == "file_turned_away"] == ["file_turned_away"]
    (waiting,) = unsent_files(scenario.deps)
    assert [is_due(waiting, wall.now() + timedelta(seconds=seconds)) for seconds in (3599, 3600)] == [False, True]
    scenario.run()
    assert scenario.files()[0]["state"] == "turned_away"
    assert retry_turned_away(operator) == 1
    assert (retry_turned_away(operator), scenario.files()[0]["state"]) == (0, "formed")
    assert (scenario.run().sent, scenario.files()[0]["state"]) == (1, "sent")
