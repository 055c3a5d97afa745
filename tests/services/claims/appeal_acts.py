"""A denied claim and the acts on its appeals, as a biller does them over HTTP."""

from datetime import date, timedelta

from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import cas, claim_payment, denied, remittance, reversal_of, service

TODAY = date(2026, 3, 2)
WHY = "They see no need for the treatment."
FAX = "Cascade Mutual Health, Appeals, fax 206-555-0188"


def a_denied_claim(scenario, reason="50"):
    scenario.send()
    scenario.receive(remittance(denied(scenario.number(), reason), paid_on=TODAY), "835")


def path_of(scenario):
    return f"/v1/claims/{scenario.claims[0]['id']}/appeals"


def action(scenario):
    return scenario.claim()["next_action"]


def kind_and_day(scenario):
    found = action(scenario)
    return found["kind"], found["due_on"]


def do(scenario, verb, appeal, *, key=None, **body):
    return scenario.api.post(f"{path_of(scenario)}/{appeal['id']}/{verb}", {"actor": BILLER, **body}, key=key)


def opened(scenario, **body):
    answer = scenario.api.post(path_of(scenario), {"actor": BILLER, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(scenario, appeal, **body):
    return do(scenario, "send", appeal, **{"by": "fax", "recipient": FAX, **body})


def sent(scenario, **body):
    appeal = opened(scenario)
    answer = send(scenario, appeal, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decide(scenario, appeal, outcome, on=TODAY):
    return do(scenario, "outcome", appeal, outcome=outcome, decided_on=str(on), reason=WHY)


def decided(scenario, appeal, outcome, on=TODAY):
    answer = decide(scenario, appeal, outcome, on)
    assert answer.status_code == 200, answer.text
    return answer.json()


def press(scenario, appeal, to="supervisor", **body):
    return do(scenario, "escalate", appeal, to=to, by="phone", recipient="Provider line", **body)


def days_on(scenario, clock, days):
    clock.advance(timedelta(days=days))
    scenario.run()
    return kind_and_day(scenario)


def decided_anew(scenario, first_cents, second_cents, on, number=2):
    """The payer takes its denial back and decides anew: what it pays of 135.00 and of 47.00."""
    name, lines = scenario.number(), ((1, "97124", 13_500, first_cents), (2, "97110", 4_700, second_cents))
    services = (
        service(name, place, code, charge, paid, *([cas("CO", "50", charge - paid)] if charge > paid else []))
        for place, code, charge, paid in lines
    )
    both = (reversal_of(denied(name, "50")), claim_payment(name, *services))
    return remittance(*both, trace=f"EFT000{number}", number=number, paid_on=on)
