"""What has to hold for any bytes at all.

`broken(data)` gives None, or which rule failed and how. Reading never raises, ends in bounded time and memory, gives
the same events whatever the pieces, and its findings lie in the file; what was read without an error can be written and
read back the same; an answer can always be made, and is itself without an error; every face of the codec stays up.
"""

import contextlib
import datetime
import random
import re
import resource
import signal
import sys
import time
import traceback

import msgspec

from shared import x12
from shared.x12 import commands
from shared.x12.explain.explainer import explain
from shared.x12.splitting.lossless import first_difference
from shared.x12.validation.catalogue import CATALOGUE
from tests.shared.x12 import examples

FINDINGS = 400
HANGS_SECONDS = 120
LIMITS = x12.Limits(findings=FINDINGS, segment_bytes=1 << 20)
SEVERITIES = set(x12.Severity)


class Broken(Exception):
    """A rule failed; `rule` names it, so that a smaller file can be held to the same failure."""

    def __init__(self, rule, story):
        super().__init__(f"{rule}: {story}")
        self.rule = rule


class Lists:
    """Code lists that know some codes, do not know others, and cannot tell about the rest."""

    def diagnosis(self, code, on):
        return (True, False, None)[len(code) % 3]

    def adjustment_reason(self, code, on):
        return (True, False, None)[len(code) % 3]

    def remark(self, code, on):
        return (True, False, None)[len(code) % 3]


def broken(data, *, timed=True):
    """The first rule that these bytes break, as `Broken`, or None. Without `timed` only what does not end is slow."""
    chance = random.Random(data)
    for rule in RULES:
        try:
            hold(rule, data, chance, timed)
        except Broken as failure:
            return failure
    return None


def hold(rule, data, chance, timed=True):
    """One rule, with its time and memory."""
    # The slowest rule reads a file four times; files of faults alone are read at some 150 KB a second.
    seconds = 3 + len(data) / 15_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    try:
        with deadline(5 * seconds if timed else HANGS_SECONDS):
            rule(data, chance)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        trace = "".join(traceback.format_exception(error))
        raise Broken(f"{rule.__name__} {type(error).__name__} in {frame.name}", trace) from error
    spent = time.process_time() - started
    if timed and spent > seconds:
        raise Broken(f"{rule.__name__} is slow", f"{spent:.1f} s for {len(data)} bytes")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    if grown > 48_000_000 + 100 * len(data):
        raise Broken(f"{rule.__name__} takes memory", f"{grown} bytes for {len(data)} bytes")


@contextlib.contextmanager
def deadline(seconds):
    """TimeoutError when a rule does not end by itself."""

    def ring(number, frame):
        raise TimeoutError("it does not end")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read_in_order(data, chance):
    """Opened, its records, Closed; findings are whole, bounded in number, and lie in the file."""
    for strict, codes in ((False, None), (True, Lists())):
        opened, count = None, 0
        for event in x12.read(data, strict=strict, codes=codes, limits=LIMITS, values=strict):
            match event:
                case x12.Opened():
                    assert opened is None
                    opened = event
                case x12.Record():
                    assert opened is not None
                    assert event.ok <= (event.record is not None)
                    assert 0 <= event.offset < len(data)
                case x12.Closed():
                    assert opened is not None
                    opened = None
            findings = () if isinstance(event, x12.Opened) else event.findings
            count += len(findings)
            for finding in findings:
                lies_within(finding, data)
        assert opened is None
        assert count <= FINDINGS * len(SEVERITIES) + len(CATALOGUE)


def lies_within(finding, data):
    """Place, sentence and fix of one finding."""
    assert finding.severity in SEVERITIES
    assert finding.message
    assert finding.fix
    assert not re.search("{[a-z_]{3,}}", finding.message + finding.fix)
    # What is missing at the end stands behind the last terminator, even where that is missing too.
    assert 0 <= finding.offset <= len(data) + 1, finding
    assert 0 <= finding.segment_number <= finding.offset + 2, finding
    assert finding.position >= 0
    assert finding.element >= 0
    assert finding.component >= 0


def same_in_pieces(data, chance):
    """The same events whether the file comes whole or in pieces."""
    whole = list(x12.read(data, strict=True, limits=LIMITS))
    longest = chance.choice((1, 8, 200, 2_000)) if len(data) < 5_000 else chance.choice((3_000, 100_000))
    assert list(x12.read(cut(data, longest, chance), strict=True, limits=LIMITS)) == whole


def cut(data, longest, chance):
    """The bytes in pieces of random lengths, some of them empty."""
    at = 0
    while at < len(data):
        size = chance.randint(0, longest)
        yield data[at : at + size]
        at += size


def written_the_same(data, chance):
    """A transaction read without an error is written, and read back as the same records."""
    for one in x12.read_all(data, limits=LIMITS).transactions:
        if one.ok and one.opened.group is not None and writable(one):
            again = x12.read_all(rewritten(one), limits=LIMITS)
            errors = [(f.code, f.segment, f.element) for f in again.findings if f.severity == "error"]
            assert not errors, errors
            assert again.transactions[0].header == one.header
            assert again.transactions[0].records == one.records


def writable(one):
    """Nothing in it that the tolerant reader takes and the strict writer has no place for."""
    findings = [*one.closed.findings, *(finding for item in one.items for finding in item.findings)]
    strange = {finding.code for finding in findings} & {"not_ascii"}
    kept = any(item.unknown for item in one.items)
    some = one.header is not None or one.records
    return some and not kept and not strange and one.opened.interchange.delimiters.repetition


def rewritten(one):
    """The records of a transaction in an envelope of ours, with the delimiters of theirs."""
    envelope = examples.envelope(delimiters=one.opened.interchange.delimiters)
    transaction = x12.Transaction(type=one.opened.type, control_number="0001", header=one.header, records=one.records)
    return x12.write(envelope, [transaction])


def every_byte_comes_back(data, chance):
    """Lossless, or not X12 at all."""
    found = first_difference(data)
    assert found is None or found.startswith("not X12"), found


def answered(data, chance):
    """TA1 and 999 can be made from the findings, and nothing is wrong with them."""
    for strict in (False, True):
        written = []
        status = commands.run_ack(data, written.append, examples.envelope(), strict=strict)
        assert status in (0, 1, 2)
        if written:
            report = x12.check(written[0], strict=True)
            assert report.ok, [(one.code, one.segment, one.element) for one in report.findings]


def claims_answered(data, chance):
    """A 277CA can be made of the claims that are there."""
    party = x12.Party(entity="AY", kind="2", name="CLEARING", id_qualifier="46", id="CH")
    today = datetime.date(2026, 3, 2)
    answers = x12.acknowledge_claims(data, clearinghouse=party, reference="R1", created=today, created_time="1015")
    for one in answers:
        assert len(one.accepted) + len(one.rejected) == len(one.records)


def explained(data, chance):
    """Every line is one printable line."""
    for line in explain(data):
        assert line.strip()
        assert not any(character < " " or character == "\x7f" for character in line), repr(line)


def commanded(data, chance):
    """The commands end with a status of theirs and lines that programs can read."""
    lines = []
    assert commands.run_read(data, lines.append, strict=True) in (0, 1, 2)
    assert commands.run_check([("file", data)], lines.append, as_json=True) in (0, 1, 2)
    for line in lines:
        msgspec.json.decode(line)
    assert commands.run_check([("file", data)], lines.append) in (0, 1, 2)
    assert commands.run_diff(data, data, lines.append) == 0


RULES = (
    *(read_in_order, same_in_pieces, written_the_same, every_byte_comes_back),
    *(answered, claims_answered, explained, commanded),
)
