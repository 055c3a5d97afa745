"""Cases of the rules about who is liable, and about filing limits that nobody has named."""

from datetime import date, timedelta

from tests.services.claims.domain.rules.clean_claims import (
    DAY,
    all_of,
    billed,
    claim,
    coverage,
    diagnosed,
    history,
    note,
    on,
    profile,
    provider,
)


def hurt(days_before):
    """The accident was so many days before the visit, in Florida."""
    return all_of(profile("auto_fl"), claim(accident_date=DAY - timedelta(days_before), accident_state="FL"))


def complains(text):
    return note(complaint=text)


NEEDLES = billed(("97810", 15))
FOUND = {
    "massage_excluded_by_law": [
        ("Florida since 2013", profile("auto_fl")),
        ("on its first day", all_of(profile("auto_fl"), on(date(2013, 1, 1)))),
        ("a massage therapist's manual therapy", all_of(profile("auto_fl"), billed(("97140", 30)))),
    ],
    "acupuncture_excluded_by_law": [
        ("needles by a physician", all_of(profile("auto_fl"), provider(taxonomy="208100000X"), NEEDLES)),
        (
            "an acupuncturist's visit",
            all_of(profile("auto_fl"), provider(taxonomy="171100000X"), billed(("99213", None))),
        ),
    ],
    "first_care_too_late": [
        ("fifteen days after", hurt(15)),
        ("the first visit was late already", all_of(hurt(40), history(first_visit_on=DAY - timedelta(20)))),
    ],
    "injury_without_accident": [
        ("a driver", diagnosed("M54.2", "V43.52XA")),
        ("work", diagnosed("M54.59", "Y99.0")),
        ("a sprain", diagnosed("S13.4XXA")),
        ("was rear-ended", complains("Was rear-ended on Monday, neck stiff since")),
        ("a car accident", complains("Neck pain since her car accident in May")),
        ("lifting at work", complains("Low back pain after lifting boxes at work")),
        ("a work injury", complains("Old work injury of the shoulder")),
        ("was hurt at work", complains("Was hurt at work on Monday, stiff since")),
        ("hurt at work in another sentence", complains("Stiff neck. Hurt at work on Monday")),
        ("strained at work", complains("Strained the low back at work")),
        ("no sleep since a crash", complains("She is not sleeping since the car accident")),
        ("a denied fall and a crash", complains("No fall. Rear-ended on Monday")),
    ],
    "injury_insurer_first": [("an auto claim on file", coverage(injury_insurers=("pay_0009",)))],
    "two_primary_coverages": [("two plans of rank 1", coverage(other_primaries=("pay_0009",)))],
    "filing_limit_unknown": [
        ("an Advantage plan", profile("medicare_advantage")),
        ("compensation of a state that is not packaged", profile("workers_comp")),
    ],
}

PASSES = {
    "massage_excluded_by_law": [
        (
            "exercise by a physical therapist",
            all_of(profile("auto_fl"), provider(taxonomy="225100000X"), billed(("97110", 30))),
        ),
        ("Florida in 2012", all_of(profile("auto_fl"), on(date(2012, 12, 31)))),
        ("another state", profile("auto_wa")),
    ],
    "acupuncture_excluded_by_law": [
        ("another state", all_of(profile("auto_wa"), NEEDLES)),
        ("before 2013", all_of(profile("auto_fl"), NEEDLES, on(date(2012, 12, 31)))),
    ],
    "first_care_too_late": [
        ("on the fourteenth day", hurt(14)),
        ("the first visit was in time", all_of(hurt(40), history(first_visit_on=DAY - timedelta(26)))),
        ("another state", all_of(profile("auto_wa"), claim(accident_date=DAY - timedelta(60)))),
        ("no accident date", profile("auto_fl")),
    ],
    "injury_without_accident": [
        (
            "an accident of another kind is on file",
            all_of(diagnosed("S13.4XXA"), claim(accident_date=DAY, related_causes=("OA",))),
        ),
        ("a late effect", diagnosed("M54.2", "S13.4XXS")),
        ("worse at work", complains("Neck ache, worse at work and in the car")),
        ("shoulders that hurt at work", complains("Neck and shoulders hurt at work")),
        ("worse after lifting", complains("Low back pain, worse after lifting at work")),
        ("no crash", complains("Neck pain; no car accident")),
        ("no history of one", complains("No history of a car accident")),
        ("neither crash nor fall", complains("Denies any fall or MVA, stiff neck")),
        ("an auto insurer", all_of(profile("auto_wa"), diagnosed("S13.4XXA"))),
    ],
    "injury_insurer_first": [
        ("the auto insurer itself", all_of(profile("auto_wa"), coverage(injury_insurers=("pay_0009",)))),
    ],
    "two_primary_coverages": [("a second claim", all_of(claim(sequence="S"), coverage(other_primaries=("pay_0009",))))],
    "filing_limit_unknown": [
        ("the plan has said", profile("medicare_advantage", timely_filing_days=365)),
        ("Texas", profile("workers_comp_tx")),
    ],
}
