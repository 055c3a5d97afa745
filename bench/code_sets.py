"""Section code_sets: what the packaged ICD-10-CM table costs. A look-up by code and day against a C bisection of a list
of strings, which holds no dates and needs five times the memory; the first look-up of a process against decompressing
the file, which nothing can go below. Each is the best of five.
"""

import bisect
import gzip
import time
from collections.abc import Callable
from datetime import date

from shared.codesets.icd10.table import unpack
from shared.codesets.packaged import data_bytes

CODES = ("M54.50", "S39.012A", "G44.86", "V43.52XA", "M25.551", "XYZ")
TODAY = date(2026, 5, 1)
LOOK_UPS = 2_000
LOOK_UP_MUST, START_MUST = 40.0, 3.0


def best_seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    packed = data_bytes("icd10.gz")
    table = unpack(packed)
    plain = [table.code_at(row) for row in range(len(table))]

    def look_up() -> None:
        for _ in range(LOOK_UPS):
            for code in CODES:
                table.status(code, TODAY)

    def bisect_list() -> None:
        for _ in range(LOOK_UPS):
            for code in CODES:
                bisect.bisect_left(plain, code.replace(".", ""))

    found, floor = best_seconds(look_up), best_seconds(bisect_list)
    report("look-up by code and day", found / LOOK_UPS / len(CODES) * 1e6, "us", found / floor, LOOK_UP_MUST)
    found = best_seconds(lambda: unpack(packed).status("M54.5", TODAY))
    floor = best_seconds(lambda: gzip.decompress(packed))
    report("first look-up of a process", found * 1e3, "ms", found / floor, START_MUST)


def report(what: str, amount: float, unit: str, ratio: float, most: float) -> None:
    verdict = "yes" if ratio <= most else "NO"
    print(f"{what:<27} {amount:6.2f} {unit}, {ratio:5.2f} x the floor, must be at most {most:.0f}: {verdict}")


if __name__ == "__main__":
    main()
