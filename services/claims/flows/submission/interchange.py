"""The 837P bytes of a batch of claims, from their documents alone: envelope, submitter, receiver, claims."""

from collections.abc import Sequence
from datetime import datetime

from services.claims.domain.professional_claim import professional_claim
from services.claims.flows.submission.parties import parties, submission_header
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.wire.envelope import TRANSACTION_CONTROL_NUMBER, envelope
from shared.wire.trading_partner import TradingPartner


def claims_interchange(
    rows: Sequence[ClaimRow], partner: TradingPartner, now: datetime, *, interchange_number: int
) -> bytes:
    """The 837P of these claims, from their documents alone. Raises x12.WriteError."""
    documents = [row.document for row in rows]
    claims = tuple(professional_claim(one.claim, parties(one.source, one.claim)) for one in documents)
    # All claims of a file are of one organization, so the practice of the first is the submitter of all.
    submitter, receiver = submission_header(
        documents[0].source.practice, sender_id=partner.sender_id, receiver_id=partner.receiver_id
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
