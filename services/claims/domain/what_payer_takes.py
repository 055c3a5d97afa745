"""What is done about a denial, by what its payer takes: some change a decision by reopening alone, and late filing is
appealed with proof or written off.

Sources: Medicare Claims Processing Manual ch. 34 (reopenings); 277CA guide 005010X214 (A2 is an acceptance, A1 is not).
"""

from datetime import date

CORRECTIONS = frozenset({"correct_claim", "fix_and_resubmit"})
"""What is done by sending the claim again."""


def as_payer_takes(kind: str, *, by_reopening_alone: bool, sent_elsewhere: bool = False) -> str:
    """The kind of next action, or a request to reopen the decision where the payer takes no corrected claim. One that
    was sent elsewhere is corrected there: a person sees to it."""
    if sent_elsewhere and kind in CORRECTIONS:
        return "review"
    return "request_reopening" if by_reopening_alone and kind in CORRECTIONS else kind


def proof_of_filing(payer_accepted_on: date | None) -> str:
    """What is known against a denial for late filing, and what a person decides between."""
    if payer_accepted_on is None:
        known = "No 277CA by which the payer accepted it is known: appeal if you have another proof"
    else:
        known = f"The payer accepted it on {payer_accepted_on} (277CA): appeal with that if it was in time"
    return f"{known}, or write it off (`write_off`, kind `late_filing`)."
