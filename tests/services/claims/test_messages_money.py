"""835: what a payer paid lands on the right cents of the right claims, once."""

from tests.services.claims.peer import paid_in_part, remittance


def test_a_remittance_is_posted_to_the_claim(desk):
    desk.send()
    message = desk.hear(remittance(paid_in_part(desk.number())), "835")
    assert (message["state"], message["reasons"], message["claims"]) == ("applied", [], 1)
    assert desk.money() == (11_445, 4_255, 2_500, 0)
