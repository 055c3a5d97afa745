"""Money over several features, through the API: whatever is done in whatever order, no cent is doubled or lost."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from tests.services.claims.factories import BILLER, COVERAGE
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    denied,
    paid_in_part,
    remittance,
    reversal_of,
    service,
)
from tests.services.claims.test_next_payers import FIRST_PLAN, SECOND_PLAN, answered_by_second, hold
from tests.services.claims.test_remittances import PAID, listed, match
from tests.services.claims.test_remittances_from_elsewhere import type_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WHY = {"reason": "The front desk has said so.", "actor": BILLER}
CASH = {"received_on": "2026-03-02", "method": "cash", "actor": BILLER}
CHARGE = 18_200
CASH_ACCOUNTS = {"paid_cents", "patient_paid_cents", "insurer_balance_cents"}


def act(scenario, verb, place=0, /, **body):
    return scenario.api.post(f"/v1/claims/{scenario.claims[place]['id']}/{verb}", {"actor": BILLER, **body})


def deposits(scenario):
    return sum(one["deposits_cents"] for one in scenario.api.get("/v1/provider-accounts").json()["items"])


def balanced(money):
    accounts = {name: cents for name, cents in money.items() if name != "charge_cents"}
    assert sum(accounts.values()) == money["charge_cents"]
    return accounts


class Visit:
    """One visit of a patient with two plans; each step is an act that may be refused."""

    def __init__(self, scenario, note_id, chance):
        self.scenario, self.note_id, self.chance = scenario, note_id, chance
        self.first = self.make(COVERAGE)
        self.numbers = [self.claim(self.first)["claim_number"]]
        self.posted, self.next_posted, self.entries = [], [], []
        self.seen = {}

    def make(self, coverage_id):
        made = self.scenario.api.create(self.note_id, coverage_id)
        assert made.status_code == 201, made.text
        return made.json()["id"]

    def claim(self, claim_id):
        return self.scenario.api.claim(claim_id)

    def chain(self):
        """The visit's claims that are no earlier ones, first to last."""
        ids = [self.first]
        while following := self.claim(ids[-1])["next_claims"]:
            ids += following
        return ids

    def post(self, verb, claim_id=None, **body):
        answer = self.scenario.api.post(f"/v1/claims/{claim_id or self.first}/{verb}", {**WHY, **body})
        assert answer.status_code in (200, 201, 202, 409), (verb, answer.text)
        return answer

    def receive(self, payment):
        self.scenario.clock.advance(timedelta(hours=1))
        trace = f"EFT{self.chance.randrange(10**9):09d}"
        self.scenario.receive(remittance(payment, trace=trace, paid_on=date(2026, 3, 20)), "835")

    def submit(self):
        self.scenario.api.submit(self.chain()[-1])
        self.scenario.run()

    def answered(self):
        number = self.chance.choice([self.numbers[0], self.claim(self.first)["claim_number"]])
        self.posted.append(self.chance.choice([paid_in_part, denied])(number))
        self.receive(self.posted[-1])

    def taken_back(self):
        if self.posted:
            self.receive(reversal_of(self.chance.choice(self.posted)))

    def matched(self):
        """A payment of nobody's number is matched to one of the visit's claims, which a person takes back or not."""
        self.clock_on()
        number, one = f"NOBODYS{self.chance.randrange(10**5):05d}", self.chance.choice([paid_in_part, denied])
        self.receive(one(number))
        before, claim_id = self.all_that_is_told(), self.chance.choice(self.chain())
        path = f"/v1/remittances/{self.remittances()[-1]['id']}/payments/1"
        self.clock_on()
        if self.decide(f"{path}/match", claim_id=claim_id).status_code == 200 and self.chance.random() < 0.5:
            self.clock_on()
            answer = self.decide(f"{path}/unmatch")
            assert (answer.status_code, self.all_that_is_told()) == (200, before), answer.text

    def unmatched(self):
        """Any payment of this visit is taken back, however it was posted."""
        self.clock_on()
        for one in self.chance.sample(posted := self.posted_paths(), min(2, len(posted))):
            self.decide(f"{one}/unmatch")

    def matched_again(self):
        """What waits is posted to one of the visit's claims, or set aside."""
        self.clock_on()
        for one in self.paths("waiting"):
            act = self.chance.choice(["match", "match", "set-aside"])
            self.decide(f"{one}/{act}", **({"claim_id": self.chance.choice(self.chain())} if act == "match" else {}))

    def clock_on(self):
        self.scenario.clock.advance(timedelta(seconds=1))

    def decide(self, path, **body):
        answer = self.scenario.api.post(path, {**WHY, **body})
        assert answer.status_code in (200, 409), (path, answer.text)
        return answer

    def remittances(self):
        return self.scenario.api.get("/v1/remittances?limit=200").json()["items"]

    def posted_paths(self):
        return self.paths("posted", set(self.chain()))

    def paths(self, state, claim_ids=None):
        found = []
        for summary in self.remittances():
            for one in self.scenario.api.get(f"/v1/remittances/{summary['id']}").json()["items"]:
                result = one["result"]
                if result["state"] == state and (claim_ids is None or result["claim_id"] in claim_ids):
                    found.append(f"/v1/remittances/{summary['id']}/payments/{one['number']}")
        return found

    def all_that_is_told(self):
        return [{**self.claim(claim_id), "version": 0} for claim_id in self.chain()]

    def billed_next(self):
        self.scenario.api.post(f"/v1/claims/{self.first}/bill-secondary", {"actor": BILLER})

    def answered_next(self):
        if len(ids := self.chain()) > 1:
            number = self.claim(ids[1])["claim_number"]
            paid = self.chance.choice([0, 1_500, 2_500])
            self.next_posted.append(answered_by_second(number, paid=paid, left=2_500 - paid))
            self.receive(self.next_posted[-1])

    def taken_back_next(self):
        if self.next_posted:
            self.receive(reversal_of(self.chance.choice(self.next_posted)))

    def changed_after_next(self):
        """The first payer decides otherwise once the next one is billed, and that one is told."""
        number = self.claim(self.first)["claim_number"]
        if self.posted:
            self.receive(reversal_of(self.posted[-1]))
        left = self.chance.choice([1_000, 4_000])
        paid = 13_500 - 3_255 - left
        one = service(number, 1, "97124", 13_500, paid, cas("CO", "45", 3_255), cas("PR", "3", left))
        two = service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000))
        self.posted.append(claim_payment(number, one, two))
        self.receive(self.posted[-1])
        self.post("correct-next-payer", only_money=self.chance.choice([False, True]))

    def patient_pays(self):
        self.enter("patient-payments", amount_cents=self.chance.randrange(1, 3_000), **CASH)

    def refunded(self):
        payee = self.chance.choice(["patient", "insurer"])
        self.enter("refunds", amount_cents=self.chance.randrange(1, 2_000), payee=payee, **WHY)

    def written_off(self):
        account = self.chance.choice(["patient", "insurer"])
        cents = self.chance.randrange(1, 2_000)
        self.enter("write-offs", amount_cents=cents, account=account, kind="courtesy", **WHY)

    def transferred(self):
        account = self.chance.choice(["patient", "insurer"])
        self.enter("transfers", amount_cents=self.chance.randrange(1, 2_000), to_account=account, **WHY)

    def enter(self, verb, **body):
        claim_id = self.chance.choice(self.chain())
        answer = self.scenario.api.post(f"/v1/claims/{claim_id}/{verb}", body)
        assert answer.status_code in (201, 409), answer.text
        if answer.status_code == 201:
            ledger = self.scenario.api.get(f"/v1/claims/{claim_id}/ledger?limit=200").json()["items"]
            self.entries.append((claim_id, ledger[-1]["source_id"]))

    def entry_reversed(self):
        if self.entries:
            claim_id, source_id = self.chance.choice(self.entries)
            self.post("reversals", claim_id, source_id=source_id)

    def corrected(self):
        self.post("correct")

    def withdrawn(self):
        self.post("withdraw-correction")

    def voided(self):
        self.post("void", self.chance.choice(self.chain()))

    def prove(self):
        """Each claim and line is balanced, the visit's charge is billed once, and what is voided bills nothing."""
        own = 0
        for claim_id in self.chain():
            found = self.claim(claim_id)
            accounts = balanced(found["money"])
            own += found["money"]["charge_cents"] - accounts["other_payers_cents"]
            for line in found["lines"]:
                gone = found["state"] == "voided"
                assert sum(line["money"].values()) == (0 if gone else line["charge_cents"])
            if found["state"] == "voided":
                assert not any(cents for name, cents in accounts.items() if name not in CASH_ACCOUNTS)
            self.seen[claim_id, self.scenario.clock.now()] = found["money"]
        assert own == (0 if self.claim(self.first)["state"] == "voided" else CHARGE)

    def prove_past(self):
        """What a claim's ledger holds up to a moment is what the claim said then."""
        for (claim_id, moment), money in self.seen.items():
            rows = self.scenario.api.get(f"/v1/claims/{claim_id}/ledger?limit=200").json()["items"]
            until = [one for one in rows if datetime.fromisoformat(one["posted_at"]) <= moment]
            booked = dict.fromkeys(ACCOUNT_OF, 0)
            for one in until:
                booked[one["from_account"]] -= one["amount_cents"]
                booked[one["to_account"]] += one["amount_cents"]
            booked["charges"] *= -1
            assert {ACCOUNT_OF[name]: cents for name, cents in booked.items()} == money


ACCOUNT_OF = {
    "charges": "charge_cents",
    "paid": "paid_cents",
    "patient_paid": "patient_paid_cents",
    "written_off": "written_off_cents",
    "patient": "patient_balance_cents",
    "insurer": "insurer_balance_cents",
    "other_payers": "other_payers_cents",
}
"""What each account of the ledger is in a claim's money."""
STEPS = [
    *(Visit.submit, Visit.submit, Visit.answered, Visit.answered, Visit.taken_back),
    *(Visit.billed_next, Visit.billed_next, Visit.answered_next, Visit.taken_back_next),
    *(Visit.changed_after_next, Visit.changed_after_next),
    *(Visit.patient_pays, Visit.refunded, Visit.written_off, Visit.transferred, Visit.entry_reversed),
    *(Visit.corrected, Visit.withdrawn, Visit.voided),
    *(Visit.matched, Visit.unmatched, Visit.matched_again),
]


def test_whatever_is_done_to_a_visit_every_cent_of_it_is_on_one_account(scenario, neighbours):
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    for seed, note_id in enumerate(neighbours.hold(4)):
        chance = Random(seed)
        visit = Visit(scenario, note_id, chance)
        # Most sequences begin like this, and go on as they like.
        steps = [Visit.submit, Visit.answered, Visit.billed_next, *chance.choices(STEPS, k=12)]
        for place, step in enumerate(steps):
            step(visit)
            try:
                visit.prove()
            except AssertionError as error:
                done = [one.__name__ for one in steps[: place + 1]]
                raise AssertionError(f"seed {seed} after {done}: {error}") from error
        assert len(visit.seen) >= 3
        visit.prove_past()


@pytest.mark.parametrize("paper_first", [True, False])
def test_a_typed_paper_and_its_835_are_posted_once_whichever_comes_first(scenario, paper_first):
    scenario.send()
    one = paid_in_part(scenario.number())
    electronic = remittance(one, trace="10044213", paid_on=date(2026, 3, 20))

    def typed():
        assert type_in(scenario).status_code == 202
        scenario.run()

    if paper_first:
        typed()
        scenario.receive(electronic, "835")
    else:
        scenario.receive(electronic, "835")
        typed()
    assert (scenario.money(), scenario.claim()["next_action"]["kind"]) == (PAID, "resolve_payment")
    [waiting] = [found for found in listed(scenario) if found["state"] == "waiting"]
    assert why_it_waits(scenario, waiting) == "payment_posted_otherwise"
    assert deposits(scenario) == 11_445
    blind = act(scenario, "post-waiting-payments", **WHY)
    assert (blind.status_code, blind.json()["code"]) == (409, "payment_posted_otherwise")
    aside = scenario.api.post(f"/v1/remittances/{waiting['id']}/payments/1/set-aside", WHY)
    assert (aside.status_code, scenario.claim()["next_action"]["kind"]) == (200, "bill_patient")
    assert [found["state"] for found in scenario.messages() if found["kind"] == "835"] == ["applied", "applied"]
    scenario.receive(electronic.replace("000000001", "000000077"), "835")
    assert (scenario.money(), deposits(scenario)) == (PAID, 11_445)
    assert match(scenario, waiting["id"]).status_code == 200
    assert (scenario.money(), deposits(scenario)) == ((22_890, 8_510, 5_000, -18_200), 22_890)


def why_it_waits(scenario, waiting):
    return scenario.api.get(f"/v1/remittances/{waiting['id']}").json()["items"][0]["result"]["code"]


def release(scenario):
    [message] = scenario.messages(state="quarantined")
    assert scenario.api.post(f"/v1/messages/{message['id']}/release", WHY).status_code == 200
    scenario.run()


def test_a_broken_version_of_a_remittance_that_is_released_later_is_not_in_the_accounts_again(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    scenario.receive(remittance(one, total_cents=11_446), "835")
    scenario.receive(remittance(one), "835")
    release(scenario)
    assert (scenario.money(), deposits(scenario)) == (PAID, 11_445)
    assert [found["state"] for found in scenario.messages() if found["kind"] == "835"] == ["applied", "applied"]


def test_payments_that_were_matched_before_their_message_was_released_are_in_the_accounts_once(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    scenario.receive(remittance(one, total_cents=11_446), "835")
    [waiting] = listed(scenario)
    assert match(scenario, waiting["id"]).status_code == 200
    assert (scenario.money(), deposits(scenario)) == (PAID, 0)
    release(scenario)
    assert (scenario.money(), deposits(scenario)) == (PAID, 11_446)
    scenario.receive(remittance(one), "835")
    assert (scenario.money(), deposits(scenario)) == (PAID, 11_446)


def test_a_payment_of_a_released_message_says_what_it_waits_for_now(scenario):
    """It may be the money of a paper that was typed; where it is other money, the accounts get it too."""
    scenario.send()
    assert type_in(scenario).status_code == 202
    scenario.run()
    electronic = remittance(paid_in_part(scenario.number()), trace="10044213", total_cents=11_446)
    scenario.receive(electronic, "835")
    [waiting] = [found for found in listed(scenario) if found["state"] == "waiting"]
    assert why_it_waits(scenario, waiting) == "message_quarantined"
    release(scenario)
    assert why_it_waits(scenario, waiting) == "payment_posted_otherwise"
    assert match(scenario, waiting["id"]).status_code == 200
    assert deposits(scenario) == 11_445 + 11_446


def test_another_check_another_amount_or_another_claim_is_other_money(scenario):
    scenario.send(2)
    number = scenario.number()
    type_in(scenario)
    scenario.run()
    less = claim_payment(number, service(number, 1, "97124", 13_500, 745, cas("CO", "45", 12_755)))
    for payment, trace in (
        (paid_in_part(number), "10044214"),
        (less, "10044213"),
        (paid_in_part(scenario.number(1)), "10044213"),
    ):
        assert scenario.receive(remittance(payment, trace=trace), "835")["state"] == "applied"
    assert (scenario.money(1), scenario.claim(0)["money"]["paid_cents"]) == (PAID, 2 * 11_445 + 745)


def test_a_paper_and_a_match_name_the_lines_that_were_sent_by_their_own_numbers(scenario):
    """The first line has left the claim; the other one is still line 2."""
    scenario.send()
    scenario.receive(remittance(denied(scenario.number())), "835")
    assert act(scenario, "correct", left_off=["97124"], reason="Not done.").status_code == 200
    assert act(scenario, "submit").status_code == 202
    scenario.run()
    second = {"line": 2, "paid_cents": 3_700, "adjustments": [{"group": "CO", "reason_code": "45"}]}
    second["adjustments"][0]["amount_cents"] = 1_000
    gone = type_in(scenario, amount_cents=3_700, claim={"lines": [{**second, "line": 1}]})
    assert (gone.status_code, gone.json()["code"]) == (409, "line_unknown")
    assert "lines 2." in gone.json()["errors"][0]["message"]
    stray = service(scenario.number(), 9, "97999", 4_700, 4_000, cas("CO", "45", 700))
    scenario.receive(remittance(claim_payment(scenario.number(), stray), trace="EFT0002"), "835")
    waiting = next(one for one in listed(scenario) if one["state"] == "waiting")
    nowhere = match(scenario, waiting["id"], lines=[{"service": 1, "line": 1}])
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "line_unknown")
    assert match(scenario, waiting["id"], lines=[{"service": 1, "line": 2}]).status_code == 200
    assert type_in(scenario, amount_cents=3_700, claim={"lines": [second]}).status_code == 202
    scenario.run()
    paid = [(line["number"], line["money"]["paid_cents"]) for line in scenario.claim()["lines"]]
    assert paid == [(2, 7_700)]


def test_a_claim_that_the_next_payers_follows_is_not_voided_before_that_one(scenario, neighbours):
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    scenario.claims.append(act(scenario, "bill-secondary").json())
    refused = act(scenario, "void")
    assert (refused.status_code, refused.json()["code"]) == (409, "next_payer_billed")
    assert scenario.claims[1]["id"] in refused.json()["errors"][0]["message"]
    assert act(scenario, "void", 1).status_code == 200
    assert act(scenario, "void").json()["frequency"] == "8"


def test_what_was_written_off_by_hand_is_gone_with_a_claim_that_is_voided(scenario):
    scenario.make()
    assert act(scenario, "write-offs", amount_cents=700, account="insurer", kind="courtesy", **WHY).status_code == 201
    assert act(scenario, "transfers", amount_cents=300, to_account="patient", **WHY).status_code == 201
    assert act(scenario, "void").status_code == 200
    assert set(scenario.claim()["money"].values()) == {0}


def test_nothing_is_entered_while_a_void_is_at_the_payer(scenario):
    """A payment of hers would be on no claim once the payer has taken its decision back."""
    scenario.send()
    one = paid_in_part(scenario.number())
    scenario.receive(remittance(one), "835")
    assert act(scenario, "write-offs", amount_cents=500, account="patient", kind="courtesy", **WHY).status_code == 201
    assert act(scenario, "void").status_code == 200
    refused = act(scenario, "patient-payments", amount_cents=2_000, **CASH)
    assert (refused.status_code, refused.json()["code"]) == (409, "void_under_way")
    scenario.run()
    scenario.receive(remittance(reversal_of(one), trace="EFT0002", paid_on=date(2026, 3, 20)), "835")
    assert (scenario.claim()["state"], set(scenario.claim()["money"].values())) == ("voided", {0})
    scenario.receive(remittance(one, trace="EFT0003", paid_on=date(2026, 3, 21)), "835")
    assert scenario.money() == PAID
    assert act(scenario, "patient-payments", amount_cents=2_500, **CASH).status_code == 201


def test_what_she_paid_at_the_visit_is_there_again_when_a_voided_claims_decision_stands_again(scenario):
    scenario.claims.append(scenario.api.create(patient_paid_cents=2_500).json())
    assert act(scenario, "submit").status_code == 202
    scenario.run()
    one = paid_in_part(scenario.number())
    scenario.receive(remittance(one), "835")
    assert act(scenario, "void").status_code == 200
    scenario.run()
    scenario.receive(remittance(reversal_of(one), trace="EFT0002", paid_on=date(2026, 3, 20)), "835")
    assert set(scenario.claim()["money"].values()) == {0}
    scenario.receive(remittance(one, trace="EFT0003", paid_on=date(2026, 3, 21)), "835")
    found = scenario.claim()["money"]
    balanced(found)
    names = ("paid", "patient_paid", "written_off", "patient_balance", "insurer_balance")
    assert [found[f"{name}_cents"] for name in names] == [11_445, 2_500, 4_255, 0, 0]
