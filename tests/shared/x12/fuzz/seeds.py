"""The files that mutants are made of: hand-written cases, samples of every transaction, and public files if any."""

import pathlib

from tests.shared.x12 import samples

CASES = pathlib.Path(__file__).parents[1] / "cases"
CORPUS = pathlib.Path(__file__).parents[5] / "shared" / "corpus"


def own():
    """The seeds of this repository alone, by name."""
    found = {
        "837P": samples.write_837p(),
        "835": samples.write_835(samples.payment(), samples.denial(), samples.reversal(), cents=0),
        "270": samples.write_270(),
        "271": samples.write_271(),
        "276": samples.write_276(),
        "277": samples.write_277(),
        "277CA": samples.write_277ca(),
        "278": samples.write_278(),
        "999": samples.write_999(samples.write_837p().replace(b"HI*ABK", b"HI*XXX")),
        "TA1": samples.write_ta1(),
        "4010": samples.write_837p().replace(b"005010X222A1", b"004010X098A1"),
    }
    for path in sorted(CASES.glob("*/*/*.x12")):
        lines = path.read_bytes().splitlines()
        found[str(path.relative_to(CASES))] = b"".join(line for line in lines if not line.startswith(b"#"))
    return found


def everything():
    """These and the public files, where they lie beside the repository."""
    found = own()
    for path in sorted(CORPUS.glob("*/*.x12")):
        found[str(path.relative_to(CORPUS))] = path.read_bytes()
    return found
