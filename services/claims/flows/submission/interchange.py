"""The 837P bytes of a batch of claims, from their documents alone: envelope, submitter, receiver, claims."""

from collections.abc import Sequence
from datetime import datetime

from services.claims.clients import Terms
from services.claims.domain.professional_claim import professional_claim
from services.claims.flows.scrub.build_scrubber_input import stored_claim
from services.claims.flows.scrub.snapshot import Snapshot
from services.claims.flows.submission.parties import parties, submission_header
from services.claims.store.tables import ClaimRow
from shared import x12

CONTROL_DIGITS = 9


def claims_interchange(rows: Sequence[ClaimRow], terms: Terms, now: datetime, *, interchange_number: int) -> bytes:
    """The 837P of these claims, from their snapshots alone. Raises x12.WriteError."""
    snapshots = [Snapshot.load(row.snapshot) for row in rows]
    drafts = [stored_claim(row.coded) for row in rows]
    claims = tuple(
        professional_claim(draft, parties(snapshot, draft)) for snapshot, draft in zip(snapshots, drafts, strict=True)
    )
    submitter, receiver = submission_header(
        snapshots[0].practice, sender_id=terms.sender_id, receiver_id=terms.receiver_id
    )
    header = x12.Submission(
        reference=str(interchange_number),
        created=now.date(),
        created_time=now.strftime("%H%M"),
        submitter=submitter,
        receiver=receiver,
    )
    transaction = x12.Transaction(type="837P", control_number="0001", header=header, records=claims)
    return x12.write(_envelope(terms, now, interchange_number), [transaction])


def _envelope(terms: Terms, now: datetime, number: int) -> x12.Envelope:
    """ISA and GS with the same number, dates and times of the moment of forming in UTC."""
    day, time = now.date(), now.strftime("%H%M")
    return x12.Envelope(
        interchange=x12.Interchange(
            sender=terms.sender_id,
            receiver=terms.receiver_id,
            date=day,
            time=time,
            control_number=f"{number:0{CONTROL_DIGITS}d}",
            usage=terms.usage,
        ),
        group=x12.Group(
            sender=terms.sender_id, receiver=terms.receiver_id, date=day, time=time, control_number=str(number)
        ),
    )
