"""The envelope: ISA, GS, ST and their ends, and the acknowledgement TA1 between them.

It opens and closes transactions, checks control numbers and counts, and goes on wherever an envelope is broken: a
transaction without its end is closed where the next begins.
"""

import datetime
from collections.abc import Callable

from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.model.envelope import Delimiters, Group, Interchange
from shared.x12.model.records.acknowledgement import InterchangeAcknowledgement
from shared.x12.model.registry import find_type, functional_id
from shared.x12.model.values import DATES
from shared.x12.reading.envelope_headers import group_faults, interchange_faults, read_group, read_interchange
from shared.x12.reading.events import Closed, Event, Noted, Opened, Record
from shared.x12.reading.options import ReadOptions
from shared.x12.reading.transaction_reader import TransactionReader
from shared.x12.reading.unguided_reader import UnguidedReader
from shared.x12.splitting.isa_header import read_isa_header
from shared.x12.splitting.pieces import BLANKS
from shared.x12.splitting.segment_positions import SegmentPosition, SegmentTracker
from shared.x12.validation.check import CheckContext
from shared.x12.validation.finding_log import FindingLog
from shared.x12.validation.totals import Totals
from shared.x12.validation.transaction_checks import TransactionChecks


class EnvelopeReader:
    """The state of the envelope."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.events: list[Event] = []
        limits = options.limits
        self.log = FindingLog(strict=options.strict, values=options.values, max_findings=limits.findings)
        self.tracker = SegmentTracker()
        self.delimiters = Delimiters()
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.body: TransactionReader | UnguidedReader | None = None
        self.checks: TransactionChecks | None = None
        self.control_number = ""
        self.group_count = self.transaction_count = 0
        self.seen_numbers: set[int] = set()
        self.seen_claims: set[int] = set()
        self.errors_before = 0
        self.breaks = self.fresh = False
        self.wanted_group = ""

    def begin(self, delimiters: Delimiters) -> None:
        """An interchange with these delimiters comes next; its ISA need not be asked for them again."""
        self.delimiters, self.fresh = delimiters, True

    def read_segments(self, raw: list[bytes], segments: list[bytes], *, more: bool) -> int:
        """Read segments; gives how many were taken. An ISA with other delimiters is left, and a record that is not
        yet whole (when there may be `more`).
        """
        tracker = self.tracker
        tracker.load(raw, segments, open_record=isinstance(self.body, TransactionReader))
        index, count = 0, len(segments)
        while index < count:
            if self.body is not None:
                self.body.may_wait = more
                index = self.body.run(segments, index)
                if self.body.waiting is not None:
                    tracker.truncate(index)
                    return index
                if index >= count:
                    break
            tracker.index = index
            segment = segments[index]
            fresh, self.fresh = self.fresh, False
            # Files are joined end to end by clearinghouses, with other delimiters in each: peers that read delimiters
            # once read the second interchange as one long segment.
            # Their terminator may be a line break, so that it is looked for in what was received.
            if segment.startswith(b"ISA") and not fresh and self.declares_other_delimiters(raw[index : index + 2]):
                self.end_before(index)
                return index
            self.envelope(segment)
            index += 1
        tracker.index = count
        return count

    @property
    def waits(self) -> bool:
        """A record waits for the rest of its segments."""
        return self.body is not None and self.body.waiting is not None

    def record_segments(self) -> int:
        """How many segments of a record that is not yet whole are held."""
        return self.tracker.record_length() if isinstance(self.body, TransactionReader) else 0

    def end_before(self, index: int) -> None:
        """The interchange, if one is open, ends in front of segment `index`, where other delimiters begin."""
        if self.interchange is not None:
            self.end_interchange(None)
        self.tracker.stop_before(index)

    def declares_other_delimiters(self, segments: list[bytes]) -> bool:
        """Whether an ISA found on the way declares other delimiters than those in force. One of its own may be the
        terminator in force, so that the ISA goes on in the next segment.
        """
        header = read_isa_header(self.delimiters.segment_terminator.join([*segments, b""]).lstrip(BLANKS))
        return header is not None and header.delimiters.usable and header.delimiters != self.delimiters

    def envelope(self, segment: bytes) -> None:
        """One segment outside a transaction, or one that ends it."""
        parts = segment.split(self.delimiters.element_separator)
        handler = HANDLERS.get(parts[0])
        if not segment.strip():
            self.skip_empty()
        elif handler is None:
            self.log.add("stray_segment", self.tracker.current(), segment=parts[0][:3].decode("latin-1"))
        else:
            handler(self, [part.decode("latin-1") for part in parts])

    def skip_empty(self) -> None:
        """Nothing between two terminators; blanks at the very end are no finding."""
        position = self.tracker.current()
        self.tracker.skip_empty()
        if self.body is not None:
            self.log.add("segment_empty", position, segment="")

    def isa(self, parts: list[str]) -> None:
        """An interchange begins."""
        if self.interchange is not None:
            self.end_interchange(None)
        position = self.tracker.current()
        self.interchange = read_interchange(parts, self.delimiters)
        self.group_count = 0
        for label, number, code in interchange_faults(parts):
            self.log.add("isa_value", position, segment="ISA", element=number, words={"label": label, "ack_code": code})

    def gs(self, parts: list[str]) -> None:
        """A group begins."""
        position = self.tracker.current()
        if self.group is not None:
            self.end_group(None)
        if self.interchange is None:
            self.interchange = read_interchange([""] * 17, self.delimiters)
        self.group = read_group(parts)
        self.group_count += 1
        self.transaction_count = 0
        self.wanted_group = ""
        self.seen_numbers.clear()
        for label, number in group_faults(parts):
            self.log.add("group_value", position, segment="GS", element=number, words={"label": label})

    def st(self, parts: list[str]) -> None:
        """A transaction begins."""
        position = self.tracker.current()
        if self.body is not None:
            self.log.add("se_missing", position, segment="SE")
            self.end_transaction()
        if self.group is None:
            self.log.add("envelope_order", position, segment="ST")
        self.emit_findings()
        self.transaction_count += 1
        code, number, version = (parts + [""] * 4)[1:4]
        self.control_number = number
        # Positions count from the ST (IK302), and HL numbers begin anew with each: several ST may use the same ones.
        self.tracker.transaction_start = position.number
        position = self.tracker.current()
        declared = version or (self.group.version if self.group is not None else "")
        type_ = find_type(code, declared)
        self.events.append(
            Opened(
                type=type_ or code,
                version=declared,
                control_number=number,
                interchange=self.interchange or read_interchange([""] * 17, self.delimiters),
                group=self.group,
            )
        )
        self.errors_before = self.log.errors
        self.start_body(type_, declared, position)
        self.check_start(code, number, version, position)

    def start_body(self, type_: str | None, version: str, position: SegmentPosition) -> None:
        """Choose who reads the transaction, and let it read the ST."""
        if type_ is None:
            self.checks = None
            self.body = UnguidedReader(self.delimiters, self.tracker, self.log, self.events)
            old = version.startswith(("003", "004"))
            self.log.add("older_version" if old else "st_unknown", position, segment="ST", element=3)
            return
        compiled = compiled_guide(type_, self.delimiters)
        self.checks = TransactionChecks(
            CheckContext(self.options.codes, self.seen_claims), self.delimiters.element_separator
        )
        self.body = TransactionReader(compiled, self.tracker, self.log, self.events, self.checks, self.options.limits)
        self.tracker.begin_record()
        if version != compiled.guide.version:
            self.log.add("other_version", position, segment="ST", element=3)
        self.body.begin(position.segment)

    def check_start(self, code: str, number: str, version: str, position: SegmentPosition) -> None:
        """ST01 to ST03 against the group."""
        group = self.group
        # Digests, not texts: 64 bits each, so that a million transactions of a file take 16 MB. Two that collide are
        # less likely than one in ten million for a whole file, and cost a finding, not data.
        digest = hash(number)
        if digest in self.seen_numbers:
            self.log.add("st_repeated", position, segment="ST", element=2)
        if len(self.seen_numbers) < self.options.limits.transactions:
            self.seen_numbers.add(digest)
        if group is None:
            return
        if version and group.version and version != group.version:
            self.log.add("st_version", position, segment="ST", element=3)
        fit = functional_id(code)
        if fit and fit not in (group.functional_id, self.wanted_group):
            # Reported once, not for each transaction of a group that is mislabelled.
            self.wanted_group = fit
            self.log.add("group_type", position, segment="ST", element=1, words={"name": fit})

    def se(self, parts: list[str]) -> None:
        """A transaction ends."""
        position = self.tracker.current()
        if self.body is None:
            self.log.add("envelope_order", position, segment="SE")
            return
        self.body.finish()
        count = position.number - self.tracker.transaction_start + 1
        claimed, number = [*parts, "", ""][1:3]
        if claimed.lstrip("0") != str(count):
            self.log.add("se_count", position, segment="SE", element=1)
        if number != self.control_number:
            self.log.add("se_control", position, segment="SE", element=2)
        self.end_transaction(finished=True)

    def end_transaction(self, *, finished: bool = False) -> None:
        """Close the transaction with its sums and remaining findings."""
        body = self.body
        assert body is not None
        if not finished:
            body.finish()
        position = self.tracker.current()
        if self.checks is not None:
            self.checks.close(self.log)
        count = position.number - self.tracker.transaction_start + (1 if finished else 0)
        totals = self.checks.totals(body.records, count) if self.checks is not None else Totals(segments=count)
        ok = self.log.errors == self.errors_before
        self.events.append(Closed(findings=self.log.drain(), totals=totals, ok=ok))
        self.body = self.checks = None
        self.tracker.transaction_start = 0

    def ge(self, parts: list[str]) -> None:
        """A group ends."""
        if self.group is None:
            self.log.add("envelope_order", self.tracker.current(), segment="GE")
            return
        self.end_group(parts)

    def end_group(self, parts: list[str] | None) -> None:
        """Close the group; without parts its GE is missing."""
        group, position = self.group, self.tracker.current()
        assert group is not None
        if self.body is not None:
            self.log.add("se_missing", position, segment="SE")
            self.end_transaction()
        if parts is None:
            self.log.add("ge_missing", position, segment="GE")
        else:
            count, number = [*parts, "", ""][1:3]
            if count.lstrip("0") != (str(self.transaction_count) if self.transaction_count else ""):
                self.log.add("ge_count", position, segment="GE", element=1)
            # Numbers of any length, so noughts in front make no difference; IEA02 always has the nine digits of ISA13.
            if number.lstrip("0") != group.control_number.lstrip("0"):
                self.log.add("ge_control", position, segment="GE", element=2)
        self.emit_findings()
        self.group = None

    def iea(self, parts: list[str]) -> None:
        """An interchange ends."""
        if self.interchange is None:
            self.log.add("envelope_order", self.tracker.current(), segment="IEA")
            return
        self.end_interchange(parts)

    def end_interchange(self, parts: list[str] | None) -> None:
        """Close the interchange; without parts its IEA is missing."""
        interchange = self.interchange
        assert interchange is not None
        if self.group is not None:
            self.end_group(None)
        elif self.body is not None:
            self.log.add("se_missing", self.tracker.current(), segment="SE")
            self.end_transaction()
        position = self.tracker.current()
        if parts is None:
            self.log.add("iea_missing", position, segment="IEA")
        else:
            count, number = [*parts, "", ""][1:3]
            if count.lstrip("0") != (str(self.group_count) if self.group_count else ""):
                self.log.add("iea_count", position, segment="IEA", element=1)
            if number != interchange.control_number:
                self.log.add("iea_control", position, segment="IEA", element=2)
        self.emit_findings()
        self.interchange = None

    def ta1(self, parts: list[str]) -> None:
        """An acknowledgement of an interchange (TA1); its place is before the groups."""
        position = self.tracker.current()
        if self.group is not None or self.interchange is None or self.body is not None:
            self.log.add("envelope_order", position, segment="TA1")
            return
        self.emit_findings()
        number, day, time, code, note = (parts[1:] + [""] * 5)[:5]
        self.events.append(Opened(type="TA1", version="", control_number=number, interchange=self.interchange))
        record = None
        date = interchange_day(day)
        if date is None:
            self.log.add("element_date", position, segment="TA1", element=2, words={"label": "date"})
        else:
            record = InterchangeAcknowledgement(control_number=number, date=date, time=time, code=code, note=note)
        for element, good in ((4, code in ("A", "E", "R")), (5, note.isdigit() and len(note) == 3)):
            if not good:
                self.log.add("element_code", position, segment="TA1", element=element, words={"label": "code"})
        findings = self.log.drain()
        ok = record is not None and not findings
        self.events.append(Record(record=record, findings=findings, offset=position.offset, ok=ok))
        self.events.append(Closed(totals=Totals(records=int(record is not None), segments=1), ok=ok))

    def emit_findings(self) -> None:
        """Emit the findings that belong to no transaction."""
        if self.log.pending and self.body is None:
            self.events.append(Noted(findings=self.log.drain(), interchange=self.interchange, group=self.group))

    def log_limit(self, name: str) -> None:
        """Reading stops at a limit."""
        self.log.add("too_large", self.tracker.current(), words={"name": name})

    def finish(self) -> None:
        """The source has ended."""
        if self.interchange is not None:
            self.end_interchange(None)
        elif self.body is not None:
            self.log.add("se_missing", self.tracker.current(), segment="SE")
            self.end_transaction()
        if self.breaks:
            self.log.add("line_breaks", SegmentPosition(0, 1, 0, b"ISA"), segment="ISA")
        self.log.count_left_out(self.tracker.current())
        self.emit_findings()


def interchange_day(text: str) -> datetime.date | None:
    """YYMMDD (or CCYYMMDD) of an ISA or TA1."""
    try:
        # The year of an ISA or TA1 has two digits; what is read here was all written in this century.
        return DATES[(text if len(text) == 8 else "20" + text).encode("latin-1")]
    except ValueError:
        return None


Handler = Callable[[EnvelopeReader, list[str]], None]
HANDLERS: dict[bytes, Handler] = {
    b"ISA": EnvelopeReader.isa,
    b"GS": EnvelopeReader.gs,
    b"ST": EnvelopeReader.st,
    b"SE": EnvelopeReader.se,
    b"GE": EnvelopeReader.ge,
    b"IEA": EnvelopeReader.iea,
    b"TA1": EnvelopeReader.ta1,
}
