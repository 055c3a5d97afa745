"""The 837P bytes of a batch of claims, from their documents alone: envelope, submitter, receiver, claims."""

from collections.abc import Sequence
from datetime import datetime

from services.claims.domain.professional_claim import professional_claim
from services.claims.flows.scrub.build_scrubber_input import stored_claim
from services.claims.flows.scrub.snapshot import Snapshot
from services.claims.flows.submission.parties import parties, submission_header
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.wire.envelope import TRANSACTION_CONTROL_NUMBER, envelope
from shared.wire.trading_partner import TradingPartner


def claims_interchange(
    rows: Sequence[ClaimRow], partner: TradingPartner, now: datetime, *, interchange_number: int
) -> bytes:
    """The 837P of these claims, from their snapshots alone. Raises x12.WriteError."""
    snapshots = [Snapshot.load(row.snapshot) for row in rows]
    drafts = [stored_claim(row.coded) for row in rows]
    claims = tuple(
        professional_claim(draft, parties(snapshot, draft)) for snapshot, draft in zip(snapshots, drafts, strict=True)
    )
    submitter, receiver = submission_header(
        snapshots[0].practice, sender_id=partner.sender_id, receiver_id=partner.receiver_id
    )
    header = x12.Submission(
        reference=str(interchange_number),
        created=now.date(),
        created_time=now.strftime("%H%M"),
        submitter=submitter,
        receiver=receiver,
    )
    transaction = x12.Transaction(type="837P", control_number=TRANSACTION_CONTROL_NUMBER, header=header, records=claims)
    return x12.write(envelope(partner.route, now, interchange_number), [transaction])
