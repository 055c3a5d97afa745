"""The 276 bytes of one claim: who asks whom about which claim, from the claim's document as it was sent.

The trace is the claim number, which the payer gives back in its 277, so that the answer is known to be about this claim
in the same way as one that nobody asked for.
"""

from datetime import datetime

from services.claims.flows.submission.parties import parties
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.wire.basic_character_set import LAST_NAME_MAX_LENGTH, to_basic
from shared.wire.envelope import TRANSACTION_CONTROL_NUMBER, envelope
from shared.wire.trading_partner import TradingPartner

SOURCE, RECEIVER, PROVIDER = "20", "21", "19"


def status_interchange(row: ClaimRow, partner: TradingPartner, now: datetime, *, interchange_number: int) -> str:
    """The 276. Raises x12.WriteError."""
    header = x12.StatusHeader(
        reference=str(interchange_number),
        created=now.date(),
        created_time=now.strftime("%H%M"),
        structure="0010",
        purpose="13",
    )
    record = _inquiry(row, partner)
    transaction = x12.Transaction(
        type="276", control_number=TRANSACTION_CONTROL_NUMBER, header=header, records=(record,)
    )
    return x12.write(envelope(partner.route, now, interchange_number), [transaction]).decode()


def _inquiry(row: ClaimRow, partner: TradingPartner) -> x12.StatusInquiry:
    document = row.document
    named, practice, claim = parties(document.source, document.claim), document.source.practice, document.claim
    elsewhere = document.sent_elsewhere
    known_as = (elsewhere.claim_number if elsewhere is not None else "") or row.claim_number
    references = [x12.Reference(qualifier="EJ", value=known_as)]
    if number := document.responses.number_in_force:
        references.insert(0, x12.Reference(qualifier="1K", value=number))
    receiver = x12.Party(
        entity="41",
        kind="2",
        name=to_basic(practice.name, LAST_NAME_MAX_LENGTH),
        id_qualifier="46",
        id=partner.sender_id,
    )
    return x12.StatusInquiry(
        source=x12.LevelStatus(level=SOURCE, party=_named(named.subscriber.payer, "PR")),
        receiver=x12.LevelStatus(level=RECEIVER, party=receiver),
        provider=x12.LevelStatus(level=PROVIDER, party=_named(named.billing.party, "1P")),
        subscriber=_named(named.subscriber.party, "IL"),
        dependent=_named(named.patient.party, "QC") if named.patient else None,
        trace=x12.Trace(type="1", value=row.claim_number),
        references=tuple(references),
        amounts=(
            x12.MonetaryAmount(
                qualifier="T3", amount_cents=sum(line.charge_cents for line in claim.billed_lines.values())
            ),
        ),
        dates=(x12.DatePeriod(qualifier="472", start=claim.date_of_service),),
    )


def _named(party: x12.Party, entity: str) -> x12.Party:
    """A party of the claim by name, identifier, birth date and sex: a question has no address."""
    return x12.Party(
        entity=entity,
        kind=party.kind,
        name=party.name,
        first=party.first,
        middle=party.middle,
        id_qualifier=party.id_qualifier,
        id=party.id,
        birth_date=party.birth_date,
        gender=party.gender,
    )
