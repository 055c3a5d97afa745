"""One claim's life of 400 days on the virtual clock, against the simulator. On every day it has one next action, which
is not overdue; in the end there is none, and every cent is explained."""

import base64
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest

from services.claims.flows.run_due import run_due
from services.cli.demo.practice import DEMO, load
from shared.dates import local_date
from tests.journeys.whole import Whole, whole
from tests.services.claims.fake_clearinghouse import cas, claim_payment, remittance, reversal_of, service

DAYS, QUIET_DAYS = 400, 13
PRACTICE_ZONE = "America/Los_Angeles"
BILLER = {"id": "usr_biller", "name": "Bettina Crane", "role": "biller"}
NOTE, COVERAGE = "note_0009", "cov_0012"
SILENT = "SIM_LATE_835_CMH441207805"
CHARGE = 18_000
CASCADE, RAINIER = ("1910000101", "CASCADE MUTUAL HEALTH"), ("1910000202", "RAINIER CHOICE HEALTH")
"""What the two payers call themselves in the simulator's remittances."""


pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def payers(tmp_path, monkeypatch):
    """The demo's payers, of which the second asks for no authorization."""
    folder = tmp_path / "payers"
    folder.mkdir()
    for file in (DEMO / "payers").glob("*.toml"):
        (folder / file.name).write_text(file.read_text().replace('authorization = "required"\n', ""))
    monkeypatch.setenv("HANDBILL_SIMULATOR_PAYERS_DIR", str(folder))


def one_visit():
    """Visit 9 of the sample practice, for a diagnosis of which its payer holds that it needs no hands-on work; its
    answer comes 45 days late."""
    practice = load()
    visit = next(one for one in practice.visits if one.note_id == NOTE)
    ill = replace(visit, note={**visit.note, "diagnoses": ["M79.18"]})
    coverages = [{**one, "member_id": SILENT} if one["id"] == COVERAGE else one for one in practice.things["coverages"]]
    return replace(practice, visits=(ill,), things={**practice.things, "coverages": coverages})


SEEN = [
    ("2026-05-04", 0, "await_payer", "payer_acknowledgement"),
    ("2026-05-05", 0, "await_remittance", "payer_follow_up"),
    ("2026-06-05", 0, "await_remittance", "payer_status"),
    ("2026-06-28", 0, "appeal", "adjustment_appeal"),
    ("2026-07-12", 0, "send_appeal", "appeal_opened"),
    ("2026-07-15", 0, "await_appeal", "appeal_sent"),
    ("2026-08-12", 0, "record_appeal_outcome", "appeal_answered"),
    ("2026-08-12", 0, "bill_secondary", "coordination_of_benefits"),
    ("2026-08-19", 0, "none", "settled"),
    ("2026-08-19", 1, "await_payer", "payer_acknowledgement"),
    ("2026-08-20", 1, "await_remittance", "payer_follow_up"),
    ("2026-09-02", 1, "none", "settled"),
    ("2026-10-01", 1, "bill_patient", "patient_share"),
    ("2026-10-06", 1, "await_patient_payment", "statement_sent"),
    ("2026-11-06", 1, "bill_patient", "statement_unpaid"),
    ("2026-11-06", 1, "await_patient_payment", "statement_sent"),
    ("2026-12-07", 1, "bill_patient", "statement_unpaid"),
    ("2026-12-07", 1, "await_patient_payment", "statement_sent"),
    ("2026-12-20", 1, "none", "settled"),
]
"""(day, claim, next action, rule) of each change."""


@dataclass
class Life:
    """The biller's days: what the worker does, what she does on the day that it is due, and what was seen."""

    all: Whole
    claims: list[str] = field(default_factory=list)
    seen: list[tuple[str, int, str, str]] = field(default_factory=list)
    last: dict[int, tuple[str, str]] = field(default_factory=dict)
    appeal: str = ""
    posts: int = 0
    number: int = 0

    def get(self, path):
        return self.all.ehr.get("claims", path)

    def post(self, path, **body):
        self.posts += 1
        return self.all.ehr.post("claims", path, {"actor": BILLER, **body}, f"life-{self.posts:04d}")

    def act(self, place, verb, **body):
        return self.post(f"/v1/claims/{self.claims[place]}/{verb}", **body)

    def upload(self, payer, *payments, **more):
        """An 835 of one of the payers that comes from elsewhere."""
        number, name = payer
        content = remittance(*payments, paid_on=self.today, **more)
        content = content.replace("1512345678", number).replace(CASCADE[1], name)
        self.post("/v1/remittances", file=base64.b64encode(content.encode()).decode())

    def work(self):
        while not run_due(self.all.claims).idle:
            pass

    def send(self):
        """The newest claim goes out, which it does when its file has been waited for."""
        while self.get(f"/v1/claims/{self.claims[-1]}")["next_action"]["kind"] == "send":
            self.work()

    @property
    def today(self):
        return local_date(self.all.claims.clock.now(), PRACTICE_ZONE)

    def look(self):
        """Each claim has one next action that is not overdue, and all of its charge on its accounts; what has changed
        is written down. Answers what the biller is to do today, by the claim's place."""
        to_do = {}
        for place, claim_id in enumerate(self.claims):
            found = self.get(f"/v1/claims/{claim_id}")
            action, accounts = found["next_action"], dict(found["money"])
            assert accounts.pop("charge_cents") == sum(accounts.values()) == CHARGE
            if action["kind"] != "none":
                assert action["due_on"] >= self.today.isoformat(), (self.today, action)
                if action["due_on"] == self.today.isoformat() and action["owner"] == "biller":
                    to_do[place] = action["kind"]
            if self.last.get(place) != (action["kind"], action["rule"]):
                self.last[place] = action["kind"], action["rule"]
                self.seen.append((self.today.isoformat(), place, action["kind"], action["rule"]))
        return to_do

    def day(self, happens):
        """One day: something happens, the worker works, the biller does what is due. After the last that happens, days
        go by together."""
        if self.number in happens:
            happens[self.number](self)
        self.work()
        for place, kind in self.look().items():
            ACTS[kind](self, place)
            assert place not in self.look(), kind
        clock = f"{self.all.urls['clearinghouse']}/simulator/clock/advance"
        step = 1 if self.number <= max(happens) else QUIET_DAYS
        httpx.post(clock, json={"days": step}, trust_env=False).raise_for_status()
        self.number += step

    def claim_number(self, place=0):
        return self.get(f"/v1/claims/{self.claims[place]}")["claim_number"]

    def accounts(self):
        """What the accounts with each payer hold."""
        found = {}
        for one in self.get("/v1/provider-accounts")["items"]:
            cents = {
                name.removesuffix("_cents"): held for name, held in one.items() if name.endswith("_cents") and held
            }
            found[one["payer_name"]] = cents
        return found

    def money(self, place):
        found = self.get(f"/v1/claims/{self.claims[place]}")["money"]
        return {name.removesuffix("_cents"): cents for name, cents in found.items() if cents}


def open_appeal(life, place):
    life.appeal = life.act(place, "appeals")["id"]


def send_appeal(life, place):
    due = (life.today + timedelta(days=45)).isoformat()
    where = {"by": "portal", "recipient": "Cascade Mutual Health, Appeals"}
    life.act(place, f"appeals/{life.appeal}/send", **where, answer_due_on=due)


def record_outcome(life, place):
    was = {"outcome": "overturned", "decided_on": life.today.isoformat(), "reason": "The payer pays after all."}
    life.act(place, f"appeals/{life.appeal}/outcome", **was)


def bill_next(life, place):
    made = life.act(place, "bill-secondary")
    life.claims.append(made["id"])
    life.act(len(life.claims) - 1, "submit")
    life.send()


ACTS = {
    "appeal": open_appeal,
    "send_appeal": send_appeal,
    "record_appeal_outcome": record_outcome,
    "bill_secondary": bill_next,
    "bill_patient": lambda life, place: life.act(place, "bill-patient"),
}


def paid(number, paid_cents, share_cents):
    return claim_payment(
        number,
        service(number, 1, "97124", CHARGE, paid_cents, cas("CO", "45", 4_340), cas("PR", "2", share_cents)),
        payer_claim_number="CASC-1",
    )


def won(life):
    """The denial is taken back and the visit is paid."""
    number = life.claim_number()
    denial = claim_payment(number, service(number, 1, "97124", CHARGE, 0, cas("CO", "50", CHARGE)))
    life.upload(CASCADE, reversal_of(denial), paid(number, 10_928, 2_732), trace="WON1")


def corrected(life):
    """5.00 less than before; what is missing is carried forward (FB)."""
    number = life.claim_number()
    life.upload(CASCADE, reversal_of(paid(number, 10_928, 2_732)), paid(number, 10_428, 3_232), trace="CORR1")


def taken_back(life):
    """The 5.00 that were carried forward come due, 2.00 are taken back, and both are set off against interest."""
    life.upload(CASCADE, trace="BACK1", provider=(("FB", 500), ("WO", 200), ("L6", -700)))


def second_corrected(life):
    """The second payer finds that 10.00 of what it paid are the patient's copay."""
    number = life.claim_number(1)
    before = service(number, 1, "97124", CHARGE, 3_232, cas("OA", "23", 14_768))
    after = service(number, 1, "97124", CHARGE, 2_232, cas("OA", "23", 14_768), cas("PR", "3", 1_000))
    was, now = (claim_payment(number, one, status="2", payer_claim_number="RAIN-1") for one in (before, after))
    life.upload(RAINIER, reversal_of(was), now, trace="CORR2")


def pays(cents):
    def pay(life):
        life.act(1, "patient-payments", amount_cents=cents, received_on=life.today.isoformat(), method="card")

    return pay


HAPPENS = {100: won, 102: corrected, 103: taken_back, 150: second_corrected, 175: pays(400), 230: pays(600)}
"""What comes from outside, by day."""


def test_a_claim_lives_for_400_days_with_one_next_action_on_each_and_none_at_the_end(
    payers, tmp_path, database_template, free_url, run_app
):
    """Worked out by hand. 97124, 28 + 25 minutes, 4 units of 45.00: charged 180.00.

    Cascade denies all of it (CO-50) and pays after the appeal: 4 units of 34.15 are 136.60 allowed, 43.40 written off;
    20 percent, 27.32, are the patient's; paid 109.28. Two days later it takes that back and pays 104.28, so 32.32 are
    the patient's: 180.00 = 104.28 + 43.40 + 32.32. Rainier is billed the 32.32 and pays them, with 147.68 = 104.28 +
    43.40 answered for by Cascade; then it takes that back and pays 22.32, and leaves 10.00 to the patient, who pays
    4.00 and 6.00. So 180.00 = 104.28 Cascade + 22.32 Rainier + 43.40 written off + 10.00 patient.

    Cascade accepts on the 5th of May, and is asked when 14 and 30 days are over and again after 14 more (two 277).
    Cascade's account: one check of 109.28 = 104.28 for the claim + 7.00 interest - 2.00 taken back; the 5.00 that were
    carried forward have come. Rainier's: one check of 32.32 = 22.32 for the claim + 10.00 that it will still take.
    """

    def url(service):
        return database_template.format(data_dir=tmp_path, service=service)

    with whole(tmp_path, one_visit(), url, free_url, run_app) as everything:
        for begin in (everything.day.hand_over, everything.day.write_notes):
            begin(lambda *_: None)
        life = Life(everything, [*everything.day.bill(lambda *_: None).values()])
        life.send()
        while life.number <= DAYS:
            life.day(HAPPENS)
        assert life.seen == SEEN
        assert life.money(0) == {"charge": 18_000, "paid": 10_428, "written_off": 4_340, "other_payers": 3_232}
        assert life.money(1) == {"charge": 18_000, "paid": 2_232, "patient_paid": 1_000, "other_payers": 14_768}
        assert life.accounts() == {
            CASCADE[1]: {"payments": -10_428, "interest": -700, "take_backs": 200, "deposits": 10_928},
            RAINIER[1]: {"payments": -2_232, "forward_balance": -1_000, "deposits": 3_232},
        }
        kinds = [one["kind"] for one in everything.ehr.pages("claims", "/v1/messages")]
        assert sorted(kinds) == sorted([*["TA1", "999", "277CA", "277CA"] * 2, *["277"] * 2, *["835"] * 6])
