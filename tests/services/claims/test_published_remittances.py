"""Published 835 examples and our own, uploaded: each is read whole, adds up to what it says it pays, and waits with a
stated reason until a person matches its payments; then every cent of it is posted.

The published ones lie beside the repository and may be missing; our own are always there.
"""

import csv

import pytest

from shared import x12
from tests.services.claims.factories import BILLER
from tests.services.claims.test_remittances import detail, listed, match
from tests.services.claims.test_remittances_from_elsewhere import upload
from tests.shared.x12.fuzz import seeds

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
INDEX = seeds.CORPUS / "INDEX.tsv"
FORECAST = "25"


def published():
    """(name, grade, content) of the published 835 files."""
    rows = csv.DictReader(INDEX.read_text().splitlines() if INDEX.exists() else (), delimiter="\t")
    of_835 = [row for row in rows if row["file"].startswith("835/")]
    return [(row["file"], row["grade"], (seeds.CORPUS / row["file"]).read_bytes()) for row in of_835]


def ours(scenario):
    """The same of our own."""
    own = [(name, content) for name, content in seeds.own().items() if "835" in name]
    return [(name, "fail" if errors_in(scenario, content) else "pass", content) for name, content in own]


def errors_in(scenario, content):
    """The codes of what the strict reader finds wrong."""
    findings = x12.read_all(content, strict=True, codes=scenario.deps.rule_set.codes).findings
    return {one.code for one in findings if one.severity is x12.Severity.ERROR}


def transactions(content):
    return [one for one in x12.read_all(content).transactions if isinstance(one.header, x12.Remittance)]


def payments_of(transaction):
    return [one for one in transaction.records if isinstance(one, x12.ClaimPayment)]


def taken_beside(transaction):
    """The sum of the provider adjustments (PLB)."""
    beside = [one for one in transaction.records if isinstance(one, x12.ProviderAdjustment)]
    return sum(item.amount_cents for one in beside for item in one.items)


def money_of(scenario):
    """What all claims were paid, and what the accounts with all payers hold."""
    accounts = scenario.api.get("/v1/provider-accounts").json()["items"]
    sums = {name: sum(one[f"{name}_cents"] for one in accounts) for name in ("payments", "remittance", "deposits")}
    return scenario.money()[0], sums


def read_whole(scenario, name, transaction, found):
    """The remittance has what its file says: payments, lines and adjustments, and the three proofs hold."""
    paid, beside = payments_of(transaction), taken_beside(transaction)
    whole = detail(scenario, found["id"])
    total = transaction.header.payment_cents
    assert whole["proof"] == {
        "amount_cents": total,
        "payments_cents": sum(one.paid_cents for one in paid),
        "provider_adjustments_cents": beside,
        "difference_cents": 0,
    }, name
    assert total == sum(one.paid_cents for one in paid) - beside, name
    shown = [(one["claim_number"], one["charge_cents"], one["paid_cents"], len(one["lines"])) for one in whole["items"]]
    assert shown == [(one.claim_number, one.charge_cents, one.paid_cents, len(one.services)) for one in paid], name
    gaps = [(one["difference_cents"], [line["difference_cents"] for line in one["lines"]]) for one in whole["items"]]
    assert gaps == [(0, [0] * len(one.services)) for one in paid], name
    return whole["items"]


def release_if_it_waits(scenario, name, content):
    """What the strict reader finds wrong with a file is why its message waits; a person lets it go."""
    if found := errors_in(scenario, content):
        [message] = [one for one in scenario.messages() if one["state"] != "applied"]
        assert (message["state"], {one["code"] for one in message["reasons"]}) == ("quarantined", found), name
        why = {"reason": "The example's providers are made up.", "actor": BILLER}
        assert scenario.api.post(f"/v1/messages/{message['id']}/release", why).status_code == 200
        scenario.run()


def test_a_whole_835_of_anywhere_waits_with_its_reason_and_is_posted_to_the_cent_once_it_is_matched(scenario):
    files = [(name, content) for name, grade, content in (*published(), *ours(scenario)) if grade in ("gold", "pass")]
    assert len(files) >= 3
    scenario.send()
    seen, paid, deposited = set(), 0, 0
    for name, content in files:
        assert upload(scenario, content).status_code == 202, name
        scenario.run()
        release_if_it_waits(scenario, name, content)
        new = [one for one in listed(scenario, "limit=200") if one["id"] not in seen]
        seen |= {one["id"] for one in new}
        by_trace = {(one["trace"], one["amount_cents"]): one for one in new}
        for transaction in transactions(content):
            header = transaction.header
            found = by_trace.get((header.trace.value, header.payment_cents))
            if found is None:
                # Another published file has the very same remittance.
                continue
            payments = [one for one in read_whole(scenario, name, transaction, found) if one["status"] != FORECAST]
            if all(one["result"]["state"] == "posted" for one in payments):
                # Another of our own files has them under the same trace.
                continue
            for one in payments:
                assert (one["result"]["state"], one["result"]["code"]) == ("waiting", "claim_unknown"), name
                lines = [{"service": line["number"], "line": 1} for line in one["lines"]]
                matched = match(scenario, found["id"], one["number"], lines=lines)
                assert matched.status_code == 200, (name, matched.text)
                paid += one["paid_cents"]
            deposited += header.payment_cents
            assert detail(scenario, found["id"])["state"] == "posted", name
            assert money_of(scenario) == (paid, {"payments": -paid, "remittance": 0, "deposits": deposited}), name
    assert [one["state"] for one in scenario.messages() if one["state"] != "applied"] == []


def test_an_835_with_errors_moves_nothing_and_says_what_is_wrong_with_it(scenario):
    files = [
        (name, content) for name, grade, content in (*published(), *ours(scenario)) if grade not in ("gold", "pass")
    ]
    assert len(files) >= 4
    scenario.send()
    before = scenario.claim()
    known = set()
    for name, content in files:
        answer = upload(scenario, content)
        assert answer.status_code in (202, 422), name
        if answer.status_code == 422:
            assert answer.json()["errors"][0]["pointer"] == "/body/file", name
            continue
        scenario.run()
        new = [one for one in scenario.messages() if one["id"] not in known]
        known |= {one["id"] for one in new}
        for message in new:
            assert (message["state"], bool(message["reasons"])) == ("quarantined", True), name
        for one in listed(scenario, "limit=200"):
            results = {payment["result"]["state"] for payment in detail(scenario, one["id"])["items"]}
            assert results <= {"waiting", "without_money"}, name
    assert (scenario.claim(), money_of(scenario)[0]) == (before, 0)
