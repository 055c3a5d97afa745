"""A claim's next action after what the payer has said, and what a person has done about it or put off.

What is done counts as long as the rules ask for the same and the payer has not answered since. It is then waited for an
answer until the day to follow up; after that the next kind of the list is asked for, so that nothing stays where it is.
"""

from dataclasses import replace
from datetime import date, timedelta

from services.claims.domain.appeals.appeal_actions import as_the_appeal_stands, window_of_appeal
from services.claims.domain.asked_action import asked_for
from services.claims.domain.filing_deadline import no_later
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import (
    NextAction,
    Situation,
    dispute_window,
    follow_up_days,
    last_filing_day,
)
from services.claims.domain.next_action_kinds import BILLER, KINDS, THERAPIST
from services.claims.domain.next_action_progress import Done
from services.claims.domain.payer_status import as_the_payer_says
from services.claims.domain.sent_elsewhere import before_the_move
from services.claims.domain.what_payer_takes import as_payer_takes
from shared.money import format_dollars

MAX_SNOOZE_DAYS = 90
CHECK_STATUS, CALL_PAYER = "check_claim_status", "call_payer"
HAVE_IT = frozenset({ClaimState.ACCEPTED_BY_PAYER, ClaimState.ADJUDICATED, ClaimState.VOIDED})
"""States in which no filing limit is left to keep."""


def next_action(s: Situation) -> NextAction:
    """What the situation asks for, after what a person has done about it and put off."""
    return _put_off(s, _carried_on(s, _asked(s)))


def _asked(s: Situation) -> NextAction:
    """By the payer's own words while it has the claim, by its appeal, by what is special to a claim that was sent
    elsewhere, else by the rules."""
    found = as_the_payer_says(s) or as_the_appeal_stands(s) or before_the_move(s) or asked_for(s)
    return replace(found, kind=_within_reach(s, found.kind))


def _within_reach(s: Situation, kind: str) -> str:
    """A payer that takes only paper is in no clearinghouse's reach, so it is called and not asked by a 276."""
    return CALL_PAYER if kind == CHECK_STATUS and s.on_paper else kind


def amount_at_stake(s: Situation) -> int:
    """What the next action is about, in cents: the charge before adjudication, then what the insurer's account holds,
    else what the patient's does."""
    if s.state is not ClaimState.ADJUDICATED:
        return 0 if s.state is ClaimState.VOIDED else s.money.charge_cents
    return s.money.insurer_cents or s.money.patient_cents


def _carried_on(s: Situation, found: NextAction) -> NextAction:
    """What was asked for and done waits for its answer; without one, what comes next is asked for."""
    done = s.progress.done
    if done is None or (done.asked_kind, done.asked_rule, done.answers) != (found.kind, found.rule, s.answers):
        return found
    if not is_reported(done.kind):
        # It was reported before its kind had an operation of its own.
        return found
    row, open_cents, rule = KINDS[done.kind], amount_at_stake(s), f"{done.kind}_done"
    takes = as_payer_takes(row.after, by_reopening_alone=s.changed_by_reopening, sent_elsewhere=s.sent_elsewhere)
    after = _within_reach(s, takes)
    left = f" {format_dollars(open_cents)} is still open." if open_cents else ""
    if not row.waits:
        return NextAction(after, s.today, f"{row.done} on {done.on}.{left}", rule)
    if s.today <= done.follow_up_on:
        return NextAction("await_answer", done.follow_up_on, f"{row.done} on {done.on}; its answer is due.{left}", rule)
    return NextAction(after, s.today, f"{row.done} on {done.on}; nothing has come since.{left}", rule)


def _put_off(s: Situation, found: NextAction) -> NextAction:
    """A person has put this very action off to a later day."""
    snooze = s.progress.snooze
    if snooze is None or (snooze.kind, snooze.rule) != (found.kind, found.rule) or snooze.until <= found.due_on:
        return found
    return replace(found, due_on=snooze.until, reason=f"{found.reason} Put off to {snooze.until}.")


def completed(s: Situation, kind: str, on: date, follow_up_on: date | None) -> Done:
    """What a person has done, as it is stored. Without a day to follow up it is the profile's, in no case after the
    last filing day while no payer is known to have the claim."""
    found = _asked(s)
    day = follow_up_on or s.today + timedelta(days=min(follow_up_days(s)))
    return Done(found.kind, found.rule, kind, on, day if follow_up_on else filed_by(s, day), s.answers)


def filed_by(s: Situation, day: date) -> date:
    """The day, or the last filing day if that is sooner and the claim may still have to be filed again."""
    return no_later(day, None if s.state in HAVE_IT else last_filing_day(s), s.today)


def last_day_to_wait(s: Situation, kind: str) -> date:
    """Until when this action may be put off: within its window, and no longer than MAX_SNOOZE_DAYS."""
    latest = filed_by(s, s.today + timedelta(days=MAX_SNOOZE_DAYS))
    disputed = (
        s.state is ClaimState.ADJUDICATED and s.money.insurer_cents > 0 and kind not in (CHECK_STATUS, CALL_PAYER)
    )
    window = window_of_appeal(s) if as_the_appeal_stands(s) is not None else dispute_window(s)
    return no_later(latest, window if disputed else None, s.today)


def is_for_a_person(kind: str) -> bool:
    """Whether somebody in the practice does it, so that it can be put off."""
    return KINDS[kind].owner in (BILLER, THERAPIST)


def is_reported(kind: str) -> bool:
    """Whether it is done outside and then reported, or can be: a payer is asked by the API and by telephone."""
    return bool(KINDS[kind].done)
