"""837P files: formed once with bytes that stay, sent, and never accepted twice, whatever the other side does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.claims.clients import Terms
from services.claims.flows.due import run_due
from services.claims.flows.submission import form_files
from services.claims.store.tables import ClaimNumberRow, FileRow
from shared import x12
from shared.clocks import SetClock, WallClock
from shared.codesets import bundled
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.peer import Killed

LATER = timedelta(seconds=91)


def claim_numbers(content):
    (transaction,) = x12.read_all(content.encode()).transactions
    return [record.claim_number for record in transaction.records if isinstance(record, x12.Claim)]


def test_a_file_is_formed_once_and_its_bytes_stay_as_they_are(desk, clock):
    desk.submit()
    desk.peer.orders = ["refuse"]
    desk.run()
    (file,) = desk.files()
    content = desk.api.get(f"/v1/files/{file['id']}/content")
    assert (file["state"], file["claim_ids"], file["sent_at"]) == ("formed", [desk.claims[0]["id"]], None)
    assert content.headers["Content-Type"].startswith("application/edi-x12")
    clock.advance(timedelta(days=1))
    assert (desk.run().formed, desk.run().formed) == (0, 0)
    assert desk.peer.taken == [content.text] == desk.peer.tries[1:]
    assert desk.api.get(f"/v1/files/{file['id']}/content").text == content.text


def test_what_is_sent_reads_back_without_a_finding(desk):
    desk.send(2)
    file = x12.read_all(desk.peer.taken[0].encode(), strict=True, codes=bundled())
    assert file.ok
    assert [one.severity for one in file.findings if one.severity is x12.Severity.ERROR] == []
    assert set(claim_numbers(desk.peer.taken[0])) == {desk.number(0), desk.number(1)}


def test_a_file_holds_no_more_claims_than_the_other_side_takes(desk):
    desk.peer.terms = Terms(sender_id="HANDBILL", receiver_id="CLEARING", claims_per_file=2)
    desk.submit(5)
    assert desk.run().formed == 3
    assert sorted(len(claim_numbers(content)) for content in desk.peer.taken) == [1, 2, 2]
    assert len({number for content in desk.peer.taken for number in claim_numbers(content)}) == 5
    assert len({one["interchange_control_number"] for one in desk.files()}) == 3


def test_a_hundred_claims_go_into_one_file_by_default():
    assert Terms(sender_id="HANDBILL", receiver_id="CLEARING").claims_per_file == 100


def test_what_is_submitted_together_leaves_together_when_it_is_quiet_or_fills_a_file(desk):
    desk.submit(2)
    patient = replace(desk.deps, batch_window=timedelta(days=100 * 365))
    assert form_files(patient) == 0
    desk.peer.terms = Terms(sender_id="HANDBILL", receiver_id="CLEARING", claims_per_file=2)
    assert form_files(patient) == 1
    desk.peer.terms = Terms(sender_id="HANDBILL", receiver_id="CLEARING")
    desk.make(3)
    desk.api.submit(desk.claims[2]["id"])
    assert (form_files(patient), form_files(desk.deps)) == (0, 1)


def test_what_is_submitted_together_leaves_together(desk):
    desk.submit(2)
    wall = SetClock(WallClock().now())
    gathering = replace(desk.deps, batch_window=timedelta(seconds=60), wall_clock=wall)
    assert form_files(gathering) == 0
    wall.advance(timedelta(seconds=61))
    assert form_files(gathering) == 1


def test_a_full_file_does_not_wait_for_more(desk):
    desk.peer.terms = Terms(sender_id="HANDBILL", receiver_id="CLEARING", claims_per_file=2)
    gathering = replace(desk.deps, batch_window=timedelta(seconds=60), wall_clock=WallClock())
    desk.submit(2)
    assert form_files(gathering) == 1


def test_two_organizations_are_never_in_one_file(desk):
    other = {"organization_id": OTHER_ORGANIZATION}
    desk.submit()
    desk.api.set_up(**other)
    theirs = desk.api.create(claims=other).json()
    desk.api.submit(theirs["id"], **other)
    assert desk.run().formed == 2
    assert [len(claim_numbers(content)) for content in desk.peer.taken] == [1, 1]
    assert [one["claim_ids"] for one in desk.files()] == [[desk.claims[0]["id"]]]
    assert [one["claim_ids"] for one in desk.api.get("/v1/files", **other).json()["items"]] == [[theirs["id"]]]


def test_a_file_that_was_taken_is_sent_and_stays_so(desk):
    desk.send()
    (file,) = desk.files()
    assert (file["state"], desk.run().sent, len(desk.peer.tries)) == ("sent", 0, 1)
    assert file["sent_at"] is not None
    assert desk.claim()["next_action"]["kind"] == "await_acknowledgement"


def test_a_refused_connection_certainly_took_nothing_so_the_next_pass_sends_at_once(desk):
    desk.submit()
    desk.peer.orders = ["refuse", "refuse", "take"]
    assert [desk.run().sent for _ in range(3)] == [0, 0, 1]
    assert (len(desk.peer.taken), desk.peer.asked) == (1, [])
    assert desk.rows(FileRow)[0].tries == 3


def test_after_a_lost_reply_the_clearinghouse_is_asked_and_nothing_is_sent_twice(desk, wall):
    desk.submit()
    desk.peer.orders = ["lose_reply"]
    desk.run()
    assert desk.files()[0]["state"] == "sending"
    wall.advance(LATER)
    assert desk.run().sent == 1
    assert desk.peer.asked == [desk.files()[0]["interchange_control_number"]]
    assert (desk.files()[0]["state"], len(desk.peer.tries)) == ("sent", 1)


def test_a_lost_file_is_sent_again_with_the_same_bytes_and_not_before_its_time(desk, wall):
    desk.submit()
    desk.peer.orders = ["lose_file"]
    desk.run()
    wall.advance(timedelta(seconds=89))
    assert (desk.run().sent, len(desk.peer.tries)) == (0, 1)
    wall.advance(timedelta(seconds=2))
    assert desk.run().sent == 1
    assert len(desk.peer.taken) == 1
    assert len(set(desk.peer.tries)) == 1 and len(desk.peer.tries) == 2


def test_business_time_does_not_hasten_a_resend(desk, clock):
    desk.submit()
    desk.peer.orders = ["lose_file"]
    desk.run()
    clock.advance(timedelta(days=30))
    assert (desk.run().sent, len(desk.peer.tries)) == (0, 1)


def test_once_a_try_was_unclear_every_later_try_asks_first(desk, wall):
    desk.submit()
    desk.peer.orders = ["lose_file", "refuse", "take"]
    desk.run()
    wall.advance(LATER)
    desk.run()
    assert desk.files()[0]["state"] == "sending"
    desk.peer.taken.append(desk.peer.tries[0])
    wall.advance(LATER)
    assert desk.run().sent == 1
    assert (len(desk.peer.tries), len(desk.peer.asked)) == (2, 2)


def test_while_the_clearinghouse_is_silent_nothing_is_sent_again(desk, wall):
    desk.submit()
    desk.peer.orders = ["lose_reply"]
    desk.run()
    wall.advance(LATER)
    desk.peer.silent = True
    assert (desk.run().sent, desk.files()[0]["state"]) == (0, "sending")
    desk.peer.silent = False
    assert (desk.run().sent, len(desk.peer.tries)) == (1, 1)


def test_a_process_that_dies_between_try_and_answer_leaves_a_file_that_is_asked_about(desk, wall):
    desk.submit()
    desk.peer.orders = ["crash"]
    with pytest.raises(Killed):
        desk.run()
    assert desk.files()[0]["state"] == "sending"
    wall.advance(LATER)
    assert desk.run().sent == 1
    assert (len(desk.peer.asked), len(desk.peer.taken), len(desk.peer.tries)) == (1, 1, 2)


def test_two_workers_at_one_file_send_it_once(desk):
    """The second one sees the first one's try and asks instead."""
    desk.submit()
    form_files(desk.deps)

    class Meanwhile:
        terms = desk.peer.terms
        fetch = staticmethod(desk.peer.fetch)

        def submit(self, content):
            delivery = desk.peer.submit(content)
            assert run_due(desk.deps).sent == 1
            return delivery

    run_due(replace(desk.deps, clearinghouse=Meanwhile()))
    assert (len(desk.peer.tries), desk.files()[0]["state"]) == (1, "sent")


def test_an_acknowledgement_counts_as_a_receipt(desk):
    from tests.services.claims.peer import ack_999

    desk.submit()
    desk.peer.orders = ["lose_reply"]
    desk.run()
    desk.hear(ack_999(desk.files()[0]["interchange_control_number"]), "999")
    assert (desk.files()[0]["state"], len(desk.peer.tries)) == ("accepted", 1)


def test_control_numbers_count_up_and_are_in_envelope_and_list(desk):
    desk.peer.terms = Terms(sender_id="HANDBILL", receiver_id="CLEARING", claims_per_file=1)
    desk.submit(2)
    desk.run()
    numbers = [one["interchange_control_number"] for one in desk.files()]
    assert sorted(numbers) == ["000000001", "000000002"]
    for content, number in zip(desk.peer.taken, sorted(numbers), strict=True):
        assert content[90:99] == number


def test_a_claim_number_knows_its_file(desk):
    desk.send()
    assert desk.rows(ClaimNumberRow)[0].file_id == desk.files()[0]["id"]
