"""The table that was worked out by hand, and how a visit's end is held against it."""

import json
from pathlib import Path

EXPECTED = json.loads((Path(__file__).parent / "expected" / "visits.json").read_text())
VISITS = {visit["note_id"]: visit for visit in EXPECTED["visits"]}
MONEY = ("charge_cents", "paid_cents", "written_off_cents", "patient_balance_cents", "insurer_balance_cents")
LINE = ("procedure_code", "modifiers", "units", "charge_cents")


def found(end):
    """A visit's end in the words of the table."""
    claim, adjusted = end.claim, {}
    for place, of_payer in enumerate(end.claims, 1):
        for one in of_payer["adjustments"]:
            # What the next payer was told of the one before, and what went on to it, is on neither in the end.
            told, passed_on = one["reason_code"] == "23", one["group"] == "PR" and place < len(end.claims)
            if not told and not passed_on:
                key = f"{one['group']}-{one['reason_code']}"
                adjusted[key] = adjusted.get(key, 0) + one["amount_cents"]
    adjusted = {key: cents for key, cents in adjusted.items() if cents}
    return {
        "state": claim["state"],
        "state_by": claim["state_by"],
        "outcome": claim["outcome"],
        "blocking_rules": [f["code"] for f in claim["findings"] if f["severity"] == "block"],
        "lines": [{name: line[name] for name in LINE} for line in end.claims[0]["lines"]],
        "adjustments_cents": adjusted,
        **{name: end.money[name] for name in MONEY},
        "next_action": claim["next_action"]["kind"],
    }


def by_hand(note_id):
    """The same members of the table."""
    visit = VISITS[note_id]
    lines = [{name: line[name] for name in LINE} for line in visit["lines"]]
    members = ("state", "state_by", "outcome", "blocking_rules", *MONEY, "next_action")
    return {**{name: visit[name] for name in members}, "lines": lines, "adjustments_cents": visit["adjustments_cents"]}
