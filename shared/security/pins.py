"""Which of access's keys are trusted: their RFC 7638 thumbprints, from a file of the installation or from a setting.

The key set is fetched from an address, and whoever answers there while access is down would else be the issuer of all
tokens. Access writes the file when it makes or removes a key, and it is read again whenever keys are fetched.
"""

from collections.abc import Iterable
from pathlib import Path

from shared.private_files import read_private_file, write_private_file
from shared.settings.values import THUMBPRINT
from shared.startup import CannotStart

MAX_FILE_BYTES = 100_000


class NoPinnedKeys(CannotStart):
    """Nothing says which keys of access are trusted."""


class PinnedKeys:
    """`thumbprint in pinned`. `file` has one thumbprint a line; `more` are those of the setting."""

    def __init__(self, file: Path, more: Iterable[str] = ()) -> None:
        self._file = file
        self._more = frozenset(more)
        if not self._more and not read_pins(file):
            raise NoPinnedKeys(
                f"{file} is not there, and nothing else says which keys of access are trusted; run `handbill init` on "
                "this installation, or set HANDBILL_ACCESS_KEY_THUMBPRINTS to what that file of access holds"
            )

    def __contains__(self, thumbprint: object) -> bool:
        # Read each time, which is once a fetch of the key set: a key that has leaked is unpinned by its removal.
        return thumbprint in self._more or thumbprint in read_pins(self._file)


def read_pins(file: Path) -> frozenset[str]:
    """The thumbprints of a file; none where it is not there. Raises ReadableByOthers, and OSError."""
    if not file.exists():
        return frozenset()
    return frozenset(THUMBPRINT.findall(read_private_file(file, MAX_FILE_BYTES).decode("ascii", "replace")))


def write_pins(file: Path, thumbprints: Iterable[str]) -> None:
    """These are trusted from now on, and no others. Raises as `read_pins`."""
    wanted = frozenset(thumbprints)
    if wanted != read_pins(file):
        content = "".join(f"{one}\n" for one in sorted(wanted)).encode()
        write_private_file(file, lambda: content, replace=True)
