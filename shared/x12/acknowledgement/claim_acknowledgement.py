"""The 277CA that made an 837P: every claim accepted or rejected, with the status codes of its findings."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from shared.x12.model.records.claim import Claim837P, Submission
from shared.x12.model.records.parts import DatePeriod, MonetaryAmount, Part, Party, Quantity, Reference, Trace
from shared.x12.model.records.status import ClaimStatus, LevelStatus, Status, StatusCode, StatusHeader
from shared.x12.reading.events import Closed, Opened, Record
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import ValidationFinding, errors_of


class ClaimAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A 277CA for one 837P transaction: header and records to write, and the claims that were accepted."""

    header: StatusHeader
    records: tuple[Part, ...]
    accepted: tuple[Claim837P, ...]
    rejected: tuple[str, ...]


class ClaimVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one claim of an 837P: accepted without `codes`, rejected with them (STC01, STC10, STC11).

    `clearinghouse_number` (REF*D9) and `payer_number` (REF*1K) are given back where they are known.
    """

    claim: Claim837P
    codes: tuple[StatusCode, ...] = ()
    clearinghouse_number: str = ""
    payer_number: str = ""


def acknowledge_claims(
    source: ByteSource,
    *,
    clearinghouse: Party,
    reference: str,
    created: datetime.date,
    created_time: str,
    strict: bool = True,
    codes: CodeLists | None = None,
) -> tuple[ClaimAcknowledgement, ...]:
    """A 277CA for every 837P transaction in the source.

    A claim without errors is accepted (A2, 20); one with errors is rejected with the status codes of its findings (A7).
    `reference` becomes BHT03 and the trace of the source, `clearinghouse` is NM1*PR or NM1*AY.
    """
    made: list[ClaimAcknowledgement] = []
    submission: Submission | None = None
    verdicts: list[ClaimVerdict] = []
    for event in read(source, strict=strict, codes=codes):
        if isinstance(event, Opened):
            submission, verdicts = None, []
        elif isinstance(event, Record) and isinstance(event.record, Submission):
            submission = event.record
        elif isinstance(event, Record) and isinstance(event.record, Claim837P):
            found = () if event.ok else tuple(status_codes(event.findings))
            number = event.record.reference("D9")
            verdicts.append(ClaimVerdict(claim=event.record, codes=found, clearinghouse_number=number))
        elif isinstance(event, Closed) and submission is not None and verdicts:
            made.append(
                ClaimAcknowledgement(
                    header=StatusHeader(reference=reference, created=created, created_time=created_time, kind="TH"),
                    records=claim_statuses(
                        verdicts,
                        submission=submission,
                        acknowledger=clearinghouse,
                        trace=reference,
                        received=submission.created,
                        created=created,
                    ),
                    accepted=tuple(one.claim for one in verdicts if not one.codes),
                    rejected=tuple(one.claim.claim_number for one in verdicts if one.codes),
                )
            )
    return tuple(made)


def status_codes(findings: Iterable[ValidationFinding]) -> list[StatusCode]:
    """Status codes for the errors of a claim, at most three; 21 (missing or invalid) where nothing fits better."""
    found: dict[tuple[str, str], StatusCode] = {}
    for finding in errors_of(findings):
        parts = finding.ack.split(":") if finding.ack.startswith("STC:") else ["STC", "A7", "21"]
        entity = parts[3] if len(parts) > 3 else ""
        found[(parts[1], parts[2])] = StatusCode(category=parts[1], code=parts[2], entity=entity)
    return list(found.values())[:3] or [StatusCode(category="A7", code="21")]


def claim_statuses(
    verdicts: Sequence[ClaimVerdict],
    *,
    submission: Submission,
    acknowledger: Party,
    trace: str,
    received: datetime.date | None,
    created: datetime.date,
) -> tuple[ClaimStatus, ...]:
    """The records of one 277CA, one a claim, in the order of the file (005010X214).

    `acknowledger` is NM1*AY (a clearinghouse) or NM1*PR (a payer): it accepts at its own level, A2:20:40 or A2:20:PR.
    Counts and sums are those of the receiver's level; A1 at the outer levels only says that the file has arrived.
    """
    accepting = "PR" if acknowledger.entity == "PR" else "40"
    source = LevelStatus(
        level="20",
        party=acknowledger,
        traces=(Trace(type="1", value=trace),),
        dates=(DatePeriod(qualifier="050", start=received), DatePeriod(qualifier="009", start=created)),
    )
    receiver = _receiver_level(verdicts, submission, acknowledger.entity, created)
    providers = _provider_levels(verdicts, accepting)
    return tuple(
        _claim_status(one, (source, receiver, providers[one.claim.billing_provider.party]), accepting, created)
        for one in verdicts
    )


def _receiver_level(
    verdicts: Sequence[ClaimVerdict], submission: Submission, entity: str, created: datetime.date
) -> LevelStatus:
    """The submitter of the 837P with counts and sums of what was accepted and rejected."""
    accepted = [one.claim.charge_cents for one in verdicts if not one.codes]
    rejected = [one.claim.charge_cents for one in verdicts if one.codes]
    submitter = submission.submitter
    return LevelStatus(
        level="21",
        party=Party(
            entity="41",
            kind=submitter.kind,
            name=submitter.name,
            first=submitter.first,
            id_qualifier="46",
            id=submitter.id,
        ),
        traces=(Trace(type="2", value=submission.reference),),
        statuses=(
            Status(
                codes=(StatusCode(category="A1", code="19", entity=entity),),
                effective=created,
                action="WQ" if accepted else "U",
                charge_cents=sum(accepted) + sum(rejected),
            ),
        ),
        quantities=tuple(
            Quantity(qualifier=code, quantity=Decimal(len(cents)))
            for code, cents in (("90", accepted), ("AA", rejected))
            if cents
        ),
        amounts=tuple(
            MonetaryAmount(qualifier=code, amount_cents=sum(cents))
            for code, cents in (("YU", accepted), ("YY", rejected))
            if cents
        ),
    )


def _claim_status(
    verdict: ClaimVerdict, levels: tuple[LevelStatus, LevelStatus, LevelStatus], accepting: str, created: datetime.date
) -> ClaimStatus:
    """The status of one claim."""
    claim = verdict.claim
    days = sorted(line.service_date for line in claim.lines if line.service_date is not None)
    first = days[0] if days else created
    last = days[-1] if days and days[-1] != first else None
    status = Status(
        codes=verdict.codes or (StatusCode(category="A2", code="20", entity=accepting),),
        effective=created,
        action="U" if verdict.codes else "WQ",
        charge_cents=claim.charge_cents,
    )
    numbers = (("1K", verdict.payer_number), ("D9", verdict.clearinghouse_number))
    return ClaimStatus(
        source=levels[0],
        receiver=levels[1],
        provider=levels[2],
        subscriber=patient_of(claim),
        trace=Trace(type="2", value=claim.claim_number),
        statuses=(status,),
        references=tuple(Reference(qualifier=code, value=number) for code, number in numbers if number),
        dates=(DatePeriod(qualifier="472", start=first, end=last),),
    )


def _provider_levels(verdicts: Sequence[ClaimVerdict], accepting: str) -> dict[Party, LevelStatus]:
    """Each billing provider by NPI or tax id, with the sum of its charges."""
    found: dict[Party, LevelStatus] = {}
    for party in dict.fromkeys(one.claim.billing_provider.party for one in verdicts):
        own = [one for one in verdicts if one.claim.billing_provider.party == party]
        tax = party.reference("EI") or party.reference("SY")
        qualifier, number = ("XX", party.npi) if party.npi else ("FI", tax)
        shown = Party(
            entity="85", kind=party.kind, name=party.name, first=party.first, id_qualifier=qualifier, id=number
        )
        received = Status(
            codes=(StatusCode(category="A1", code="19", entity=accepting),),
            action="U" if all(one.codes for one in own) else "WQ",
            charge_cents=sum(one.claim.charge_cents for one in own),
        )
        # The guide wants a trace of the provider level too, and says 0 where there is none.
        traces = (Trace(type="1", value="0"),)
        found[party] = LevelStatus(level="19", party=shown, traces=traces, statuses=(received,))
    return found


def patient_of(claim: Claim837P) -> Party:
    """The patient's name with the member id."""
    party = claim.patient.party if claim.patient is not None else claim.subscriber.party
    insured = claim.subscriber.party
    return Party(
        entity="QC",
        kind="1",
        name=party.name,
        first=party.first,
        middle=party.middle,
        id_qualifier=insured.id_qualifier or "MI",
        id=insured.id or "UNKNOWN",
    )
