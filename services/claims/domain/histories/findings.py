"""What a look at a practice's past gives: findings with their cents and the windows that are still open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.claims.domain.filing_deadline import filing_deadline
from services.claims.domain.histories.finding_kinds import KIND_TEXTS, FindingKind
from services.claims.domain.histories.past_records import Place
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.next_action import Situation, dispute_window, last_filing_day
from services.claims.domain.sending import changed_by_reopening

SAID_BY_THE_CLAIM = frozenset({FindingKind.RULE_WOULD_HAVE_CAUGHT, FindingKind.DUPLICATE_SENT})
FILING, CORRECTED_CLAIM, APPEAL = "filing", "corrected_claim", "appeal"


@dataclass(frozen=True, slots=True)
class Window:
    """Until when something can still be done: `filing`, `corrected_claim` or `appeal`. `presumed` says that it is the
    limit of such payers, which nobody has confirmed for this one."""

    kind: str
    closes_on: date
    is_open: bool
    presumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class HistoryFinding:
    """One thing that was found. `claim_number` is empty where no claim is meant; `rule` is the code of the rule that
    found it; `patient_name` is shown to nobody who has not asked for names."""

    kind: FindingKind
    claim_number: str
    cents: int
    message: str
    fix: str
    place: Place
    payer: str
    date_of_service: date | None = None
    windows: tuple[Window, ...] = ()
    rule: str = ""
    patient_name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something can still be done: no window is known, or one is open."""
        return not self.windows or any(one.is_open for one in self.windows)


def of_claim(
    one: RebuiltClaim,
    kind: FindingKind,
    cents: int,
    message: str,
    *,
    fix: str = "",
    windows: Iterable[Window] = (),
    rule: str = "",
    place: Place | None = None,
) -> HistoryFinding:
    """A finding about a claim; its place is that of the payer's last answer, else of the claim in its file."""
    sent = one.sent
    answered_at = one.postings[-1].place if one.postings and kind not in SAID_BY_THE_CLAIM else sent.place
    return HistoryFinding(
        kind=kind,
        claim_number=sent.number,
        cents=cents,
        message=message,
        fix=fix or KIND_TEXTS[kind].fix,
        place=place or answered_at,
        payer=sent.payer.name or sent.payer.identifier,
        date_of_service=sent.claim.date_of_service,
        windows=tuple(windows),
        rule=rule,
        patient_name=sent.patient_name,
    )


def filing_windows(s: Situation) -> tuple[Window, ...]:
    """Until when the claim can be filed."""
    last = last_filing_day(s)
    return (_window(FILING, last, s, s.profile.timely_filing_source, filing=True),) if last else ()


def dispute_windows(s: Situation, one: RebuiltClaim) -> tuple[Window, ...]:
    """Until when the decision can be corrected and appealed."""
    found: list[Window] = []
    profile = s.profile
    if not changed_by_reopening(profile, one.responses):
        own = profile.corrected_claim_days is not None
        last = filing_deadline(profile, s.date_of_service, replaced_decision_on=s.remitted_on)
        source = profile.corrected_claim_source if own else profile.timely_filing_source
        if last is not None:
            found.append(_window(CORRECTED_CLAIM, last, s, source, filing=not own))
    last = dispute_window(s)
    if last is not None:
        source = next((one.source for one in profile.disputes if one.level == 1), "")
        found.append(_window(APPEAL, last, s, source, filing=False))
    return tuple(found)


def _window(kind: str, closes_on: date, s: Situation, source: str, *, filing: bool) -> Window:
    presumed = filing and s.profile.timely_filing_presumed
    return Window(kind, closes_on, s.today <= closes_on, presumed, source)
