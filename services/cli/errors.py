"""How the command says that it cannot do what was asked: a sentence on standard error, and no traceback.

Exit status: 0 done; 1 it could not be done; 2 it could not start, or was misused.
"""

import os
import sys
from collections.abc import Callable

from shared.startup import CannotStart, file_fault

CANNOT_START = 2


class CommandFailed(Exception):
    """The text is shown as it is; `status` is the exit status."""

    def __init__(self, text: str, *, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def run_to_exit(action: Callable[[], object]) -> None:
    """Do it; what a person can fix ends the process with a sentence and a status, anything else is a traceback."""
    try:
        action()
    except CommandFailed as failed:
        _fail(str(failed), failed.status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        raise SystemExit(0) from None
    except CannotStart as fault:
        _fail(str(fault), CANNOT_START)
    except OSError as error:
        fault_text = file_fault(error)
        if fault_text is None:
            raise
        _fail(fault_text, CANNOT_START)
    except Exception as error:
        from shared.errors import Problem

        if not isinstance(error, Problem):
            raise
        _fail("\n".join([error.detail, *(f"{fault.message} {fault.fix}" for fault in error.errors)]), 1)


def _fail(text: str, status: int) -> None:
    print(f"handbill: {text}", file=sys.stderr)
    raise SystemExit(status)
