"""The 277CA: what became of every claim of a file, from the clearinghouse or from one payer.

A2 accepts a claim at the level that speaks: passed on by the clearinghouse, taken into adjudication by a payer. Both
say A3, A6 or A7 for what they turn back; A1 at the outer levels only says that the file arrived. STC03 repeats it: WQ
accepted, U rejected. Counts and sums are the submitter's level's.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.clearinghouse.domain.edits import Rejection
from shared import x12

ACCEPTED, REJECTED = "WQ", "U"
NO_PROVIDER_TRACE = "0"
"""The provider level wants a trace of its own, and the guide says 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim with its answer; `rejection` None is acceptance."""

    claim: x12.Claim
    clearinghouse_number: str
    payer_number: str
    rejection: Rejection | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers: the clearinghouse (`AY`) or a payer (`PR`)."""

    entity: str
    name: str
    id: str

    @property
    def acceptance(self) -> x12.StatusCode:
        """A2:20, of the payer or of the receiver of the 837 (entity 40)."""
        return x12.StatusCode(category="A2", code="20", entity="PR" if self.entity == "PR" else "40")


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """The 837P that is answered: its submitter, BHT03, and when it came."""

    submitter: x12.Party
    reference: str
    received_on: date


def claim_statuses(
    speaker: Speaker, file: AnsweredFile, verdicts: tuple[Verdict, ...], trace: str, today: date
) -> tuple[x12.ClaimStatus, ...]:
    """The records of one 277CA, one a claim, in the order of the file."""
    source = _source(speaker, file, trace, today)
    receiver = _receiver(speaker, file, verdicts, today)
    providers = {
        party.id: _provider(speaker, verdicts, party)
        for party in (verdict.claim.billing_provider.party for verdict in verdicts)
    }
    return tuple(
        _status(speaker, (source, receiver, providers[verdict.claim.billing_provider.party.id]), verdict, today)
        for verdict in verdicts
    )


def _source(speaker: Speaker, file: AnsweredFile, trace: str, today: date) -> x12.LevelStatus:
    return x12.LevelStatus(
        level="20",
        party=x12.Party(
            entity=speaker.entity,
            kind="2",
            name=speaker.name.upper(),
            id_qualifier=_id_qualifier(speaker),
            id=speaker.id,
        ),
        traces=(x12.Trace(type="1", value=trace),),
        dates=(
            x12.DatePeriod(qualifier="050", start=file.received_on),
            x12.DatePeriod(qualifier="009", start=today),
        ),
    )


def _id_qualifier(speaker: Speaker) -> str:
    return "PI" if speaker.entity == "PR" else "46"


def _receiver(speaker: Speaker, file: AnsweredFile, verdicts: tuple[Verdict, ...], today: date) -> x12.LevelStatus:
    taken = [verdict.claim.charge_cents for verdict in verdicts if verdict.rejection is None]
    refused = [verdict.claim.charge_cents for verdict in verdicts if verdict.rejection is not None]
    submitter = file.submitter
    quantities = [("90", len(taken)), ("AA", len(refused))]
    amounts = [("YU", taken), ("YY", refused)]
    return x12.LevelStatus(
        level="21",
        party=x12.Party(
            entity="41",
            kind=submitter.kind,
            name=submitter.name,
            first=submitter.first,
            id_qualifier="46",
            id=submitter.id,
        ),
        traces=(x12.Trace(type="2", value=file.reference),),
        statuses=(
            x12.Status(
                codes=(x12.StatusCode(category="A1", code="19", entity=speaker.entity),),
                effective=today,
                action=ACCEPTED,
                charge_cents=sum(taken) + sum(refused),
            ),
        ),
        quantities=tuple(
            x12.Quantity(qualifier=qualifier, quantity=Decimal(count)) for qualifier, count in quantities if count
        ),
        amounts=tuple(
            x12.Amount(qualifier=qualifier, amount_cents=sum(cents)) for qualifier, cents in amounts if cents
        ),
    )


def _status(
    speaker: Speaker, levels: tuple[x12.LevelStatus, x12.LevelStatus, x12.LevelStatus], verdict: Verdict, today: date
) -> x12.ClaimStatus:
    claim = verdict.claim
    source, receiver, provider = levels
    references = [("1K", verdict.payer_number), ("D9", verdict.clearinghouse_number)]
    days = sorted({line.service_date for line in claim.lines if line.service_date})
    return x12.ClaimStatus(
        source=source,
        receiver=receiver,
        provider=provider,
        subscriber=_patient(claim),
        trace=x12.Trace(type="2", value=claim.claim_number),
        statuses=(
            x12.Status(
                codes=(_code(speaker, verdict.rejection),),
                effective=today,
                action=REJECTED if verdict.rejection else ACCEPTED,
                charge_cents=claim.charge_cents,
            ),
        ),
        references=tuple(x12.Reference(qualifier=kind, value=value) for kind, value in references if value),
        dates=(_service_period(days),) if days else (),
    )


def _code(speaker: Speaker, rejection: Rejection | None) -> x12.StatusCode:
    if rejection is None:
        return speaker.acceptance
    return x12.StatusCode(category=rejection.category, code=rejection.status, entity=rejection.entity)


def _provider(speaker: Speaker, verdicts: tuple[Verdict, ...], billing: x12.Party) -> x12.LevelStatus:
    """The billing provider with the sum of its claims: received, whatever became of each."""
    own = [verdict.claim for verdict in verdicts if verdict.claim.billing_provider.party.id == billing.id]
    entity = speaker.acceptance.entity
    received = x12.StatusCode(category="A1", code="19", entity=entity)
    return x12.LevelStatus(
        level="19",
        party=x12.Party(
            entity="85",
            kind=billing.kind,
            name=billing.name,
            first=billing.first,
            id_qualifier=billing.id_qualifier,
            id=billing.id,
        ),
        traces=(x12.Trace(type="1", value=NO_PROVIDER_TRACE),),
        statuses=(
            x12.Status(
                codes=(received,),
                action=ACCEPTED,
                charge_cents=sum(claim.charge_cents for claim in own),
            ),
        ),
    )


def _patient(claim: x12.Claim) -> x12.Party:
    """The patient; the member id is the subscriber's, which is how 837P carries it."""
    party = claim.patient.party if claim.patient else claim.subscriber.party
    return x12.Party(
        entity="QC",
        kind=party.kind,
        name=party.name,
        first=party.first,
        middle=party.middle,
        id_qualifier="MI",
        id=claim.subscriber.party.id,
    )


def _service_period(days: list[date]) -> x12.DatePeriod:
    end = days[-1] if days[-1] != days[0] else None
    return x12.DatePeriod(qualifier="472", start=days[0], end=end)
