"""A practice's past, read from the files that it sent and got: what became of each claim, and what was lost on the way.

Old 837P, 835, 277CA, 277, 999 and TA1 files become records (`read_past_file`), records become claims with a ledger
(`rebuild_claims`), and claims are looked at for what nobody has done yet (`findings`). Every decision is the one that
is made for a claim of today: the ledger, what an adjustment means, the rules, the windows, the next action.
"""
