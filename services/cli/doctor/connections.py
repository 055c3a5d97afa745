"""Connections: each service says that it lives and can work, and the clearinghouse knows us."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import httpx

from services.cli.composition import variable_of
from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, failed_by, ok, warn
from shared.outgoing import Answer
from shared.plural import counted
from shared.startup import CannotStart

EXPIRED = ("expired", "not yet valid")
MAX_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """What the clearinghouse said to one account, or the error that was met."""

    sender_id: str
    at: datetime
    answer: Answer | None = None
    error: str = ""


def services(examination: Examination) -> Iterator[Finding]:
    """Each service lives and is ready."""
    for service, looked in examination.answers.items():
        url = examination.url(service)
        start = f"Start it (handbill serve {service}), or set {variable_of(service)} to where it listens."
        if isinstance(looked.error, CannotStart):
            yield failed_by(looked.error)
            return
        if looked.found is None:
            reason = str(looked.error)
            if any(word in reason for word in EXPIRED):
                yield warn(f"{service} shows a certificate that does not count at this time.", "See certificates.")
            else:
                yield fail(f"{service} does not answer at {url} ({type(looked.error).__name__}).", start)
        elif looked.found.health.status_code != 200 or _word(looked.found.health, "service") != service:
            yield fail(f"Something else than {service} answers at {url}.", start)
        elif looked.found.ready.status_code != 200:
            code = _word(looked.found.ready, "code") or f"status {looked.found.ready.status_code}"
            yield fail(f"{service} lives and is not ready: {code}.", "docs/operating.md has what each code asks for.")
    yield ok(f"{len(examination.answers)} services live and are ready.")


def clearinghouse(examination: Examination) -> Iterator[Finding]:
    """It answers each account a question that changes nothing; no file is sent."""
    url, known = examination.settings.clearinghouse_url, 0
    for one in at_clearinghouse(examination):
        status = one.answer.status_code if one.answer else 0
        known += status == 200
        if one.answer is None:
            mend = "See that it runs and that HANDBILL_CLEARINGHOUSE_URL is right."
            yield fail(f"The clearinghouse does not answer at {url} ({one.error}).", mend)
        elif status in (401, 403):
            mend = "Ask it for the account's password; docs/trading-partners.md says where it goes."
            yield fail(f"The clearinghouse refuses the credentials of {one.sender_id} ({status}).", mend)
        elif status != 200:
            mend = "Ask its operator; what waits to be sent is kept and tried again."
            yield fail(f"The clearinghouse answers {one.sender_id} with status {status}.", mend)
    if not at_clearinghouse(examination):
        yield warn("No account was tried.", "See credentials.")
    yield ok(f"{url} knows {counted(known, 'account')}.")


def at_clearinghouse(examination: Examination) -> tuple[Answered, ...]:
    """One question for each account, asked once an examination."""
    if "clearinghouse" not in examination.asked:
        examination.asked["clearinghouse"] = tuple(_ask(examination))
    found: tuple[Answered, ...] = examination.asked["clearinghouse"]
    return found


def _ask(examination: Examination) -> Iterator[Answered]:
    from services.claims.clients import RestClearinghouse
    from shared.wire.trading_partner import trading_partners

    try:
        accounts = trading_partners(examination.settings).accounts()
        adapter = RestClearinghouse(examination.settings.clearinghouse_url, examination.outside_http)
    except (OSError, ValueError, CannotStart):
        return  # the check of credentials says so
    for partner in accounts[:MAX_ACCOUNTS]:
        try:
            answer = adapter.probe(partner)
        except httpx.RequestError as error:
            yield Answered(partner.sender_id, examination.clock.now(), error=type(error).__name__)
            return  # it is one peer: the others would wait as long
        yield Answered(partner.sender_id, examination.clock.now(), answer)


def _word(answer: Answer, member: str) -> str:
    """A short word of an answer; what is none is left out, since a stranger may have answered."""
    try:
        found = json.loads(answer.content)[member]
    except (ValueError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) and found.replace("_", "").isalnum() and len(found) < 60 else ""
