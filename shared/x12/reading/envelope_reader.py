"""The envelope: ISA, GS, ST and their ends, and the acknowledgement TA1 between them.

It opens and closes transactions, checks control numbers and counts, and goes on wherever an envelope is broken: a
transaction without its end is closed where the next begins.
"""

import datetime
from collections.abc import Callable

from shared.x12.codegen.compiled_guide import program
from shared.x12.model import guides
from shared.x12.model.element_patterns import Dialect
from shared.x12.model.envelope import Group, Interchange
from shared.x12.model.records import InterchangeAcknowledgement
from shared.x12.model.records.parts import Segment
from shared.x12.model.values import DATES
from shared.x12.reading.envelope_headers import group_faults, interchange_faults, read_group, read_interchange
from shared.x12.reading.events import Closed, Event, Kept, Noted, Opened, Record, Totals
from shared.x12.reading.options import Options
from shared.x12.reading.transaction_reader import Walker
from shared.x12.splitting.isa_header import OUTSIDE, proper, read_header
from shared.x12.splitting.segment_positions import Cursor, Place
from shared.x12.validation.finding_log import Journal
from shared.x12.validation.transaction_checks import Proofs

KEPT_AT_ONCE = 1000


class Keeper:
    """Stands in for the walker where there is no guide: keeps segments as they are."""

    def __init__(self, dialect: Dialect, cursor: Cursor, journal: Journal, sink: list[Event]) -> None:
        self.dialect, self.cursor, self.journal, self.sink = dialect, cursor, journal, sink
        self.kept: list[Kept] = []
        self.records = 0
        self.waiting, self.may_wait = None, False

    def run(self, segments: list[bytes], start: int) -> int:
        """Keep segments until one that belongs to the envelope."""
        for index in range(start, len(segments)):
            parts = segments[index].split(self.dialect.element)
            if parts[0] in OUTSIDE:
                return index
            self.cursor.index = index
            elements = tuple(part.decode("utf-8", "replace") for part in parts)
            position = self.cursor.number(index) - self.cursor.transaction_start + 1
            self.kept.append(Kept(segment=Segment(id=elements[0], elements=elements[1:]), position=position))
            if len(self.kept) >= KEPT_AT_ONCE:
                self.finish()
        return len(segments)

    def finish(self) -> None:
        """Hand over what is kept."""
        if self.kept:
            self.sink.append(Record(record=None, findings=self.journal.taken(), unknown=tuple(self.kept), ok=False))
            self.kept.clear()


class Control:
    """The state of the envelope."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.events: list[Event] = []
        self.journal = Journal(options)
        self.cursor = Cursor()
        self.dialect = Dialect()
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.body: Walker | Keeper | None = None
        self.proofs: Proofs | None = None
        self.control_number = ""
        self.group_count = self.transaction_count = self.total_transactions = 0
        self.seen_numbers: set[int] = set()
        self.seen_claims: set[int] = set()
        self.errors_before = 0
        self.breaks = self.fresh = False
        self.wanted_group = ""

    def begin(self, dialect: Dialect) -> None:
        """An interchange with these delimiters comes next; its ISA has had its say about them."""
        self.dialect, self.fresh = dialect, True

    def take(self, raw: list[bytes], segments: list[bytes], *, more: bool) -> int:
        """Read segments; gives how many were taken. An ISA with other delimiters is left, and a record that is not
        yet whole (when there may be `more`).
        """
        cursor = self.cursor
        cursor.load(raw, segments, open_record=isinstance(self.body, Walker))
        index, count = 0, len(segments)
        while index < count:
            if self.body is not None:
                self.body.may_wait = more
                index = self.body.run(segments, index)
                if self.body.waiting is not None:
                    cursor.cut(index)
                    return index
                if index >= count:
                    break
            cursor.index = index
            segment = segments[index]
            fresh, self.fresh = self.fresh, False
            if segment.startswith(b"ISA") and not fresh and self.changes(segments[index : index + 2]):
                self.leave(index)
                return index
            self.envelope(segment)
            index += 1
        cursor.index = count
        return count

    @property
    def waits(self) -> bool:
        """A record waits for the rest of its segments."""
        return self.body is not None and self.body.waiting is not None

    def record_segments(self) -> int:
        """How many segments of a record that is not yet whole are held."""
        return self.cursor.count() if isinstance(self.body, Walker) else 0

    def leave(self, index: int) -> None:
        """The interchange, if one is open, ends in front of segment `index`, where other delimiters begin."""
        if self.interchange is not None:
            self.end_interchange(None)
        self.cursor.leave(index)

    def changes(self, segments: list[bytes]) -> bool:
        """Whether an ISA found on the way declares other delimiters than those in force. One of its own may be the
        terminator in force, so that the ISA goes on in the next segment.
        """
        header = read_header(self.dialect.segment.join([*segments, b""]))
        return header is not None and proper(header.dialect) and header.dialect != self.dialect

    def envelope(self, segment: bytes) -> None:
        """One segment outside a transaction, or one that ends it."""
        parts = segment.split(self.dialect.element)
        handler = HANDLERS.get(parts[0])
        if not segment.strip():
            self.empty()
        elif handler is None:
            self.journal.add("stray_segment", self.cursor.here(), segment=parts[0][:3].decode("latin-1"))
        else:
            handler(self, [part.decode("latin-1") for part in parts])

    def empty(self) -> None:
        """Nothing between two terminators; blanks at the very end are no finding."""
        place = self.cursor.here()
        self.cursor.skip()
        if self.body is not None:
            self.journal.add("segment_empty", place, segment="")

    def isa(self, parts: list[str]) -> None:
        """An interchange begins."""
        if self.interchange is not None:
            self.end_interchange(None)
        place = self.cursor.here()
        self.interchange = read_interchange(parts, self.dialect)
        self.group_count = 0
        for label, number, code in interchange_faults(parts):
            self.journal.add(
                "isa_value", place, segment="ISA", element=number, words={"label": label, "ack_code": code}
            )

    def gs(self, parts: list[str]) -> None:
        """A group begins."""
        place = self.cursor.here()
        if self.group is not None:
            self.end_group(None)
        if self.interchange is None:
            self.interchange = read_interchange([""] * 17, self.dialect)
        self.group = read_group(parts)
        self.group_count += 1
        self.transaction_count = 0
        self.wanted_group = ""
        self.seen_numbers.clear()
        for label, number in group_faults(parts):
            self.journal.add("group_value", place, segment="GS", element=number, words={"label": label})

    def st(self, parts: list[str]) -> None:
        """A transaction begins."""
        place = self.cursor.here()
        if self.body is not None:
            self.journal.add("se_missing", place, segment="SE")
            self.end_transaction()
        if self.group is None:
            self.journal.add("envelope_order", place, segment="ST")
        self.notes()
        self.transaction_count += 1
        self.total_transactions += 1
        code, number, version = (parts + [""] * 4)[1:4]
        self.control_number = number
        self.cursor.transaction_start = place.number
        place = self.cursor.here()
        declared = version or (self.group.version if self.group is not None else "")
        type_ = guides.find_type(code, declared)
        self.events.append(
            Opened(
                type=type_ or code,
                version=declared,
                control_number=number,
                interchange=self.interchange or read_interchange([""] * 17, self.dialect),
                group=self.group,
            )
        )
        self.errors_before = self.journal.errors
        self.start_body(type_, declared, place)
        self.check_start(code, number, version, place)

    def start_body(self, type_: str | None, version: str, place: Place) -> None:
        """Choose who reads the transaction, and let it read the ST."""
        if type_ is None:
            self.proofs = None
            self.body = Keeper(self.dialect, self.cursor, self.journal, self.events)
            old = version.startswith(("003", "004"))
            self.journal.add("older_version" if old else "st_unknown", place, segment="ST", element=3)
            return
        compiled = program(type_, self.dialect)
        self.proofs = Proofs(self.options, self.dialect.element, self.seen_claims)
        self.body = Walker(compiled, self.cursor, self.journal, self.events, self.proofs)
        self.cursor.begin()
        if version != compiled.guide.version:
            self.journal.add("other_version", place, segment="ST", element=3)
        self.body.begin(place.segment)

    def check_start(self, code: str, number: str, version: str, place: Place) -> None:
        """ST01 to ST03 against the group."""
        group = self.group
        digest = hash(number)
        if digest in self.seen_numbers:
            self.journal.add("st_repeated", place, segment="ST", element=2)
        if len(self.seen_numbers) < self.options.limits.transactions:
            self.seen_numbers.add(digest)
        if group is None:
            return
        if version and group.version and version != group.version:
            self.journal.add("st_version", place, segment="ST", element=3)
        wanted = {
            "837": "HC",
            "835": "HP",
            "270": "HS",
            "271": "HB",
            "276": "HR",
            "277": "HN",
            "278": "HI",
            "999": "FA",
        }
        fit = wanted.get(code)
        if fit and fit not in (group.functional_id, self.wanted_group):
            self.wanted_group = fit
            self.journal.add("group_type", place, segment="ST", element=1, words={"name": fit})

    def se(self, parts: list[str]) -> None:
        """A transaction ends."""
        place = self.cursor.here()
        if self.body is None:
            self.journal.add("envelope_order", place, segment="SE")
            return
        self.body.finish()
        count = place.number - self.cursor.transaction_start + 1
        claimed, number = [*parts, "", ""][1:3]
        if claimed.lstrip("0") != str(count):
            self.journal.add("se_count", place, segment="SE", element=1)
        if number != self.control_number:
            self.journal.add("se_control", place, segment="SE", element=2)
        self.end_transaction(finished=True)

    def end_transaction(self, *, finished: bool = False) -> None:
        """Close the transaction with its sums and remaining findings."""
        body = self.body
        assert body is not None
        if not finished:
            body.finish()
        place = self.cursor.here()
        if self.proofs is not None:
            self.proofs.close(self.journal)
        count = place.number - self.cursor.transaction_start + (1 if finished else 0)
        totals = self.proofs.totals(body.records, count) if self.proofs is not None else Totals(segments=count)
        ok = self.journal.errors == self.errors_before
        self.events.append(Closed(findings=self.journal.taken(), totals=totals, ok=ok))
        self.body = self.proofs = None
        self.cursor.transaction_start = 0

    def ge(self, parts: list[str]) -> None:
        """A group ends."""
        if self.group is None:
            self.journal.add("envelope_order", self.cursor.here(), segment="GE")
            return
        self.end_group(parts)

    def end_group(self, parts: list[str] | None) -> None:
        """Close the group; without parts its GE is missing."""
        group, place = self.group, self.cursor.here()
        assert group is not None
        if self.body is not None:
            self.journal.add("se_missing", place, segment="SE")
            self.end_transaction()
        if parts is None:
            self.journal.add("ge_missing", place, segment="GE")
        else:
            count, number = [*parts, "", ""][1:3]
            if count.lstrip("0") != (str(self.transaction_count) if self.transaction_count else ""):
                self.journal.add("ge_count", place, segment="GE", element=1)
            if number.lstrip("0") != group.control_number.lstrip("0"):
                self.journal.add("ge_control", place, segment="GE", element=2)
        self.notes()
        self.group = None

    def iea(self, parts: list[str]) -> None:
        """An interchange ends."""
        if self.interchange is None:
            self.journal.add("envelope_order", self.cursor.here(), segment="IEA")
            return
        self.end_interchange(parts)

    def end_interchange(self, parts: list[str] | None) -> None:
        """Close the interchange; without parts its IEA is missing."""
        interchange = self.interchange
        assert interchange is not None
        if self.group is not None:
            self.end_group(None)
        elif self.body is not None:
            self.journal.add("se_missing", self.cursor.here(), segment="SE")
            self.end_transaction()
        place = self.cursor.here()
        if parts is None:
            self.journal.add("iea_missing", place, segment="IEA")
        else:
            count, number = [*parts, "", ""][1:3]
            if count.lstrip("0") != (str(self.group_count) if self.group_count else ""):
                self.journal.add("iea_count", place, segment="IEA", element=1)
            if number != interchange.control_number:
                self.journal.add("iea_control", place, segment="IEA", element=2)
        self.notes()
        self.interchange = None

    def ta1(self, parts: list[str]) -> None:
        """An acknowledgement of an interchange; it stands before the groups."""
        place = self.cursor.here()
        if self.group is not None or self.interchange is None or self.body is not None:
            self.journal.add("envelope_order", place, segment="TA1")
            return
        self.notes()
        number, day, time, code, note = (parts[1:] + [""] * 5)[:5]
        self.events.append(Opened(type="TA1", version="", control_number=number, interchange=self.interchange))
        record = None
        date = interchange_day(day)
        if date is None:
            self.journal.add("element_date", place, segment="TA1", element=2, words={"label": "date"})
        else:
            record = InterchangeAcknowledgement(control_number=number, date=date, time=time, code=code, note=note)
        for element, good in ((4, code in ("A", "E", "R")), (5, note.isdigit() and len(note) == 3)):
            if not good:
                self.journal.add("element_code", place, segment="TA1", element=element, words={"label": "code"})
        findings = self.journal.taken()
        ok = record is not None and not findings
        self.events.append(Record(record=record, findings=findings, offset=place.offset, ok=ok))
        self.events.append(Closed(totals=Totals(records=int(record is not None), segments=1), ok=ok))

    def notes(self) -> None:
        """Hand over findings that belong to no transaction."""
        if self.journal.pending and self.body is None:
            self.events.append(Noted(findings=self.journal.taken(), interchange=self.interchange, group=self.group))

    def over_limit(self, name: str) -> None:
        """Reading stops at a limit."""
        self.journal.add("too_large", self.cursor.here(), words={"name": name})

    def finish(self) -> None:
        """The source has ended."""
        if self.interchange is not None:
            self.end_interchange(None)
        elif self.body is not None:
            self.journal.add("se_missing", self.cursor.here(), segment="SE")
            self.end_transaction()
        if self.breaks:
            self.journal.add("line_breaks", Place(0, 1, 0, b"ISA"), segment="ISA")
        self.notes()


def interchange_day(text: str) -> datetime.date | None:
    """YYMMDD (or CCYYMMDD) of an ISA or TA1."""
    try:
        return DATES[(text if len(text) == 8 else "20" + text).encode("latin-1")]
    except ValueError:
        return None


Handler = Callable[[Control, list[str]], None]
HANDLERS: dict[bytes, Handler] = {
    b"ISA": Control.isa,
    b"GS": Control.gs,
    b"ST": Control.st,
    b"SE": Control.se,
    b"GE": Control.ge,
    b"IEA": Control.iea,
    b"TA1": Control.ta1,
}
