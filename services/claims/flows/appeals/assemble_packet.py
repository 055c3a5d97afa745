"""The packet of an appeal: its files, made from what is on file, and what is missing."""

import hashlib
from collections.abc import Iterator
from datetime import date

from services.claims.domain.appeals.letter import missing_facts
from services.claims.domain.appeals.levels import NO_DOCUMENT
from services.claims.domain.rules.finding import Severity
from services.claims.flows.appeals.gather_case import Gathered
from services.claims.flows.appeals.note_texts import (
    authorization_text,
    call_log_text,
    full_name,
    note_text,
    referral_text,
    trend_text,
)
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import AppealFileBody
from shared.contracts.common import Finding

TEXT, X12 = "text/plain; charset=utf-8", "application/edi-x12"


def packet_files(row: ClaimRow, appeal: AppealRow, found: Gathered) -> list[AppealFileBody]:
    """The files that an appeal has now, the letter first."""
    return [_file(*one) for one in _texts(row, appeal, found) if one[-1]] + [
        *(
            _part("acceptance_277ca", "Acceptance by the payer (277CA)", place, one.message_id, one.content)
            for place, one in enumerate(found.acceptances, 1)
        ),
        *(
            _part("remittance_835", "The payer's remittance (835)", place, one.message_id, one.content)
            for place, one in enumerate(found.remittances, 1)
        ),
    ]


def _texts(row: ClaimRow, appeal: AppealRow, found: Gathered) -> Iterator[tuple[str, str, str, str, str]]:
    """(name, title, source, media type, content) of the texts; an empty content is no file."""
    source = row.document.source
    body, zone = appeal.body, source.time_zone
    yield "letter.txt", "Letter", f"appeal:{appeal.id}", TEXT, body.letter
    for place, visit in enumerate(source.visits, 1):
        name, therapist = (
            "signed_note.txt" if place == 1 else f"signed_note_{place}.txt",
            full_name(visit.therapist.name),
        )
        yield name, "Signed treatment note", f"note:{visit.note.id}", TEXT, note_text(visit.note, therapist)
    trend = trend_text(found.trend) if len(found.trend) > 1 else ""
    yield "outcome_trend.txt", "Pain before each visit", f"claims_of_coverage:{row.coverage_id}", TEXT, trend
    if found.referral is not None:
        origin = f"referral:{found.referral.id}"
        yield "referral.txt", "Referral, prescription or order", origin, TEXT, referral_text(found.referral)
    for place, one in enumerate(found.authorizations, 1):
        yield f"authorization_{place}.txt", "Authorization", f"authorization:{one.id}", TEXT, authorization_text(one)
    log = call_log_text(found.call_log, zone)
    yield "call_log.txt", "Log of calls", f"claim_notes:{row.id}", TEXT, log


def packet_findings(row: ClaimRow, appeal: AppealRow, found: Gathered, today: date) -> list[Finding]:
    """What is missing for the packet, and what is to be known before it is sent."""
    findings = [Finding.model_validate(one.as_dict()) for one in missing_facts(found.case)]
    if any(visit.note.signed_at is None for visit in row.document.source.visits):
        findings.append(
            _warn("note_unsigned", "The note is not signed.", "Have it signed before it leaves.", "/packet")
        )
    if not found.remittances:
        text = "The remittance that is disputed is not on file."
        findings.append(_warn("remittance_missing", text, "Upload it, or enclose a copy.", "/packet"))
    if appeal.last_day_to_send is None:
        text = "Until when the payer takes it is not known."
        findings.append(_warn("last_day_unknown", text, NO_DOCUMENT, "/last_day_to_send", appeal.last_day_source))
    elif today > appeal.last_day_to_send:
        text = f"The last day to send it was {appeal.last_day_to_send}."
        fix = "Send it with the good cause for being late (`late_reason`), or write the amount off."
        findings.append(_warn("window_closed", text, fix, "/last_day_to_send", appeal.last_day_source))
    return findings


def _warn(code: str, message: str, fix: str, pointer: str, source: str = "The claim's own file") -> Finding:
    return Finding(code=code, severity=Severity.WARN, message=message, pointer=pointer, fix=fix, source=source)


def _part(name: str, title: str, place: int, message_id: str, content: str) -> AppealFileBody:
    return _file(f"{name}_{place}.x12", title, f"message:{message_id}", X12, content)


def _file(name: str, title: str, source: str, media_type: str, content: str) -> AppealFileBody:
    data = content.encode()
    return AppealFileBody(
        name=name,
        title=title,
        source=source,
        media_type=media_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content=content,
    )
