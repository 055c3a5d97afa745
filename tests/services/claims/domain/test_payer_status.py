"""Of a payer's statuses the newest counts, in whatever order they come."""

from datetime import date
from itertools import permutations

from services.claims.domain.next_action_progress import NO_PROGRESS, PayerStatus

DAY = date(2026, 3, 2)


def test_every_order_and_repetition_of_three_statuses_ends_the_same():
    three = [PayerStatus(DAY, "P1", "20"), PayerStatus(DAY, "P1", "3"), PayerStatus(date(2026, 3, 1), "F1", "65")]
    ends = set()
    for order in permutations(three):
        progress = NO_PROGRESS
        for one in (*order, *order):
            progress = progress.with_status(one)
        ends.add(progress)
    assert [one.status for one in ends] == [PayerStatus(DAY, "P1", "3")]
