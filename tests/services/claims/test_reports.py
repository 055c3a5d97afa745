"""The practice's numbers, each worked out by hand, and the same for a past day whenever they are asked for."""

import csv
from datetime import timedelta
from random import Random
from xml.etree import ElementTree

import pytest
from sqlalchemy import event

from services.claims.domain.hand_entries import WRITTEN_OFF_BY_CHOICE
from services.claims.domain.reports.catalog import REPORTS
from shared.contracts.claim_money import WriteOff
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    accepted,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    x12_replace,
)
from tests.services.claims.reported_practice import DAYS, RAINIER, ReportedPractice
from tests.services.claims.test_money_in_sequence import STEPS, Visit
from tests.services.claims.test_next_payers import FIRST_PLAN, SECOND_PLAN, hold
from tests.services.claims.test_remittances import listed, match

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CASCADE = "pay_cascade1"
AGING = "aging?by=payer&counted_from=service"
SINCE = "from_date=2026-01-01"
ASKED = [
    *(f"aging?by={by}&counted_from={start}" for by in ("payer_class", "payer") for start in ("service", "submission")),
    "aging?by=patient",
    *(f"days-in-receivables?by={by}&from_date=2026-01-01" for by in ("payer_class", "payer")),
    *(f"{name}?{SINCE}&by={by}" for name in ("clean-claims", "first-pass") for by in ("payer_class", "payer")),
    *(f"denials?{SINCE}&by={by}" for by in ("payer_class", "payer", "reason")),
    *(f"collections?{SINCE}&by={by}" for by in ("payer_class", "payer")),
    *(f"time-to-payment?{SINCE}&counted_from={start}" for start in ("service", "submission")),
    *(f"expected?{SINCE}&by={by}" for by in ("payer_class", "payer", "procedure")),
    f"allowed?{SINCE}",
]
EACH = [next(query for query in ASKED if query.startswith(f"{one.name}?")) for one in REPORTS]
"""One of each report."""
COLLECTIONS = f"collections?{SINCE}&by=payer_class"
MONEY = [AGING, COLLECTIONS, *(query for query in EACH if query.startswith(("first-pass", "denials", "expected")))]


def asked(api, query, **claims):
    answer = api.get(f"/v1/reports/{query}", **claims)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(report, *names):
    """Figures by group, and of the whole under (): all of them, or those named."""
    found = {tuple(row["group"].values()): row["values"] for row in report["rows"]} | {(): report["total"]}
    return {key: tuple(values[name] for name in names or values) for key, values in found.items()}


@pytest.fixture
def practice(scenario):
    lived = ReportedPractice(scenario)
    for day in DAYS:
        lived.live(day)
    return lived


def test_every_number_of_the_small_practice_is_the_one_worked_out_by_hand(scenario):
    """The practice of `reported_practice`, asked on each of its days and on 20 April.

    *Owed*. 2 March: 7 and 4 claims of 182.00. 6 March: Cascade's c1 25.00, c2 25.00, c3 182.00, c4 47.00 + 25.00 (64 to
    61 days from the service, 304.00), c5 to c7 182.00 each (60 to 58 days, 546.00): 850.00, of which the patient's are
    75.00. 10 March: 50.00 less, and Rainier's r1 is at zero. 20 April: c3 25.00, c4 72.00, c5 and c6 182.00, c7 25.00:
    411.00 the insurer's and 75.00 the patient's; r2 to r4 546.00; 98 to 109 days from the service, 49 from submission.

    *Days*: 1,032.00 owed, 11 claims of 182.00 = 2,002.00 in 110 days: 56.7. *Clean*: of c1 to c7, c7 was rejected;
    r4 has no answer. *First pass*: of c1 to c4 and c7 the first two; c3 and c4 were denied, c7 was sent twice; of r1
    and r2 the first.

    *Denied*: c3 182.00 (CO-197), c4 47.00 (CO-50) of c1 to c4 and c7; r2 182.00 of r1 and r2.

    *Collected*: c1 94.45 + 25.00, c2 114.45, c3 114.45, c4 95.00, c7 114.45 = 557.80 of 7 x 182.00 = 1,274.00; by
    contract 62.55 + 3 x 42.55 + 15.00 = 205.20, so 52.19 % of 1,068.80. Hardship is no contract.

    *Time*: from 2 March c1, c2, c4 took 4 days, c3 and c7 49, r1 8. From the service (1, 2, 4, 3, 7 January) 64, 63,
    61, 107, 103, and r1 (9 January) 60.

    *Expected* of Cascade: 5 x 120.00 and 5 x 37.00. Allowed 97124: 82.45, 3 x 102.45, 120.00 = 509.80; 97110: 37.00 but
    for c4's. *Allowed a unit*: 509.80 / 15 = 33.99, from 27.48 to 40.00; of 97110 4 x 37.00, as c4's is denied."""
    practice, aging_then = ReportedPractice(scenario), {}
    said = {}
    for day in DAYS:
        practice.live(day)
        said[day] = {query: asked(scenario.api, query) for query in (AGING, *EACH)}
        assert {one["as_of"] for one in said[day].values()} == {day.isoformat()}
        aging_then[day] = rows(said[day][AGING], "receivable_cents")
    last = {query: rows(asked(scenario.api, query)) for query in ASKED}
    assert aging_then == {
        DAYS[0]: {(CASCADE,): (127_400,), (RAINIER,): (72_800,), (): (200_200,)},
        DAYS[1]: {(CASCADE,): (85_000,), (RAINIER,): (72_800,), (): (157_800,)},
        DAYS[2]: {(CASCADE,): (80_000,), (RAINIER,): (54_600,), (): (134_600,)},
        DAYS[3]: {(CASCADE,): (80_000,), (RAINIER,): (54_600,), (): (134_600,)},
        DAYS[4]: {(CASCADE,): (48_600,), (RAINIER,): (54_600,), (): (103_200,)},
    }
    for by, group in (("payer_class", "commercial"), ("patient", "pat_canary01")):
        start = "" if by == "patient" else "&counted_from=service"
        assert last[f"aging?by={by}{start}"][group,] == (8, 0, 0, 0, 103_200, 0, 95_700, 7_500, 0, 103_200)
    assert last["aging?by=payer&counted_from=submission"] == {
        (RAINIER,): (3, 0, 54_600, 0, 0, 0, 54_600, 0, 0, 54_600),
        (CASCADE,): (5, 0, 48_600, 0, 0, 0, 41_100, 7_500, 0, 48_600),
        (): (8, 0, 103_200, 0, 0, 0, 95_700, 7_500, 0, 103_200),
    }
    assert last["days-in-receivables?by=payer&from_date=2026-01-01"] == {
        (RAINIER,): (54_600, 72_800, 110, 825),
        (CASCADE,): (48_600, 127_400, 110, 420),
        (): (103_200, 200_200, 110, 567),
    }
    assert last[f"clean-claims?{SINCE}&by=payer"] == {
        (CASCADE,): (7, 6, 1, 8_571),
        (RAINIER,): (3, 3, 0, 10_000),
        (): (10, 9, 1, 9_000),
    }
    assert last[f"first-pass?{SINCE}&by=payer"] == {
        (CASCADE,): (5, 2, 4_000),
        (RAINIER,): (2, 1, 5_000),
        (): (7, 3, 4_286),
    }
    assert last[f"denials?{SINCE}&by=payer"] == {
        (CASCADE,): (5, 2, 22_900, 4_000),
        (RAINIER,): (2, 1, 18_200, 5_000),
        (): (7, 3, 41_100, 4_286),
    }
    assert last[f"denials?{SINCE}&by=reason"] == {
        (CASCADE, "CO-197"): (5, 1, 18_200, 2_000),
        (RAINIER, "CO-197"): (2, 1, 18_200, 5_000),
        (CASCADE, "CO-50"): (5, 1, 4_700, 2_000),
        (): (7, 3, 41_100, 4_286),
    }
    assert last[f"collections?{SINCE}&by=payer"] == {
        (CASCADE,): (7, 127_400, 20_520, 106_880, 55_780, 4_378, 5_219),
        (RAINIER,): (4, 72_800, 3_200, 69_600, 15_000, 2_060, 2_155),
        (): (11, 200_200, 23_720, 176_480, 70_780, 3_535, 4_011),
    }
    assert last[f"time-to-payment?{SINCE}&counted_from=submission"] == {
        (CASCADE,): (5, 4, 49, 49),
        (RAINIER,): (1, 8, 8, 8),
        (): (6, 4, 49, 49),
    }
    assert last[f"time-to-payment?{SINCE}&counted_from=service"] == {
        (CASCADE,): (5, 64, 107, 107),
        (RAINIER,): (1, 60, 60, 60),
        (): (6, 63, 107, 107),
    }
    nothing = (2, 2, 0, 0, 0, 0, 0, 0, None)
    assert last[f"expected?{SINCE}&by=procedure"] == {
        (CASCADE, "97124"): (5, 0, 60_000, 50_980, 38_480, -9_020, 4, 9_020, 8_497),
        (CASCADE, "97110"): (5, 0, 18_500, 14_800, 14_800, -3_700, 1, 3_700, 8_000),
        (RAINIER, "97110"): nothing,
        (RAINIER, "97124"): nothing,
        (): (14, 4, 78_500, 65_780, 53_280, -12_720, 5, 12_720, 8_380),
    }
    assert last[f"allowed?{SINCE}"] == {
        ("97110", CASCADE, "2026-01"): (4, 4, 14_800, 3_700, 3_700, 3_700),
        ("97110", RAINIER, "2026-01"): (1, 1, 4_000, 4_000, 4_000, 4_000),
        ("97124", CASCADE, "2026-01"): (5, 15, 50_980, 3_399, 2_748, 4_000),
        ("97124", RAINIER, "2026-01"): (1, 3, 11_000, 3_667, 3_667, 3_667),
        (): (11, 23, 80_780, 3_512, 2_748, 4_000),
    }
    on_6_march = rows(said[DAYS[1]][AGING])
    assert on_6_march[CASCADE,] == (7, 0, 54_600, 30_400, 0, 0, 77_500, 7_500, 0, 85_000)
    for day, then in said.items():
        for query, one in then.items():
            assert asked(scenario.api, f"{query}&as_of={day}") == one, (day, query)


@ON_SQLITE
def test_a_past_day_says_for_ever_what_it_said_then_whatever_happens_to_a_visit(scenario, neighbours):
    """One act a day, whatever it is; at its end the receivable is what the claims' own balances add up to."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    said, visits = {}, []
    for seed, note_id in enumerate(neighbours.hold(2)):
        chance = Random(seed + 7)
        visits.append(Visit(scenario, note_id, chance))
        for step in (Visit.submit, Visit.answered, Visit.billed_next, *chance.choices(STEPS, k=6)):
            scenario.clock.advance(timedelta(days=1))
            step(visits[-1])
            answers = {query: asked(scenario.api, query) for query in MONEY}
            said[answers[AGING]["as_of"]] = answers
            aging, collections = (rows(answers[query])[()] for query in (AGING, COLLECTIONS))
            told = (*aging[-2:], collections[1], collections[4])
            assert told == _by_claims(scenario.api), (seed, step.__name__)
    for day, then in said.items():
        for query, one in then.items():
            assert asked(scenario.api, f"{query}&as_of={day}") == one, (day, query)


def _by_claims(api):
    """(credit, receivable, charges, collected) by the claims' own balances, of those that were ever submitted."""
    credit = receivable = charges = collected = 0
    for claim in api.get("/v1/claims?limit=200").json()["items"]:
        timeline = api.get(f"/v1/claims/{claim['id']}/timeline?limit=200").json()["items"]
        if any(one["kind"] == "claim_submitted" for one in timeline):
            money = claim["money"]
            owed = (money["insurer_balance_cents"], money["patient_balance_cents"])
            credit += sum(min(0, cents) for cents in owed)
            receivable += sum(owed)
            charges += money["charge_cents"] - money["other_payers_cents"]
            collected += money["paid_cents"] + money["patient_paid_cents"]
    return credit, receivable, charges, collected


@ON_SQLITE
def test_a_claim_counts_on_each_day_for_the_payer_that_it_had_then(scenario, neighbours):
    """Rejected by the payer of a wrong record; on the next day it is put right, and Medicare Advantage has it."""
    scenario.send()
    scenario.receive(rejected(scenario.number()))
    first = scenario.clock.now().date()
    scenario.clock.advance(timedelta(days=1))
    right = a_payer(id=RAINIER, name="Rainier Choice", payer_identifier="RAINC", profile="medicare_advantage")
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=right, coverage=a_coverage(payer_id=RAINIER))
    refreshed = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {"actor": BILLER})
    assert (refreshed.status_code, refreshed.json()["payer_id"]) == (200, RAINIER)
    for by, before, after in (("payer", CASCADE, RAINIER), ("payer_class", "commercial", "medicare_advantage")):
        assert rows(asked(scenario.api, f"aging?by={by}&as_of={first}"), "receivable_cents") == {
            (before,): (18_200,),
            (): (18_200,),
        }
        assert rows(asked(scenario.api, f"aging?by={by}"), "receivable_cents") == {(after,): (18_200,), (): (18_200,)}


@ON_SQLITE
def test_a_day_ends_at_the_practices_midnight(scenario):
    """Paid at 23:59:59 in Seattle on 8 March (the night the clocks went forward) and at 00:00:00 of the next day."""
    scenario.send(2)
    for place, seconds in ((0, 0), (1, 1)):
        moment = scenario.clock.now().replace(day=9, hour=6, minute=59, second=59) + timedelta(seconds=seconds)
        scenario.clock.advance(moment - scenario.clock.now())
        scenario.receive(remittance(paid_in_part(scenario.number(place)), trace=f"EFT{place}"), "835")

    def told(day):
        owed = asked(scenario.api, f"aging?as_of={day}")["total"]["receivable_cents"]
        return owed, asked(scenario.api, f"time-to-payment?as_of={day}")["total"]["paid_claims"]

    assert told("2026-03-07") == (2 * 18_200, 0)
    assert told("2026-03-08") == (18_200 + 2_500, 1)
    assert told("2026-03-09") == (2 * 2_500, 2)


@ON_SQLITE
def test_a_reversal_decides_nothing_and_takes_no_denial_back(scenario):
    """The first claim is denied, and that is taken back on the next day; of the second the reversal comes a day before
    the denial that it takes back."""
    scenario.send(2)
    first, second = (denied(scenario.number(place)) for place in (0, 1))
    scenario.receive(remittance(first, trace="EFT1"), "835")
    scenario.clock.advance(timedelta(days=1))
    scenario.receive(remittance(reversal_of(first), reversal_of(second), trace="EFT2"), "835")
    told = [rows(asked(scenario.api, f"denials?from_date=2026-03-{day}"))[()] for day in ("02", "03")]
    assert told == [(1, 1, 18_200, 10_000), (0, 0, 0, None)]
    scenario.clock.advance(timedelta(days=1))
    scenario.receive(remittance(second, trace="EFT3"), "835")
    assert rows(asked(scenario.api, "denials"))[()] == (2, 2, 36_400, 10_000)
    assert rows(asked(scenario.api, "first-pass"))[()] == (2, 0, 0)
    assert rows(asked(scenario.api, "first-pass?from_date=2026-03-03&to_date=2026-03-03"))[()] == (0, 0, None)


@ON_SQLITE
def test_a_rate_of_first_submissions_looks_at_nothing_that_was_sent_later(scenario):
    """The first claim is accepted, replaced before it is decided, and its replacement is rejected, sent again and paid:
    clean, but no first pass. The second is rejected, and its payer pays it as it is: neither."""
    scenario.send(2)
    claim_id = scenario.claims[0]["id"]
    scenario.receive(accepted(scenario.number(), payer_claim_number="PAYER0001"))
    scenario.receive(rejected(scenario.number(1)))
    again = {"reason": "The modifier was missing.", "send_as": "replacement", "actor": BILLER}
    assert scenario.api.post(f"/v1/claims/{claim_id}/correct", again).status_code == 200
    assert scenario.api.submit(claim_id).status_code == 202
    scenario.run()
    scenario.receive(rejected(scenario.number()))
    assert rows(asked(scenario.api, "clean-claims"))[()] == (2, 1, 1, 5_000)
    assert scenario.api.post(f"/v1/claims/{claim_id}/refresh", {"actor": BILLER}).status_code == 200
    assert scenario.api.submit(claim_id).status_code == 202
    scenario.run()
    payments = [paid_in_part(scenario.number(place)) for place in (0, 1)]
    assert scenario.receive(remittance(*payments), "835")["state"] == "applied"
    assert rows(asked(scenario.api, "clean-claims"))[()] == (2, 1, 1, 5_000)
    assert rows(asked(scenario.api, "first-pass"))[()] == (2, 0, 0)


@ON_SQLITE
def test_what_a_person_matched_is_decided_and_what_a_payer_forwarded_is_billed(scenario, neighbours):
    """A payment under a number of nobody is matched to the claim by hand: 114.45 paid, 42.55 by contract. It says that
    the claim was forwarded (19), so the 25.00 left are owed by the second payer, which has the claim from that day."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    payment = x12_replace(paid_in_part(scenario.number()), status="19", claim_number="NOTOURS1")
    scenario.receive(remittance(payment), "835")
    assert rows(asked(scenario.api, "first-pass"))[()] == (0, 0, None)
    [waiting] = listed(scenario)
    assert match(scenario, waiting["id"]).status_code == 200
    assert rows(asked(scenario.api, "first-pass"))[()] == (1, 1, 10_000)
    assert rows(asked(scenario.api, "aging?by=payer"), "insurer_cents", "receivable_cents") == {
        ("pay_second01",): (2_500, 2_500),
        (): (2_500, 2_500),
    }
    assert rows(asked(scenario.api, f"collections?{SINCE}"))[()] == (2, 18_200, 4_255, 13_945, 11_445, 6_288, 8_207)


@ON_SQLITE
def test_csv_has_every_figure_of_json(practice):
    api = practice.scenario.api
    for query in ASKED:
        report = asked(api, query)
        answer = api.get(f"/v1/reports/{query}&format=csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        head, *lines = csv.reader(answer.text.splitlines())
        members, names = list(report["rows"][0]["group"]), [one["name"] for one in report["columns"]]
        assert head == ["row", *members, *names]
        told = [["group", *row["group"].values(), *map(_written, row["values"].values())] for row in report["rows"]]
        assert lines == [*told, ["total", *("" for _ in members), *map(_written, report["total"].values())]]


def _written(value):
    return "" if value is None else str(value)


@ON_SQLITE
def test_a_drawing_has_a_title_a_description_and_every_drawn_figure_in_words(practice):
    api = practice.scenario.api
    for query in ASKED:
        answer = api.get(f"/v1/reports/{query}&format=svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        drawing = ElementTree.fromstring(answer.text)
        named = {one.get("id"): one.text for one in drawing if one.get("id")}
        assert (drawing.get("role"), drawing.get("aria-labelledby")) == ("img", "title desc")
        report = asked(api, query)
        assert named["title"].startswith(f"{report['title']}, ")
        for row in report["rows"]:
            assert f"{' '.join(row['group'].values())}: " in named["desc"]
    aging = api.get(f"/v1/reports/{AGING}&format=svg").text
    assert "pay_rainier1: days 0 to 30 $0.00, days 31 to 60 $0.00, days 61 to 90 $0.00, days 91 to 120 $546.00" in aging
    assert _rects(aging) == [(194, "#d1603d", 546), (194, "#d1603d", 486)]
    days = api.get("/v1/reports/days-in-receivables?format=svg").text
    assert ">46.4 days</text>" in days
    assert ">2026-01-21 to 2026-04-20, as of 2026-04-20</text>" in days
    trend = api.get(f"/v1/reports/allowed?{SINCE}&format=svg").text
    assert ">97124 pay_cascade1: $33.99</text>" in trend


def _rects(drawing):
    """The bars that have a length: where each begins, its colour, and its length in dollars."""
    bars = [
        one.attrib for one in ElementTree.fromstring(drawing) if one.get("height") == "16" and one.get("width") != "0"
    ]
    longest = max(int(one["width"]) for one in bars)
    return [(int(one["x"]), one["fill"], round(546 * int(one["width"]) / longest)) for one in bars]


@ON_SQLITE
def test_nothing_to_show_is_said_and_drawn(office):
    for report in office.get("/v1/reports").json()["items"]:
        drawn = office.get(f"{report['path']}?format=svg").text
        assert "There is nothing to show." in drawn
        lines = office.get(f"{report['path']}?format=csv").text.splitlines()
        assert [line.partition(",")[0] for line in lines] == ["row", "total"]


@ON_SQLITE
def test_groups_that_are_left_out_are_counted_and_are_in_the_total(practice):
    report = asked(practice.scenario.api, f"denials?{SINCE}&by=reason&groups=2")
    assert (len(report["rows"]), report["groups_left_out"]) == (2, 1)
    assert report["total"]["denied_cents"] == 41_100
    drawn = practice.scenario.api.get(f"/v1/reports/denials?{SINCE}&by=reason&groups=2&format=svg").text
    assert "1 more groups are not drawn." in drawn


@ON_SQLITE
def test_however_many_claims_there_are_a_report_is_four_statements_and_opens_no_document(practice):
    asked_of_database = []

    def notice(_connection, _cursor, statement, *_more):
        if any(f"FROM {table}" in statement for table in ("claims", "ledger", "timeline")):
            asked_of_database.append(" ".join(statement.split()))

    engine = practice.scenario.api.client.app.state.database.engine
    event.listen(engine, "before_cursor_execute", notice)
    try:
        for query in EACH:
            asked_of_database.clear()
            asked(practice.scenario.api, query)
            assert len(asked_of_database) == 4, query
            assert not [one for one in asked_of_database if "claims.document" in one or "claims.past_visit" in one]
    finally:
        event.remove(engine, "before_cursor_execute", notice)


@ON_SQLITE
def test_another_organization_sees_nothing_of_it(practice):
    other = {"organization_id": OTHER_ORGANIZATION}
    for query in ASKED:
        report = asked(practice.scenario.api, query, **other)
        assert (report["rows"], set(report["total"].values()) <= {0, None, 90, 110}) == ([], True), query


REFUSED = [
    ("aging?as_of=2026-03-03", "/query/as_of", "as_of_in_future"),
    ("denials?as_of=2026-03-01&to_date=2026-03-02", "/query/to_date", "period_after_as_of"),
    ("denials?from_date=2026-03-02&to_date=2026-03-01", "/query/from_date", "period_reversed"),
    ("denials?from_date=2021-03-01", "/query/from_date", "period_too_long"),
    ("aging?from_date=2026-01-01", "/query/from_date", "query_unknown"),
    ("allowed?by=payer", "/query/by", "query_unknown"),
    ("aging?groups=1001", "/query/groups", "less_than_equal"),
    ("aging?format=pdf", "/query/format", "literal_error"),
]


@ON_SQLITE
def test_days_that_do_not_go_together_and_unknown_parameters_are_refused(office):
    answers = [office.get(f"/v1/reports/{query}") for query, *_ in REFUSED]
    assert {one.status_code for one in answers} == {422}
    faults = [[(fault["pointer"], fault["code"]) for fault in one.json()["errors"]] for one in answers]
    assert faults == [[(pointer, code)] for _, pointer, code in REFUSED]
    assert office.get("/v1/reports/denials?from_date=2021-03-02").status_code == 200


@ON_SQLITE
def test_the_list_of_reports_has_each_with_the_path_that_answers_it(office):
    listed = office.get("/v1/reports").json()["items"]
    assert [one["report"] for one in listed] == [one.name for one in REPORTS]
    for one in listed:
        for by in one["by"]:
            narrowed = "" if one["report"] == "allowed" else f"?by={by}"
            report = office.get(f"{one['path']}{narrowed}").json()
            assert (report["definition"], report["columns"], report["by"]) == (one["definition"], one["columns"], by)
            assert list(report["total"]) == [column["name"] for column in one["columns"]]


def test_every_quotient_names_figures_of_its_report():
    for report in REPORTS:
        names = {one.name for one in report.columns}
        quotients = [one for one in report.columns if one.numerator]
        assert {part for one in quotients for part in (one.numerator, one.denominator)} <= names
        assert {report.rank, *report.drawn} <= names


def test_every_kind_of_write_off_is_by_contract_or_by_choice():
    kinds = set(WriteOff.model_json_schema()["properties"]["kind"]["enum"])
    assert kinds - WRITTEN_OFF_BY_CHOICE == {"contractual"}
