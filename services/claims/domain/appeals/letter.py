"""The letter of an appeal: a text by cause, filled from the claim, and what is missing for it.

No sentence says what is not on file. A letter that a person has written is not changed any more.
"""

from string import Formatter

from services.claims.domain.appeals.appeal_case import AppealCase
from services.claims.domain.appeals.causes import Cause
from services.claims.domain.appeals.letter_texts import (
    BY_CAUSE,
    CLOSING,
    INTEREST,
    LETTERHEAD,
    MISSING,
    OPENING,
    SIGNATURE,
    SUBJECT,
)
from services.claims.domain.rules.finding import Finding, Severity

LETTER = "/letter"
SOURCE = "The claim's own file"


def write_letter(case: AppealCase) -> str:
    """The draft of the letter: paragraphs with an empty line between them."""
    paragraphs = [_lines(LETTERHEAD, case), _lines(SUBJECT, case), _filled(OPENING, case)]
    paragraphs += [
        " ".join(filter(None, (_filled(text, case) for text in _texts(cause, case)))) for cause in case.causes
    ]
    if case.interest_due:
        paragraphs.append(_filled(INTEREST, case))
    paragraphs += [CLOSING, _filled(SIGNATURE, case)]
    return "\n\n".join(filter(None, paragraphs))


def missing_facts(case: AppealCase) -> tuple[Finding, ...]:
    """What the causes of the appeal need and the claim's file does not have."""
    wanted = dict.fromkeys(name for cause in case.causes for text in BY_CAUSE[cause] for name in _blanks(text))
    missing = [_finding(*MISSING[name]) for name in wanted if name in MISSING and name not in case.blanks]
    if Cause.LATE_FILING in case.causes and case.accepted_on is not None and not case.filed_in_time:
        late = f"The payer accepted the claim on {case.accepted_on}, after its last day {case.filing_limit_on}."
        missing.append(_finding("acceptance_too_late", late, "Write it off (`late_filing`), or show a good cause."))
    return tuple(missing)


def _texts(cause: Cause, case: AppealCase) -> tuple[str, ...]:
    """The sentences of a cause; nobody claims to have been in time who was not."""
    return BY_CAUSE[cause] if cause is not Cause.LATE_FILING or case.filed_in_time else ()


def _lines(templates: tuple[str, ...], case: AppealCase) -> str:
    return "\n".join(filter(None, (_filled(text, case) for text in templates)))


def _filled(template: str, case: AppealCase) -> str:
    """The sentence with its blanks filled; empty where one of them is not on file."""
    return template.format_map(case.blanks) if _blanks(template) <= case.blanks.keys() else ""


def _blanks(template: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}


def _finding(code: str, message: str, fix: str) -> Finding:
    return Finding(code, Severity.WARN, message, LETTER, fix, SOURCE)
