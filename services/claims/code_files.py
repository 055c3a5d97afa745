"""An operator's code sets: editions imported by `handbill codes import`, kept as files beside the databases.

They are in one folder, one file for each code set; a service reads them when it starts. A new edition is written to
a temporary file that is then renamed, so that nobody ever reads an incomplete file.
"""

from pathlib import Path

from shared.codesets import CodeSets, bundled
from shared.private_files import write_private_file
from shared.startup import CannotStart

NAMES = {"icd10": "icd10.gz", "ncci": "ncci.gz", "mue": "mue.gz", "procedures": "procedures.toml"}
MAX_BYTES = 200_000_000


class CodeFileDamaged(CannotStart, ValueError):
    """An imported edition cannot be read; the message names the file."""


def code_sets(folder: Path) -> CodeSets:
    """The packaged code sets with what was imported in place of it. Raises CodeFileDamaged."""
    files = {kind: path.read_bytes() for kind, name in NAMES.items() if (path := folder / name).is_file()}
    if not files:
        return bundled()
    # One at a time, so that the file that is damaged can be named.
    for kind, content in files.items():
        try:
            _ = CodeSets.of_files({kind: content}).procedures
        except (ValueError, KeyError, TypeError, OSError, EOFError, IndexError) as error:
            raise CodeFileDamaged(f"{folder / NAMES[kind]} is damaged: import it again, or remove it") from error
    return CodeSets.of_files(files)


def keep(folder: Path, kind: str, content: bytes) -> Path:
    """Write an edition atomically."""
    path = folder / NAMES[kind]
    write_private_file(path, lambda: content, replace=True)
    return path
