"""Prints a generated function: `python -m shared.x12.codegen TYPE LOOP [SEGMENT]`, for instance `835 2100 CLP`."""

import sys

from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.codegen.loop_reader import LoopReaderSource
from shared.x12.codegen.segment_reader import SegmentReaderSource
from shared.x12.codegen.straight_reader import AdaptiveReader
from shared.x12.model.envelope import Delimiters
from shared.x12.model.registry import TRANSACTION_SETS


def generated(type_: str, loop_id: str, segment_id: str = "") -> str:
    """The text of the function that reads a loop, or the first use of a segment in it.

    Raises LookupError where there is no such segment, or where the loop fills the record of the loop above.
    """
    compiled = compiled_guide(type_, Delimiters())
    for use, step in compiled.steps.items():
        if use.loop.id == loop_id and segment_id in ("", use.id) and (segment_id or use.loop.record):
            if segment_id:
                return SegmentReaderSource(step.codegen, use, step.binding).source()
            return LoopReaderSource(compiled.steps, compiled.transaction_set, use.loop, AdaptiveReader).text()
    raise LookupError(f"the {type_} has no such segment in loop {loop_id}, or no record is made of it")


def main(arguments: list[str]) -> int:
    """The exit status: 0, or 2 for arguments that name nothing."""
    if len(arguments) not in (2, 3) or arguments[0] not in TRANSACTION_SETS:
        print(f"usage: python -m shared.x12.codegen {{{','.join(TRANSACTION_SETS)}}} LOOP [SEGMENT]", file=sys.stderr)  # noqa: T201
        return 2
    try:
        print(generated(*arguments))  # noqa: T201
    except LookupError as error:
        print(error.args[0], file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
