"""The table that was worked out by hand, and how a visit's end is held against it."""

import json
from pathlib import Path

EXPECTED = json.loads((Path(__file__).parent / "expected" / "visits.json").read_text())
VISITS = {visit["note_id"]: visit for visit in EXPECTED["visits"]}
MONEY = ("charge_cents", "paid_cents", "written_off_cents", "patient_balance_cents", "insurer_balance_cents")
LINE = ("procedure_code", "modifiers", "units", "charge_cents")


def found(end):
    """A visit's end in the words of the table."""
    claim = end.claim
    adjusted = {}
    for one in claim["adjustments"]:
        key = f"{one['group']}-{one['reason_code']}"
        adjusted[key] = adjusted.get(key, 0) + one["amount_cents"]
    return {
        "state": claim["state"],
        "state_by": claim["state_by"],
        "outcome": claim["outcome"],
        "blocking_rules": [f["code"] for f in claim["findings"] if f["severity"] == "block"],
        "lines": [{name: line[name] for name in LINE} for line in claim["lines"]],
        "adjustments_cents": adjusted,
        **{name: claim["money"][name] for name in MONEY},
        "next_action": claim["next_action"]["kind"],
    }


def by_hand(note_id):
    """The same members of the table."""
    visit = VISITS[note_id]
    lines = [{name: line[name] for name in LINE} for line in visit["lines"]]
    members = ("state", "state_by", "outcome", "blocking_rules", *MONEY, "next_action")
    return {**{name: visit[name] for name in members}, "lines": lines, "adjustments_cents": visit["adjustments_cents"]}
