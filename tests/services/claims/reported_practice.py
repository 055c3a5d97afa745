"""A small practice whose numbers are worked out by hand: eight claims to Cascade, four to Rainier, over seven weeks.

Every claim charges 182.00: line 1 has three units of 97124 at 45.00, line 2 one unit of 97110 at 47.00. The dates of
service are 1 to 12 January 2026; claims are called by their place, c1 to c8 (Cascade) and r1 to r4 (Rainier). Cascade's
fees are 40.00 a unit of 97124 and 37.00 of 97110, so it should allow 120.00 and 37.00; Rainier's are not known.

- 2 March: all are made, all but c8 are submitted. Taken: c1 to c6, r1 to r3. Rejected: c7. No answer: r4.
- 6 March: c1 and c2: 114.45 paid (77.45 and 37.00), 42.55 by contract, 25.00 copay. c3: denied, CO-197. c4: line 1 has
  95.00 paid, 15.00 by contract, 25.00 copay; line 2 is denied, CO-50.
- 10 March: r1: 150.00 paid (110.00 and 40.00), 32.00 by contract. r2: denied, CO-197. The patient pays the 25.00 of c1;
  those of c2 are given up (hardship).
- 16 March: c3 is corrected and sent again as 7. c7 is refreshed and sent again.
- 20 April: c1 is taken back and paid anew: 94.45 (57.45 and 37.00), 62.55 by contract, 25.00 copay. The denial of c3 is
  taken back, and it is paid like c2. c7 is paid like c2.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.services.claims.factories import BILLER, COVERAGE, PAYER, a_coverage, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    claim_status,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    service,
    status_277ca,
)

RAINIER, OTHER_COVERAGE = "pay_rainier1", "cov_rainier1"
CASCADES_FEES = [{"procedure_code": "97124", "unit_cents": 4_000}, {"procedure_code": "97110", "unit_cents": 3_700}]
NAMES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "r1", "r2", "r3", "r4")
DAYS = (date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 10), date(2026, 3, 16), date(2026, 4, 20))
WHY = {"reason": "The patient has lost her work.", "actor": BILLER}


@dataclass
class ReportedPractice:
    """The practice above; each day is lived once, in order."""

    scenario: object
    ids: dict[str, str] = field(default_factory=dict)

    def live(self, day):
        clock = self.scenario.clock
        clock.advance(datetime(day.year, day.month, day.day, 20, tzinfo=UTC) - clock.now())
        (self.first, self.second, self.third, self.fourth, self.fifth)[DAYS.index(day)]()

    def number(self, name):
        return self.scenario.api.claim(self.ids[name])["claim_number"]

    def act(self, name, verb, **body):
        answer = self.scenario.api.post(f"/v1/claims/{self.ids[name]}/{verb}", {"actor": BILLER, **body})
        assert answer.status_code in (200, 201, 202), answer.text

    def pay(self, trace, *payments):
        got = self.scenario.receive(remittance(*payments, trace=trace, paid_on=self.scenario.clock.now().date()), "835")
        assert got["state"] == "applied", got

    def first(self):
        scenario, neighbours = self.scenario, self.scenario.neighbours
        assert (
            scenario.api.put(
                f"/v1/payer-fees/{PAYER}", {"effective_from": "2026-01-01", "fees": CASCADES_FEES}
            ).status_code
            == 201
        )
        neighbours.files[OTHER_COVERAGE] = a_coverage_bundle(
            OTHER_COVERAGE,
            coverage=a_coverage(OTHER_COVERAGE, payer_id=RAINIER),
            payer=a_payer(id=RAINIER, name="Rainier Choice", payer_identifier="RAINC"),
        )
        for name, note_id in zip(NAMES, neighbours.hold(len(NAMES)), strict=True):
            made = scenario.api.create(note_id, OTHER_COVERAGE if name.startswith("r") else COVERAGE)
            assert made.json()["state"] == "ready", made.text
            self.ids[name] = made.json()["id"]
            if name != "c8":
                assert scenario.api.submit(self.ids[name]).status_code == 202
        scenario.run()
        taken = [claim_status(self.number(name)) for name in NAMES if name not in ("c7", "c8", "r4")]
        for content in (status_277ca(*taken), rejected(self.number("c7"))):
            assert scenario.receive(content)["state"] == "applied"

    def second(self):
        number = self.number("c4")
        mixed = claim_payment(
            number,
            service(number, 1, "97124", 13_500, 9_500, cas("CO", "45", 1_500), cas("PR", "3", 2_500)),
            service(number, 2, "97110", 4_700, 0, cas("CO", "50", 4_700)),
        )
        self.paid = {name: paid_in_part(self.number(name)) for name in ("c1", "c2")}
        self.refused = denied(self.number("c3"))
        self.pay("EFT0001", self.paid["c1"], self.paid["c2"], self.refused, mixed)

    def third(self):
        number = self.number("r1")
        whole = claim_payment(
            number,
            service(number, 1, "97124", 13_500, 11_000, cas("CO", "45", 2_500)),
            service(number, 2, "97110", 4_700, 4_000, cas("CO", "45", 700)),
        )
        self.pay("EFT0002", whole, denied(self.number("r2")))
        self.act("c1", "patient-payments", amount_cents=2_500, received_on="2026-03-10", method="card")
        self.act("c2", "write-offs", amount_cents=2_500, account="patient", kind="hardship", **WHY)

    def fourth(self):
        self.act("c3", "correct", reason="The authorization's number was missing.")
        self.act("c7", "refresh")
        for name in ("c3", "c7"):
            self.act(name, "submit")
        self.scenario.run()

    def fifth(self):
        number = self.number("c1")
        less = claim_payment(
            number,
            service(number, 1, "97124", 13_500, 5_745, cas("CO", "45", 5_255), cas("PR", "3", 2_500)),
            service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000)),
        )
        again = [paid_in_part(self.number(name)) for name in ("c3", "c7")]
        self.pay("EFT0003", reversal_of(self.paid["c1"]), less, reversal_of(self.refused), *again)
