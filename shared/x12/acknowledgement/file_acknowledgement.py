"""Answers to a file: TA1 for its interchanges, 999 for its groups, 277CA for its claims.

They are made from findings: a finding whose code is `TA105:...` goes into the TA1, `AK905:...`, `IK502:...`,
`IK304:...` and `IK403:...` into the 999, `STC:...` into the 277CA. A claim that only a 277CA can refuse is accepted
by the 999.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from shared.x12.model.envelope import Group, Interchange, Limits, Transaction
from shared.x12.model.records import (
    Acknowledgement,
    Claim,
    ClaimStatus,
    Context,
    ElementError,
    InterchangeAcknowledgement,
    LevelStatus,
    Party,
    Quantity,
    Reference,
    SegmentError,
    Status,
    StatusCode,
    StatusHeader,
    Submission,
    Trace,
    TransactionAcknowledgement,
)
from shared.x12.model.records.parts import Amount, DatePeriod, Part
from shared.x12.reading.events import Closed, Finding, Noted, Opened, Record, Severity
from shared.x12.reading.reader import ByteSource, read
from shared.x12.validation.code_lists import CodeLists

# Groups that a 999 answers; a 999 itself is never answered.
ANSWERED = {"BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"}


class FileAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """One TA1 for each interchange, one 999 for each group, in the order of the file."""

    interchanges: tuple[InterchangeAcknowledgement, ...]
    groups: tuple[Acknowledgement, ...]

    @property
    def ok(self) -> bool:
        """Everything was accepted."""
        return all(one.code == "A" for one in self.interchanges) and all(one.result == "A" for one in self.groups)

    def transactions(self, first_number: int = 1) -> tuple[Transaction, ...]:
        """The 999s as transactions to write, numbered from `first_number`; TA1s are written apart."""
        return tuple(
            Transaction(type="999", control_number=f"{number:04d}", records=(one,))
            for number, one in enumerate(self.groups, first_number)
        )


class _Group:
    """What is known of one group while its file is read."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.answers: list[TransactionAcknowledgement] = []
        self.reasons: list[str] = []

    def answer(self) -> Acknowledgement:
        """The 999 of the group."""
        accepted = sum(one.result in ("A", "E") for one in self.answers)
        result = "A" if accepted == len(self.answers) else "P" if accepted else "R"
        return Acknowledgement(
            functional_id=self.group.functional_id,
            group_control_number="".join(filter(str.isdigit, self.group.control_number))[:9] or "0",
            version=fitting(self.group.version, 1, 12) if self.group.version else "",
            transactions=tuple(self.answers),
            result="R" if self.reasons else result,
            included=len(self.answers),
            received=len(self.answers),
            accepted=0 if self.reasons else accepted,
            reasons=tuple(dict.fromkeys(self.reasons))[:5],
        )


class _Reader:
    """Collects findings by interchange, group and transaction."""

    def __init__(self) -> None:
        self.interchanges: dict[int, tuple[Interchange, list[str]]] = {}
        self.groups: dict[int, _Group] = {}
        self.alive: list[object] = []

    def interchange(self, interchange: Interchange | None) -> list[str]:
        """The TA1 codes found for an interchange."""
        if interchange is None:
            return []
        self.alive.append(interchange)
        return self.interchanges.setdefault(id(interchange), (interchange, []))[1]

    def group(self, group: Group) -> _Group:
        """What is known of a group."""
        self.alive.append(group)
        return self.groups.setdefault(id(group), _Group(group))

    def noted(self, event: Noted) -> None:
        """Findings about an envelope."""
        codes = self.interchange(event.interchange)
        for finding in errors(event.findings):
            place, _, code = finding.ack.partition(":")
            if place == "TA105":
                codes.append(code)
            elif place == "AK905" and event.group is not None:
                self.group(event.group).reasons.append(code)


def acknowledge(
    source: ByteSource,
    *,
    strict: bool = False,
    codes: CodeLists | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> FileAcknowledgement:
    """Read a file and answer it."""
    found = _Reader()
    opened: Opened | None = None
    findings: list[Finding] = []
    for event in read(source, strict=strict, codes=codes, limits=limits):
        if isinstance(event, Opened):
            opened, findings = event, []
            found.interchange(event.interchange)
        elif isinstance(event, Noted):
            found.noted(event)
        else:
            findings.extend(event.findings)
            if isinstance(event, Closed) and opened is not None and opened.group is not None:
                group = found.group(opened.group)
                group.answers.append(answer_transaction(opened, findings))
                group.reasons += [one.ack[6:] for one in errors(findings) if one.ack.startswith("AK905:")]
    return FileAcknowledgement(
        interchanges=tuple(answer_interchange(one, notes) for one, notes in found.interchanges.values()),
        groups=tuple(group.answer() for group in found.groups.values() if group.group.functional_id in ANSWERED),
    )


def errors(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Those that are errors."""
    return (finding for finding in findings if finding.severity is Severity.ERROR)


def answer_interchange(interchange: Interchange, notes: list[str]) -> InterchangeAcknowledgement:
    """The TA1: the first thing that is wrong, or 000."""
    return InterchangeAcknowledgement(
        control_number=fitting(interchange.control_number, 9, 9),
        date=interchange.date or datetime.date(2000, 1, 1),
        time=fitting(interchange.time, 4, 4),
        code="R" if notes else "A",
        note=notes[0] if notes else "000",
    )


def answer_transaction(opened: Opened, findings: list[Finding]) -> TransactionAcknowledgement:
    """AK2 to IK5 for one transaction."""
    segments: dict[tuple[int, str, str], list[Finding]] = {}
    reasons: list[str] = []
    for finding in errors(findings):
        place, _, code = finding.ack.partition(":")
        if place == "IK502":
            reasons.append(code)
        elif place in ("IK304", "IK403"):
            key = (finding.position, finding.segment, code if place == "IK304" else "8")
            segments.setdefault(key, []).append(finding)
    if segments:
        reasons.append("5")
    return TransactionAcknowledgement(
        type=fitting(opened.type, 3, 3),
        control_number=fitting(opened.control_number, 4, 9),
        version=fitting(opened.version, 1, 35) if opened.version else "",
        result="R" if reasons else "A",
        reasons=tuple(dict.fromkeys(reasons))[:5],
        errors=tuple(answer_segment(key, found) for key, found in sorted(segments.items())),
    )


def fitting(text: str, least: int, most: int) -> str:
    """Letters and digits of a value that is copied into an answer, cut or filled to the length it has to have."""
    return "".join(one for one in text if one.isascii() and one.isalnum())[:most].rjust(least, "0")


def answer_segment(key: tuple[int, str, str], findings: list[Finding]) -> SegmentError:
    """IK3 with its context (the claim) and its IK4s."""
    position, segment, code = key
    claim = next((finding.claim_number for finding in findings if finding.claim_number), "")
    elements = [finding for finding in findings if finding.ack.startswith("IK403:") and sayable(finding)]
    loop = findings[0].loop
    return SegmentError(
        segment=fitting(segment, 2, 3),
        position=max(position, 1),
        loop=loop[:4] if loop[:1].isdigit() else "",
        code=code,
        contexts=(Context(name="CLM01", value=fitting(claim, 1, 35)),) if claim else (),
        elements=tuple(
            ElementError(
                element=finding.element,
                component=finding.component or None,
                repetition=finding.repetition or None,
                code=finding.ack.partition(":")[2],
            )
            for finding in elements
        ),
    )


def sayable(finding: Finding) -> bool:
    """An IK4 has two digits for the element and the component, and four for the repetition."""
    return 0 < finding.element <= 99 and finding.component <= 99 and finding.repetition <= 9999


class ClaimAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A 277CA for one 837P transaction: header and records to write, and the claims that were accepted."""

    header: StatusHeader
    records: tuple[Part, ...]
    accepted: tuple[Claim, ...]
    rejected: tuple[str, ...]


class _Claims:
    """Collects the claims of an 837P with their verdicts."""

    def __init__(self) -> None:
        self.submission: Submission | None = None
        self.judged: list[tuple[Claim, list[StatusCode]]] = []


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

    A claim without errors is accepted (A2, 20); one with errors is refused with the status codes of its findings (A7).
    `reference` becomes BHT03 and the trace of the source, `clearinghouse` is NM1*PR or NM1*AY.
    """
    answers: list[ClaimAcknowledgement] = []
    current: _Claims | None = None
    for event in read(source, strict=strict, codes=codes):
        if isinstance(event, Opened):
            current = _Claims() if event.type == "837P" else None
        elif current is not None and isinstance(event, Record):
            if isinstance(event.record, Submission):
                current.submission = event.record
            elif isinstance(event.record, Claim):
                current.judged.append((event.record, [] if event.ok else verdicts(event.findings)))
        elif current is not None and isinstance(event, Closed) and current.submission is not None and current.judged:
            answers.append(claim_answer(current, clearinghouse, reference, created, created_time))
    return tuple(answers)


def verdicts(findings: Iterable[Finding]) -> list[StatusCode]:
    """Status codes for the errors of a claim, at most three; 21 (missing or invalid) where nothing fits better."""
    found: dict[tuple[str, str], StatusCode] = {}
    for finding in errors(findings):
        parts = finding.ack.split(":") if finding.ack.startswith("STC:") else ["STC", "A7", "21"]
        entity = parts[3] if len(parts) > 3 else ""
        found[(parts[1], parts[2])] = StatusCode(category=parts[1], code=parts[2], entity=entity)
    return list(found.values())[:3] or [StatusCode(category="A7", code="21")]


def claim_answer(
    claims: _Claims, clearinghouse: Party, reference: str, created: datetime.date, created_time: str
) -> ClaimAcknowledgement:
    """Header and records of one 277CA."""
    submission = claims.submission
    assert submission is not None
    accepted = [claim for claim, codes in claims.judged if not codes]
    refused = [claim for claim, codes in claims.judged if codes]
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
                charge_cents=sum(claim.charge_cents for claim, _ in claims.judged),
            ),
        ),
        quantities=counted("90", "AA", len(accepted), len(refused)),
        amounts=summed(accepted, refused),
    )
    providers = provider_levels(claims.judged)
    records = tuple(
        claim_status(claim, codes, (source, receiver, providers[claim.billing_provider.party]), created)
        for claim, codes in claims.judged
    )
    header = StatusHeader(reference=reference, created=created, created_time=created_time, kind="TH")
    numbers = tuple(claim.claim_number for claim in refused)
    return ClaimAcknowledgement(header=header, records=records, accepted=tuple(accepted), rejected=numbers)


def counted(good: str, bad: str, accepted: int, refused: int) -> tuple[Quantity, ...]:
    """QTY of claims accepted and rejected, those that are not nought."""
    pairs = ((good, accepted), (bad, refused))
    return tuple(Quantity(qualifier=code, quantity=Decimal(count)) for code, count in pairs if count)


def summed(accepted: list[Claim], refused: list[Claim]) -> tuple[Amount, ...]:
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
    """What is said of one claim."""
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


def provider_levels(judged: list[tuple[Claim, list[StatusCode]]]) -> dict[Party, LevelStatus]:
    """Each billing provider by NPI or tax id, with the sum of its charges."""
    found: dict[Party, LevelStatus] = {}
    for party in dict.fromkeys(claim.billing_provider.party for claim, _ in judged):
        own = [(claim, codes) for claim, codes in judged if claim.billing_provider.party == party]
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
