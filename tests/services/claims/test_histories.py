"""Generated histories through the real engine: whatever a claim is told, in whatever order and however often, it ends
in the same claim, the same ledger, the same next action and the same accounts, and every cent is on one account.

`make fuzz` tries many more of them than the tests do.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.claims.conftest import Scenario
from tests.services.claims.factories import BILLER, a_coverage, a_coverage_bundle, a_note, a_payer, a_therapist
from tests.services.claims.fake_clearinghouse import (
    accepted,
    cas,
    claim_payment,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    service,
    status_277,
    x12_replace,
)
from tests.services.claims.test_next_payers import SECOND_PLAN

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
REPEATABLE = settings.default.derandomize
ORDERS = 2 if REPEATABLE else 3
STORIES = 6 if REPEATABLE else 100
MOST = 6
ORIGINATOR = "1512345678"
NAMING = {"id", "claim_number", "note_id", "coverage_id", "patient_id", "version"}
WHY = "The front desk has said so."
"""What tells one claim from another that was told the same."""
DAYS = [date(2026, 3, day) for day in (4, 9, 20)]


def allowed_in_full(number):
    return claim_payment(number, service(number, 1, "97124", 13_500, 13_500), service(number, 2, "97110", 4_700, 4_700))


def to_the_deductible(number):
    return claim_payment(
        number,
        service(number, 1, "97124", 13_500, 0, cas("CO", "45", 1_500), cas("PR", "1", 12_000)),
        service(number, 2, "97110", 4_700, 0, cas("PR", "1", 4_700)),
    )


def one_line_denied(number):
    return claim_payment(
        number,
        service(number, 1, "97124", 13_500, 10_000, cas("CO", "45", 1_500), cas("PR", "2", 2_000)),
        service(number, 2, "97110", 4_700, 0, cas("CO", "97", 4_700)),
        payer_claim_number="PAYER0002",
    )


def as_a_whole(number):
    """The second line is paid, and the claim gives up a part of it."""
    one = paid_in_part(number)
    given_up = (cas("CO", "253", 300), cas("PR", "2", 800))
    return x12_replace(one, paid_cents=one.paid_cents - 1_100, patient_responsibility_cents=3_300, adjustments=given_up)


PAYMENTS = {
    "part": paid_in_part,
    "full": allowed_in_full,
    "deductible": to_the_deductible,
    "denied_50": lambda number: denied(number, "50"),
    "denied_16": lambda number: denied(number, "16"),
    "line_denied": one_line_denied,
    "whole": as_a_whole,
}


def back(payment):
    """Its reversal, with the claim's own adjustments."""
    turned = tuple(x12_replace(one, amount_cents=-one.amount_cents) for one in payment.adjustments)
    return x12_replace(reversal_of(payment), paid_cents=-payment.paid_cents, adjustments=turned)


@dataclass(frozen=True)
class Told:
    """One message: what it says, of which payment, on which day, and under which of the numbers of the history. Each
    payment has a trace and a day of its own, since of one day the digests decide the order, and these differ with the
    claim's number."""

    kind: str
    payment: str = ""
    day: date = DAYS[0]
    trace: int = 1
    number: int = 0

    def text(self, numbers):
        number = numbers[self.number % len(numbers)]
        if self.kind in MESSAGES:
            return MESSAGES[self.kind](number, self.day)
        suffix, write = PAID[self.kind]
        place = 2 * sorted(PAYMENTS).index(self.payment) + self.trace % 2
        day = FIRST_PAID + timedelta(place * len(SUFFIXES) + SUFFIXES.index(suffix))
        return write(PAYMENTS[self.payment](number), f"{number}{place:02d}{suffix}", day)


MESSAGES = {
    "accepted_by_clearinghouse": lambda number, day: accepted(number, "AY", on=day),
    "accepted_by_payer": lambda number, day: accepted(number, "PR", on=day, payer_claim_number=f"ACK{day:%d}"),
    "rejected_by_clearinghouse": lambda number, day: rejected(number, "AY", on=day),
    "rejected_by_payer": lambda number, day: rejected(number, "PR", on=day),
    "pending": lambda number, day: status_277(number, "P1", on=day),
    "records_wanted": lambda number, day: status_277(number, "R3", on=day),
    "decided": lambda number, day: status_277(number, "F2", on=day),
    "not_found": lambda number, day: status_277(number, "A4", on=day),
    "garbage": lambda number, day: f"<html>{number}</html>",
}
SUFFIXES = "PRBTDF"
FIRST_PAID = date(2026, 3, 5)
PAID = {
    "paid": ("P", lambda one, trace, day: remittance(one, trace=trace, paid_on=day)),
    "reversed": ("R", lambda one, trace, day: remittance(back(one), trace=trace, paid_on=day)),
    "reversed_and_paid": ("B", lambda one, trace, day: remittance(back(one), instead(one), trace=trace, paid_on=day)),
    "taken_back": ("T", lambda one, trace, day: remittance(one, trace=trace, paid_on=day, provider=(("WO", 1_000),))),
    "twice_in_one": ("D", lambda one, trace, day: remittance(one, one, trace=trace, paid_on=day)),
    "forecast": ("F", lambda one, trace, day: remittance(x12_replace(one, status="25"), trace=trace, paid_on=day)),
    "unbalanced": ("P", lambda one, trace, day: remittance(one, trace=trace, paid_on=day, total_cents=1)),
    "half": ("P", lambda one, trace, day: half(remittance(one, trace=trace, paid_on=day))),
}
"""What an 835 does with a payment. One that is out of balance or half is of the same trace and day as the whole."""


def instead(one):
    return to_the_deductible(one.claim_number)


def half(whole):
    return whole[: whole.rindex("SVC") + 12]


STORY = st.lists(
    st.one_of(
        st.builds(Told, st.sampled_from(sorted(MESSAGES)), day=st.sampled_from(DAYS), number=st.integers(0, 1)),
        st.builds(
            Told,
            st.sampled_from(sorted(PAID)),
            st.sampled_from(sorted(PAYMENTS)),
            trace=st.integers(0, 1),
            number=st.integers(0, 1),
        ),
    ),
    min_size=2,
    max_size=MOST,
    unique=True,
)


class Teller:
    """Visits that are alike, each of a patient and a therapist of its own; each is told the same in another order, by a
    payer of its own."""

    def __init__(self, scenario):
        self.scenario, self.count = scenario, 0

    def begin(self, kind):
        """One more claim, and what is done with it before it is told anything."""
        self.count += 1
        names = (f"{what}_history{self.count:04d}" for what in ("pat", "cov", "sec", "note", "thr"))
        patient, coverage, second, note, therapist = names
        self._hold(patient, coverage, second if kind == "billed_next" else None)
        assert self.scenario.api.put(f"/v1/therapists/{therapist}", a_therapist()).status_code == 201
        self.scenario.neighbours.notes[note] = a_note(note, patient_id=patient, therapist_id=therapist)
        made = self.scenario.api.create(note, coverage)
        assert made.json().get("state") == "ready", made.text
        history = History(self.scenario, f"1{self.count:09d}", [made.json()["id"]], therapist)
        history.send(0)
        BEGINNINGS[kind](history)
        return history

    def _hold(self, patient, coverage, second):
        """The patient's plan, and the one after it."""
        first = {"coverage": a_coverage(coverage, patient_id=patient), "payer": a_payer()}
        after = {"coverage": {**SECOND_PLAN["coverage"], "id": second, "patient_id": patient}}
        plans = [first, {**after, "payer": SECOND_PLAN["payer"]}] if second else [first]
        for plan in plans:
            others = [one for one in plans if one is not plan]
            bundle = a_coverage_bundle(plan["coverage"]["id"], **plan, other_coverages=others)
            bundle["patient"]["id"] = patient
            self.scenario.neighbours.files[plan["coverage"]["id"]] = bundle

    def settle(self):
        while not self.scenario.run().idle:
            pass


@dataclass
class History:
    """What happens to one visit: its claims, first payer to last, and the numbers that messages name them by."""

    scenario: Scenario
    payer: str
    claims: list[str]
    therapist: str
    numbers: list[str] = field(default_factory=list)

    def send(self, place):
        assert self.scenario.api.submit(self.claims[place]).status_code == 202
        assert self.scenario.run().sent == 1
        self.sent(place)

    def sent(self, place):
        self.numbers.append(self.scenario.api.claim(self.claims[place])["claim_number"])

    def act(self, verb, place=0, **body):
        answer = self.scenario.api.post(f"/v1/claims/{self.claims[place]}/{verb}", {"actor": BILLER, **body})
        assert answer.status_code in (200, 201), (verb, answer.text)
        return answer.json()

    def tell(self, *texts):
        for text in texts:
            self.scenario.clearinghouse.deliver(text.replace(ORIGINATOR, self.payer), "any")

    def state(self):
        """All that a reader sees of the claims, their ledgers and their payer's account, but for what names them."""
        accounts = self.scenario.api.get("/v1/provider-accounts").json()["items"]
        found = {
            "claims": [self._claim(claim_id) for claim_id in self.claims],
            "accounts": [one for one in accounts if one.pop("payer_identifier") == self.payer],
        }
        text = json.dumps(found, sort_keys=True, indent=1)
        for place, name in enumerate((self.therapist, *self.claims, *self.numbers)):
            text = text.replace(name, f"NAME{place}")
        return text.splitlines()

    def _claim(self, claim_id):
        claim = self.scenario.api.claim(claim_id)
        balanced(claim)
        rows = self.scenario.api.get(f"/v1/claims/{claim_id}/ledger?limit=200").json()["items"]
        names = ("line_number", "from_account", "to_account", "amount_cents", "reason")
        ledger = sorted([row[name] for name in names] for row in rows)
        return {name: value for name, value in claim.items() if name not in NAMING} | {"ledger": ledger}


def corrected(history):
    history.tell(accepted(history.numbers[0], payer_claim_number="ACK1"))
    history.scenario.run()
    history.act("correct", reason=WHY)
    history.send(0)


def voided(history):
    history.tell(remittance(paid_in_part(history.numbers[0]), trace="EFT1"))
    history.scenario.run()
    history.act("void", reason=WHY)
    assert history.scenario.run().sent == 1
    history.sent(0)


def billed_next(history):
    history.tell(remittance(paid_in_part(history.numbers[0]), trace="EFT1"))
    history.scenario.run()
    history.claims.append(history.act("bill-secondary")["id"])
    history.send(1)


def entered_by_hand(history):
    cash = {"received_on": "2026-03-02", "method": "cash"}
    history.act("patient-payments", amount_cents=2_500, **cash)
    history.act("write-offs", amount_cents=700, account="insurer", kind="courtesy", reason=WHY)
    history.act("transfers", amount_cents=300, to_account="patient", reason=WHY)


BEGINNINGS = {
    "sent": lambda history: None,
    "corrected": corrected,
    "voided": voided,
    "billed_next": billed_next,
    "entered_by_hand": entered_by_hand,
}


def balanced(claim):
    """Each line and the whole: the charge is the sum of its accounts."""
    whole = dict(claim["money"])
    assert whole.pop("charge_cents") == sum(whole.values())
    for line in claim["lines"]:
        assert sum(line["money"].values()) == line["charge_cents"]


def test_whatever_a_visit_is_told_ends_alike_in_any_order_and_however_often(scenario):
    teller = Teller(scenario)

    @settings(max_examples=STORIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(BEGINNINGS)), STORY, st.data())
    def told(beginning, story, data):
        orders = [tuple(range(len(story)))]
        for _ in range(ORDERS):
            order = data.draw(st.permutations(range(len(story))))
            orders.append((*order, data.draw(st.sampled_from(order))))
        histories = [teller.begin(beginning) for _ in orders]
        for history, order in zip(histories, orders, strict=True):
            history.tell(*(story[one].text(history.numbers) for one in order))
        teller.settle()
        wanted, *others = [history.state() for history in histories]
        for order, found in zip(orders[1:], others, strict=True):
            assert found == wanted, (beginning, story, order)

    told()


def standing(history, place):
    """What is to be as it was before a payment that was taken back."""
    claim = history.scenario.api.claim(history.claims[place])
    balanced(claim)
    action = {name: claim["next_action"][name] for name in ("kind", "rule", "owner", "amount_cents")}
    return {name: claim[name] for name in ("state", "outcome", "money", "lines", "underpayments")} | {"action": action}


@pytest.mark.parametrize(
    ("beginning", "place", "first"),
    [
        ("sent", 0, "part"),
        ("entered_by_hand", 0, "denied_16"),
        ("corrected", 0, "deductible"),
        ("billed_next", 1, "part"),
    ],
)
def test_a_payment_that_is_taken_back_leaves_the_claim_as_it_was(scenario, beginning, place, first):
    """By lines or as a whole, on a first payer's claim and on the next one's, with money that was entered by hand."""
    history = Teller(scenario).begin(beginning)
    number = history.numbers[-1]
    history.tell(remittance(PAYMENTS[first](number), trace="EFT77"))
    scenario.run()
    was = standing(history, place)
    for name, payment in PAYMENTS.items():
        one = payment(number)
        history.tell(Told("paid", name).text([number]))
        scenario.run()
        paid = standing(history, place)["money"]["paid_cents"]
        assert paid == was["money"]["paid_cents"] + one.paid_cents, name
        history.tell(Told("reversed", name).text([number]))
        scenario.run()
        assert standing(history, place) == was, name
