"""An operator's code sets in files beside the databases: procedures of his own, and editions of earlier versions.

They are in one folder, one file for each code set; a service reads them when it starts. Editions that are imported now
are kept in the database and take the place of these.
"""

from pathlib import Path

from shared.codesets import CodeSets, bundled
from shared.startup import CannotStart

NAMES = {"icd10": "icd10.gz", "ncci": "ncci.gz", "mue": "mue.gz", "procedures": "procedures.toml"}


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
