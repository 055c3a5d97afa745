"""The TA1s and 999s that answer a file: one TA1 for each interchange, one 999 for each group.

They are made from the findings: one whose `ack` is `TA105:...` goes into the TA1, `AK905:...`, `IK502:...`, `IK304:...`
and `IK403:...` into the 999. `STC:...` is for the 277CA alone (`claim_acknowledgement`): a claim that only a 277CA can
reject is accepted by the 999.
"""

import datetime

import msgspec

from shared.x12.model.envelope import Group, Interchange, Transaction
from shared.x12.model.records.acknowledgement import (
    Acknowledgement,
    Context,
    ElementError,
    InterchangeAcknowledgement,
    SegmentError,
    TransactionAcknowledgement,
)
from shared.x12.reading.events import Closed, Noted, Opened
from shared.x12.reading.options import Limits
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import ValidationFinding, errors_of

# Groups that a 999 answers; a 999 itself is never answered.
ACKNOWLEDGED_GROUPS = {"BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"}


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


class _GroupFindings:
    """What is known of one group while its file is read."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.answers: list[TransactionAcknowledgement] = []
        self.reasons: list[str] = []

    def acknowledgement(self) -> Acknowledgement:
        """The 999 of the group."""
        accepted = sum(one.result in ("A", "E") for one in self.answers)
        result = "A" if accepted == len(self.answers) else "P" if accepted else "R"
        return Acknowledgement(
            functional_id=self.group.functional_id,
            group_control_number="".join(filter(str.isdigit, self.group.control_number))[:9] or "0",
            version=fit_length(self.group.version, 1, 12) if self.group.version else "",
            transactions=tuple(self.answers),
            result="R" if self.reasons else result,
            included=len(self.answers),
            received=len(self.answers),
            accepted=0 if self.reasons else accepted,
            reasons=tuple(dict.fromkeys(self.reasons))[:5],
        )


class _EnvelopeFindings:
    """Collects findings by interchange, group and transaction."""

    def __init__(self) -> None:
        self.interchanges: dict[int, tuple[Interchange, list[str]]] = {}
        self.groups: dict[int, _GroupFindings] = {}
        self.alive: list[object] = []

    def interchange(self, interchange: Interchange | None) -> list[str]:
        """The TA1 codes found for an interchange."""
        if interchange is None:
            return []
        # Kept, since the `id` of an object that is gone may be given to the next one.
        self.alive.append(interchange)
        return self.interchanges.setdefault(id(interchange), (interchange, []))[1]

    def group(self, group: Group) -> _GroupFindings:
        """What is known of a group."""
        self.alive.append(group)
        return self.groups.setdefault(id(group), _GroupFindings(group))

    def noted(self, event: Noted) -> None:
        """Findings about an envelope."""
        codes = self.interchange(event.interchange)
        for finding in errors_of(event.findings):
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
    found = _EnvelopeFindings()
    opened: Opened | None = None
    findings: list[ValidationFinding] = []
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
                group.answers.append(acknowledge_transaction(opened, findings))
                group.reasons += [one.ack[6:] for one in errors_of(findings) if one.ack.startswith("AK905:")]
    return FileAcknowledgement(
        interchanges=tuple(acknowledge_interchange(one, notes) for one, notes in found.interchanges.values()),
        groups=tuple(
            group.acknowledgement()
            for group in found.groups.values()
            if group.group.functional_id in ACKNOWLEDGED_GROUPS
        ),
    )


def acknowledge_interchange(interchange: Interchange, notes: list[str]) -> InterchangeAcknowledgement:
    """The TA1: the first thing that is wrong, or 000."""
    return InterchangeAcknowledgement(
        control_number=fit_length(interchange.control_number, 9, 9),
        date=interchange.date or datetime.date(2000, 1, 1),
        time=fit_length(interchange.time, 4, 4),
        code="R" if notes else "A",
        note=notes[0] if notes else "000",
    )


def acknowledge_transaction(opened: Opened, findings: list[ValidationFinding]) -> TransactionAcknowledgement:
    """AK2 to IK5 for one transaction."""
    segments: dict[tuple[int, str, str], list[ValidationFinding]] = {}
    reasons: list[str] = []
    for finding in errors_of(findings):
        place, _, code = finding.ack.partition(":")
        if place == "IK502":
            reasons.append(code)
        elif place in ("IK304", "IK403"):
            key = (finding.position, finding.segment, code if place == "IK304" else "8")
            segments.setdefault(key, []).append(finding)
    if segments:
        reasons.append("5")
    return TransactionAcknowledgement(
        type=fit_length(opened.type, 3, 3),
        control_number=fit_length(opened.control_number, 4, 9),
        version=fit_length(opened.version, 1, 35) if opened.version else "",
        result="R" if reasons else "A",
        reasons=tuple(dict.fromkeys(reasons))[:5],
        errors=tuple(segment_error(key, found) for key, found in sorted(segments.items())),
    )


def fit_length(text: str, least: int, most: int) -> str:
    """Letters and digits of a value that is copied into an answer, cut or filled to the length it has to have."""
    return "".join(one for one in text if one.isascii() and one.isalnum())[:most].rjust(least, "0")


def segment_error(key: tuple[int, str, str], findings: list[ValidationFinding]) -> SegmentError:
    """IK3 with its context (the claim) and its IK4s."""
    position, segment, code = key
    claim = next((finding.claim_number for finding in findings if finding.claim_number), "")
    elements = [finding for finding in findings if finding.ack.startswith("IK403:") and fits_ik4(finding)]
    loop = findings[0].loop
    return SegmentError(
        segment=fit_length(segment, 2, 3),
        position=max(position, 1),
        loop=loop[:4] if loop[:1].isdigit() else "",
        code=code,
        contexts=(Context(name="CLM01", value=fit_length(claim, 1, 35)),) if claim else (),
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


def fits_ik4(finding: ValidationFinding) -> bool:
    """An IK4 has two digits for the element and the component, and four for the repetition."""
    return 0 < finding.element <= 99 and finding.component <= 99 and finding.repetition <= 9999
