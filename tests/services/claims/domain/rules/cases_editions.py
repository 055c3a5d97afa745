"""Cases of the rule about the age of Medicare's edits."""

from dataclasses import replace
from datetime import date

from services.claims.domain.scrubber_input import History
from tests.services.claims.domain.rules.clean_claims import all_of, billed, editions_of, on, payer, profile

LAST_DAY = date(2026, 6, 30)


def edition(version):
    def change(context):
        return replace(context, codes=editions_of(version))

    return change


def alone(context):
    return replace(context, history=History())


FOUND = {
    "edits_older_than_service": [
        ("two procedures, by an edition of 2024", edition("2024-07")),
        ("the day after its quarter", on(date(2026, 7, 1))),
        ("five units of massage", all_of(edition("2024-07"), billed(("97124", 75)))),
        (
            "a pair, where the payer does not follow the edits",
            all_of(edition("2024-07"), payer(ncci=False), billed(("97140", 15), ("97124", 15))),
        ),
    ],
}

PASSES = {
    "edits_older_than_service": [
        ("the last day of its quarter", on(LAST_DAY)),
        ("an edition that is newer than the service", edition("2026-10")),
        ("one procedure, and no more units than likely", all_of(edition("2024-07"), alone, billed(("97124", 30)))),
        ("the payer does not follow the edits", all_of(edition("2024-07"), profile("auto_wa"))),
        ("an edition that names no quarter", edition("of the operator")),
    ],
}
