"""The files that mutants are made of: hand-written cases, examples of every transaction, and public files if any."""

import pathlib

from tests.shared.x12 import examples

CASES = pathlib.Path(__file__).parents[1] / "cases"
CORPUS = pathlib.Path(__file__).parents[5] / "shared" / "corpus"


def own():
    """The seeds of this repository alone, by name."""
    found = {
        "837P": examples.write_837p(),
        "835": examples.write_835(examples.payment(), examples.denial(), examples.reversal(), cents=0),
        "270": examples.write_270(),
        "271": examples.write_271(),
        "276": examples.write_276(),
        "277": examples.write_277(),
        "277CA": examples.write_277ca(),
        "278": examples.write_278(),
        "999": examples.write_999(examples.write_837p().replace(b"HI*ABK", b"HI*XXX")),
        "TA1": examples.write_ta1(),
        "4010": examples.write_837p().replace(b"005010X222A1", b"004010X098A1"),
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
