"""The 277CA that made an 837P: every claim accepted or rejected, with the status codes of its findings."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from shared.x12.model.records.claim import Claim, Submission
from shared.x12.model.records.parts import Amount, DatePeriod, Part, Party, Quantity, Reference, Trace
from shared.x12.model.records.status import ClaimStatus, LevelStatus, Status, StatusCode, StatusHeader
from shared.x12.reading.events import Closed, Opened, Record
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import Finding, errors_of


class ClaimAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A 277CA for one 837P transaction: header and records to write, and the claims that were accepted."""

    header: StatusHeader
    records: tuple[Part, ...]
    accepted: tuple[Claim, ...]
    rejected: tuple[str, ...]


class _SubmissionVerdicts:
    """Collects the claims of an 837P with their status_codes."""

    def __init__(self) -> None:
        self.submission: Submission | None = None
        self.verdicts: list[tuple[Claim, list[StatusCode]]] = []


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
    current: _SubmissionVerdicts | None = None
    for event in read(source, strict=strict, codes=codes):
        if isinstance(event, Opened):
            current = _SubmissionVerdicts() if event.type == "837P" else None
        elif current is not None and isinstance(event, Record):
            if isinstance(event.record, Submission):
                current.submission = event.record
            elif isinstance(event.record, Claim):
                current.verdicts.append((event.record, [] if event.ok else status_codes(event.findings)))
        elif current is not None and isinstance(event, Closed) and current.submission is not None and current.verdicts:
            made.append(_acknowledgement(current, clearinghouse, reference, created, created_time))
    return tuple(made)


def status_codes(findings: Iterable[Finding]) -> list[StatusCode]:
    """Status codes for the errors of a claim, at most three; 21 (missing or invalid) where nothing fits better."""
    found: dict[tuple[str, str], StatusCode] = {}
    for finding in errors_of(findings):
        parts = finding.ack.split(":") if finding.ack.startswith("STC:") else ["STC", "A7", "21"]
        entity = parts[3] if len(parts) > 3 else ""
        found[(parts[1], parts[2])] = StatusCode(category=parts[1], code=parts[2], entity=entity)
    return list(found.values())[:3] or [StatusCode(category="A7", code="21")]


def _acknowledgement(
    claims: _SubmissionVerdicts, clearinghouse: Party, reference: str, created: datetime.date, created_time: str
) -> ClaimAcknowledgement:
    """Header and records of one 277CA."""
    submission = claims.submission
    assert submission is not None
    accepted = [claim for claim, codes in claims.verdicts if not codes]
    refused = [claim for claim, codes in claims.verdicts if codes]
    source = LevelStatus(
        level="20",
        party=clearinghouse,
        traces=(Trace(type="1", value=reference),),
        dates=(DatePeriod(qualifier="050", start=submission.created), DatePeriod(qualifier="009", start=created)),
    )
    receiver = LevelStatus(
        level="21",
        party=msgspec.structs.replace(submission.submitter, contacts=()),
        traces=(Trace(type="2", value=submission.reference),),
        statuses=(
            Status(
                codes=(StatusCode(category="A1", code="19", entity="PR"),),
                effective=created,
                action="WQ" if accepted else "U",
                charge_cents=sum(claim.charge_cents for claim, _ in claims.verdicts),
            ),
        ),
        quantities=_quantities("90", "AA", len(accepted), len(refused)),
        amounts=_amounts(accepted, refused),
    )
    providers = provider_levels(claims.verdicts)
    records = tuple(
        claim_status(claim, codes, (source, receiver, providers[claim.billing_provider.party]), created)
        for claim, codes in claims.verdicts
    )
    header = StatusHeader(reference=reference, created=created, created_time=created_time, kind="TH")
    numbers = tuple(claim.claim_number for claim in refused)
    return ClaimAcknowledgement(header=header, records=records, accepted=tuple(accepted), rejected=numbers)


def _quantities(good: str, bad: str, accepted: int, refused: int) -> tuple[Quantity, ...]:
    """QTY of claims accepted and rejected, those that are not nought."""
    pairs = ((good, accepted), (bad, refused))
    return tuple(Quantity(qualifier=code, quantity=Decimal(count)) for code, count in pairs if count)


def _amounts(accepted: list[Claim], refused: list[Claim]) -> tuple[Amount, ...]:
    """AMT of charges accepted and rejected."""
    pairs = (("YU", accepted), ("YY", refused))
    return tuple(
        Amount(qualifier=code, amount_cents=sum(claim.charge_cents for claim in claims))
        for code, claims in pairs
        if claims
    )


def claim_status(
    claim: Claim, codes: list[StatusCode], levels: tuple[LevelStatus, LevelStatus, LevelStatus], created: datetime.date
) -> ClaimStatus:
    """The status of one claim."""
    days = sorted(line.service_date for line in claim.lines if line.service_date is not None)
    first = days[0] if days else created
    last = days[-1] if days and days[-1] != first else None
    status = Status(
        codes=tuple(codes) or (StatusCode(category="A2", code="20", entity="PR"),),
        effective=created,
        action="U" if codes else "WQ",
        charge_cents=claim.charge_cents,
    )
    clearinghouse_number = claim.reference("D9")
    return ClaimStatus(
        source=levels[0],
        receiver=levels[1],
        provider=levels[2],
        subscriber=patient_of(claim),
        trace=Trace(type="2", value=claim.claim_number),
        statuses=(status,),
        references=(Reference(qualifier="D9", value=clearinghouse_number),) if clearinghouse_number else (),
        dates=(DatePeriod(qualifier="472", start=first, end=last),),
    )


def provider_levels(verdicts: list[tuple[Claim, list[StatusCode]]]) -> dict[Party, LevelStatus]:
    """Each billing provider by NPI or tax id, with the sum of its charges."""
    found: dict[Party, LevelStatus] = {}
    for party in dict.fromkeys(claim.billing_provider.party for claim, _ in verdicts):
        own = [(claim, codes) for claim, codes in verdicts if claim.billing_provider.party == party]
        tax = party.reference("EI") or party.reference("SY")
        qualifier, number = ("XX", party.npi) if party.npi else ("FI", tax)
        shown = Party(
            entity="85", kind=party.kind, name=party.name, first=party.first, id_qualifier=qualifier, id=number
        )
        received = Status(
            codes=(StatusCode(category="A1", code="19", entity="PR"),),
            action="U" if all(codes for _, codes in own) else "WQ",
            charge_cents=sum(claim.charge_cents for claim, _ in own),
        )
        traces = (Trace(type="1", value="0"),)
        found[party] = LevelStatus(level="19", party=shown, traces=traces, statuses=(received,))
    return found


def patient_of(claim: Claim) -> Party:
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
