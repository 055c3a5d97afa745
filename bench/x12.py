"""Section x12: the codec against a floor and against its peers, each row a ratio measured in this run.

Peers are imported where they are used, so that a machine without them still measures our own rows. The floor is what
Python itself takes to split a file: `for s in data.split(b"~"): s.split(b"*")`. Time is processor time of this
process, the best of three (peers: once, on smaller files, by throughput). `BENCH_MB` sets the size (30).
"""

import importlib.metadata
import io
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from bench.x12_files import claims, remittances
from shared import x12

MEGABYTES = int(os.environ.get("BENCH_MB", "30"))
Job = Callable[[], object]


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


def consume(data: bytes) -> None:
    """Typed, proved and checked records, one at a time."""
    for event in x12.read(data, strict=True):
        if isinstance(event, x12.Closed):
            assert event.ok


def segments_only(data: bytes) -> None:
    """Segments, envelope and counts, without a guide."""
    for _ in x12.read(data.replace(b"*005010X221A1~", b"*004010X091A1~").replace(b"*005010X222A1~", b"*004010X098A1~")):
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


def x12sdk_models(path: str) -> None:
    """x12sdk's typed models."""
    from x12sdk.io import X12ModelReader  # noqa: PLC0415

    with X12ModelReader(path) as reader:
        for _ in reader.models():
            pass


def row(name: str, size: int, spent: float, base: float) -> None:
    """One line: throughput and how many times the floor it costs."""
    print(f"  {name:44} {size / spent / 1e6:9.2f} MB/s   {spent / size / base:8.1f} x the floor")


def readers(name: str, make: Callable[..., object], claims_each: int) -> tuple[float, float]:
    """Rows of our own for one file; gives the floor and our own cost, both in seconds a byte."""
    data = b"".join(make(MEGABYTES * 1_000_000, claims_each))  # type: ignore[call-overload]
    each = f"{claims_each} claims a transaction" if claims_each else "all claims in one transaction"
    print(f"{name} of {len(data) / 1e6:.0f} MB, {each}")
    base = seconds(lambda: floor(data)) / len(data)
    row("plain count of terminators", len(data), seconds(lambda: data.count(b"~")) or 1e-9, base)
    row("floor: split and split", len(data), base * len(data), base)
    row("handbill: segments and envelope", len(data), seconds(lambda: segments_only(data), 1), base)
    spent = seconds(lambda: consume(data), 2)
    row("handbill: typed, balanced, checked", len(data), spent, base)
    return base, spent / len(data)


def peers(name: str, make: Callable[..., object], base: float, ours: float) -> None:
    """Rows of the peers on files they can finish, and our speed as a multiple of theirs."""
    jobs = {"pyx12 segments": (pyx12_segments, 1_000_000), "pyx12 validation": (pyx12_validation, 200_000)}
    jobs["x12sdk models"] = (x12sdk_models, 300_000)
    for peer, (job, size) in jobs.items():
        data = b"".join(make(size, 100))  # type: ignore[call-overload]
        with tempfile.NamedTemporaryFile(suffix=".x12") as file:
            file.write(data)
            file.flush()
            spent = seconds(lambda job=job, file=file: job(file.name), 1)
        version = importlib.metadata.version(peer.split()[0])
        row(f"{peer} ({version})", len(data), spent, base)
        print(f"  {'':44} handbill is {spent / len(data) / ours:.0f} times as fast on an {name}")


def writer() -> None:
    """Records to bytes, as a share of the floor for the same bytes."""
    data = b"".join(claims(2_000_000, 100))
    transactions = [
        x12.Transaction(type="837P", control_number=one.opened.control_number, header=one.header, records=one.records)
        for one in x12.read_all(data).transactions
    ]
    opened = x12.read_all(data).transactions[0].opened
    envelope = x12.Envelope(
        interchange=opened.interchange,
        group=x12.Group(
            sender="HANDBILL", receiver="PAYER", date=opened.interchange.date, time="1015", control_number="101"
        ),
    )
    base = seconds(lambda: floor(data)) / len(data)
    spent = seconds(lambda: x12.write(envelope, transactions))
    print("837P written from claim records")
    row("handbill: writer", len(data), spent, base)


def small() -> None:
    """A remittance of 4 KB."""
    data = b"".join(remittances(4_000, 0))
    spent = seconds(lambda: consume(data), 50)
    print(f"835 of {len(data)} bytes: {spent * 1000:.2f} ms")


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


def main() -> None:
    """The section."""
    base, ours = readers("835", remittances, 100)
    peers("835", remittances, base, ours)
    readers("835", remittances, 0)
    base, ours = readers("837P", claims, 100)
    peers("837P", claims, base, ours)
    readers("837P", claims, 0)
    writer()
    small()
    memory()


if __name__ == "__main__":
    main()
