"""Section x12: the codec against a floor and against its peers, each row a ratio measured in this run.

Peers are imported where they are used: one that is not installed is named as such, and everything else is measured
all the same. The lock brings x12sdk and pyx12; edi-835-parser needs an older pandas, so it comes only with the extra:
`.venv/bin/pip install --editable '.[bench]'`.

The floor is what Python takes to split a file: `for s in data.split(b"~"): s.split(b"*")`. Time is processor time
of this process, the best of several (peers: once, on smaller files, by throughput). `BENCH_MB` sets the size (30). The
last lines hold the figures against the bars; the worst of the files counts, and reading is judged by the 835.
"""

import importlib.metadata
import io
import logging
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import cast

from bench.x12_files import claims, remittances
from shared import x12
from shared.x12.model.records.parts import Part

MEGABYTES = int(os.environ.get("BENCH_MB", "30"))
Job = Callable[[], object]
Make = Callable[[int, int], Iterable[bytes]]
MEASURED: dict[str, list[float]] = defaultdict(list)
# What is measured, the bar, and whether it is to be at least that.
BARS = (
    ("times as fast as x12sdk", 10, True),
    ("times as fast as pyx12's validation", 50, True),
    ("times the floor, typed (aim: 4)", 7, False),
    ("times the floor, segments alone (aim: 1.5)", 2, False),
    ("times the memory for a large file", 1.05, False),
    ("ms for 4 KB", 1, False),
    ("MB/s written", 12, True),
    ("thousand claims a second written (OpenEMR's generator: 18 to 23, published)", 18, True),
)


def seconds(job: Job, times: int = 3) -> float:
    """Processor time of the quickest run."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        job()
        best = min(best, time.process_time() - start)
    return best


def floor(data: bytes) -> None:
    """The least that any reader in Python has to do."""
    for segment in data.split(b"~"):
        segment.split(b"*")


def typed(data: bytes) -> None:
    """Typed records, one at a time, balanced; facts of the world are warnings and no code list is asked."""
    for _ in x12.read(data):
        pass


def consume(data: bytes) -> None:
    """Typed, balanced and checked records, one at a time; facts of the world are errors."""
    for event in x12.read(data, strict=True):
        if isinstance(event, x12.Closed):
            assert event.ok


def plain_read(path: str) -> None:
    """The bytes of a file, in pieces, and nothing else."""
    with pathlib.Path(path).open("rb") as file:
        while file.read(1 << 20):
            pass


def segments_only(data: bytes) -> None:
    """The segments of a file with their places, and nothing else."""
    for _ in x12.segments(data):
        pass


def pyx12_segments(path: str) -> None:
    """The segments of a file by pyx12."""
    import pyx12.x12file  # noqa: PLC0415

    with pathlib.Path(path).open() as file:
        for _ in pyx12.x12file.X12Reader(file):
            pass


def pyx12_validation(path: str) -> None:
    """pyx12's whole validation."""
    import pyx12.params  # noqa: PLC0415
    import pyx12.x12n_document  # noqa: PLC0415

    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    pyx12.x12n_document.x12n_document(
        param=pyx12.params.params(),
        src_file=path,
        fd_997=io.StringIO(),
        fd_html=None,
        fd_json=io.StringIO(),
        map_path=None,
    )


def edi_835_parser_sets(path: str) -> None:
    """edi-835-parser's transaction sets."""
    import edi_835_parser  # noqa: PLC0415

    edi_835_parser.parse(path)


def x12sdk_models(path: str) -> None:
    """x12sdk's typed models."""
    from x12sdk.io import X12ModelReader  # noqa: PLC0415

    with X12ModelReader(path) as reader:
        for _ in reader.models():
            pass


def in_turn(*jobs: Job, times: int = 5) -> list[float]:
    """Median processor time of each job, one after the other so many times, so that whatever else the machine does
    meets all of them.
    """
    spent = [[seconds(job, 1) for job in jobs] for _ in range(times)]
    return [statistics.median(one) for one in zip(*spent, strict=True)]


def row(name: str, size: int, spent: float, base: float) -> None:
    """One line: throughput and how many times the floor it costs."""
    print(f"  {name:44} {size / spent / 1e6:9.2f} MB/s   {spent / size / base:8.1f} x the floor", flush=True)


def on_disk(data: bytes, job: Callable[[str], object]) -> float:
    """Processor time of a job over a file with these bytes."""
    with tempfile.NamedTemporaryFile(suffix=".x12") as file:
        file.write(data)
        file.flush()
        return seconds(lambda: job(file.name), 1)


def readers(name: str, make: Make, claims_each: int) -> tuple[float, float]:
    """Rows of our own for one file; gives the floor and our own cost (strict), both in seconds a byte."""
    data = b"".join(make(MEGABYTES * 1_000_000, claims_each))
    size = len(data)
    each = f"{claims_each} claims a transaction" if claims_each else "all claims in one transaction"
    print(f"{name} of {size / 1e6:.0f} MB, {each}")
    least, alone, spent = in_turn(lambda: floor(data), lambda: segments_only(data), lambda: consume(data))
    base = least / size
    row("plain read from disk", size, on_disk(data, plain_read) or 1e-9, base)
    row("plain count of terminators", size, seconds(lambda: data.count(b"~")) or 1e-9, base)
    row("floor: split and split", size, least, base)
    row("handbill: segments alone", size, alone, base)
    row("handbill: typed, balanced", size, seconds(lambda: typed(data), 2), base)
    row("handbill: typed, balanced, strict", size, spent, base)
    MEASURED[BARS[3][0]].append(alone / least)
    if name == "835":
        MEASURED[BARS[2][0]].append(spent / least)
    return base, spent / size


PEERS: tuple[tuple[str, str, Callable[[str], None], int, str], ...] = (
    ("pyx12", "segments", pyx12_segments, 1_000_000, ""),
    ("pyx12", "validation", pyx12_validation, 200_000, BARS[1][0]),
    ("x12sdk", "models", x12sdk_models, 300_000, BARS[0][0]),
    ("edi-835-parser", "transaction sets", edi_835_parser_sets, 1_000_000, ""),
)


def peers(name: str, make: Make, base: float, ours: float) -> None:
    """Rows of the peers on files they can finish, and our speed as a multiple of theirs."""
    for peer, what, job, size, bar in PEERS:
        if peer == "edi-835-parser" and name != "835":
            continue
        try:
            version = importlib.metadata.version(peer)
        except importlib.metadata.PackageNotFoundError:
            print(f"  {peer} is not installed")
            continue
        data = b"".join(make(size, 100))
        spent = on_disk(data, job)
        row(f"{peer} {what} ({version})", len(data), spent, base)
        print(f"  {'':44} handbill is {spent / len(data) / ours:.0f} times as fast on an {name}")
        if bar and name == "835":
            MEASURED[bar].append(spent / len(data) / ours)


def writer(name: str, make: Make) -> None:
    """Records to bytes: segment by segment with all checks, and at once with the proof that nothing is lost."""
    data = b"".join(make(2_000_000, 100))
    read = x12.read_all(data).transactions
    transactions = [
        x12.Transaction(
            type=name,
            control_number=one.opened.control_number,
            header=cast("Part", one.header),
            records=cast("tuple[Part, ...]", one.records),
        )
        for one in read
    ]
    interchange = read[0].opened.interchange
    group = x12.Group(sender="HANDBILL", receiver="PAYER", date=interchange.date, time="1015", control_number="101")
    envelope = x12.Envelope(interchange=interchange, group=group)
    count = sum(len(one.records) for one in transactions)
    print(f"{name} written from its records")
    few = transactions[:2]
    careful = seconds(lambda: x12.write(envelope, few, careful=True), 1) / len(x12.write(envelope, few)) * len(data)
    least, spent = in_turn(lambda: floor(data), lambda: x12.write(envelope, transactions))
    row("handbill: writer, segment by segment", len(data), careful, least / len(data))
    row("handbill: writer", len(data), spent, least / len(data))
    print(f"  {'':44} {count / spent:,.0f} records a second, {careful / spent:.0f} times segment by segment")
    MEASURED[BARS[6][0]].append(len(data) / spent / 1e6)
    if name == "837P":
        MEASURED[BARS[7][0]].append(count / spent / 1000)


def small() -> None:
    """A remittance of 4 KB."""
    data = b"".join(remittances(4_000, 0))
    spent = seconds(lambda: consume(data), 50)
    print(f"835 of {len(data)} bytes: {spent * 1000:.2f} ms")
    MEASURED[BARS[5][0]].append(spent * 1000)


MEMORY = """
import pathlib, re, sys
from bench.x12_files import remittances
from shared import x12
for event in x12.read(remittances(int(sys.argv[1]), 100)):
    pass
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def memory() -> None:
    """Peak memory of reading as the file grows."""
    peaks = [
        int(
            subprocess.run([sys.executable, "-c", MEMORY, str(size)], capture_output=True, check=True, text=True).stdout
        )
        for size in (1_000_000, 100_000_000 if MEGABYTES >= 30 else MEGABYTES * 1_000_000)
    ]
    print(
        f"peak memory: 1 MB {peaks[0] / 1024:.1f} MiB, large {peaks[1] / 1024:.1f} MiB, ratio {peaks[1] / peaks[0]:.3f}"
    )
    MEASURED[BARS[4][0]].append(peaks[1] / peaks[0])


def bars() -> None:
    """What was measured against what is wanted."""
    for name, bar, least in BARS:
        if not MEASURED[name]:
            print(f"bar: {'at least' if least else 'at most'} {bar:g} {name}: not measured")
            continue
        worst = (min if least else max)(MEASURED[name])
        met = worst >= bar if least else worst <= bar
        print(f"bar: {'at least' if least else 'at most'} {bar:g} {name}: {worst:.2f}, {'ok' if met else 'not met'}")


def main() -> None:
    """The section."""
    MEASURED.clear()
    base, ours = readers("835", remittances, 100)
    peers("835", remittances, base, ours)
    readers("835", remittances, 0)
    base, ours = readers("837P", claims, 100)
    peers("837P", claims, base, ours)
    readers("837P", claims, 0)
    writer("835", remittances)
    writer("837P", claims)
    small()
    memory()
    bars()


if __name__ == "__main__":
    main()
