"""What an archive is on disk: a folder of files, one tar file, or one tar file sealed under a passphrase.

Written: every file is its owner's alone (0600, folders 0700) and gets its name when it is whole. Read: nothing is ever
unpacked to disk. A member is a plain file with a name of the known form and of a bounded size; links, devices, other
paths and what tar has for long names are refused. A tar file is in the POSIX ustar form, and any tar program reads it.
"""

import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol

from shared.archives.sealed_stream import BEGINNING, OpeningReader, SealingWriter
from shared.private_files import OWNER
from shared.startup import CannotStart

MANIFEST = "manifest.json"
NAME = re.compile(r"[a-z]+/(x12/)?[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)+", re.ASCII)
MAX_NAME_CHARACTERS = 100
"""What ustar has for a name without a second field."""
MEMBER_BYTES = 64_000_000
MAX_MEMBERS = 2_000_000
TAR = ".tar"
BLOCK = tarfile.BLOCKSIZE
END = b"\0" * BLOCK * 2


class ArchiveRefused(CannotStart):
    """It is no archive of ours, is not whole, was changed, or asks for more than it may."""


class ArchiveWriter(Protocol):
    """Takes members one after the other."""

    def add(self, name: str, content: bytes) -> None:
        """`name` has the form of NAME, or is MANIFEST, which comes last."""
        ...


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


@contextmanager
def writing(target: Path, passphrase: str | None) -> Iterator[ArchiveWriter]:
    """A new archive: sealed where there is a passphrase, else a tar file where its name ends so, else a folder. It is
    there when the block has ended well, and otherwise nothing is. Raises ArchiveRefused where something is there."""
    if target.exists() or target.is_symlink():
        raise ArchiveRefused(f"{target} is there already; an archive is written to a new place")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if passphrase is None and target.suffix != TAR:
            draft.mkdir(mode=0o700)
            yield _FolderWriter(draft)
        else:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "wb") as file:
                yield from _tar(file, passphrase)
                file.flush()
                os.fsync(file.fileno())
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
        raise


def _tar(file: BinaryIO, passphrase: str | None) -> Iterator[ArchiveWriter]:
    if passphrase is None:
        yield _TarWriter(file)
        file.write(END)
        return
    sealing = SealingWriter(file, passphrase)
    yield _TarWriter(sealing)
    sealing.write(END)
    sealing.close()


class _FolderWriter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, content: bytes) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())


class _TarWriter:
    def __init__(self, stream: _Writable) -> None:
        self._stream = stream

    def add(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), OWNER
        self._stream.write(info.tobuf(tarfile.USTAR_FORMAT))
        self._stream.write(content + b"\0" * _padding(len(content)))


class Archive:
    """An archive that somebody gives us. `passphrase` is asked for once, and only where it is sealed."""

    def __init__(self, path: Path, passphrase: Callable[[], str]) -> None:
        self._path, self._ask = path, passphrase

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Every member with its name, MANIFEST last; one at a time is in memory. May be called again. Raises
        ArchiveRefused, SealedStreamBroken and OSError."""
        seen: set[str] = set()
        for name, content in self._folder() if self._path.is_dir() else self._file():
            if seen and MANIFEST in seen:
                raise ArchiveRefused(f"{self._path} goes on after its {MANIFEST}; take another copy")
            if name in seen or len(seen) >= MAX_MEMBERS:
                raise ArchiveRefused(f"{self._path} has {name} twice, or too many files; take another copy")
            seen.add(name)
            yield name, content
        if MANIFEST not in seen:
            raise ArchiveRefused(f"{self._path} has no {MANIFEST}: it is no archive of Handbill's, or is cut off")

    @cached_property
    def _passphrase(self) -> str:
        return self._ask()

    def _folder(self) -> Iterator[tuple[str, bytes]]:
        listed = self._read(MANIFEST)
        try:
            names = list(json.loads(listed)["files"])
        except (ValueError, KeyError, TypeError):
            raise ArchiveRefused(f"{self._path / MANIFEST} is damaged; take another copy") from None
        for name in names:
            _refuse_name(self._path, name)
            yield name, self._read(name)
        yield MANIFEST, listed

    def _read(self, name: str) -> bytes:
        file = self._path / name
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            raise ArchiveRefused(f"{file} is missing, or is no plain file; take another copy") from None
        with os.fdopen(descriptor, "rb") as opened:
            _refuse_size(self._path, name, os.fstat(descriptor).st_size)
            return opened.read(MEMBER_BYTES)

    def _file(self) -> Iterator[tuple[str, bytes]]:
        with self._path.open("rb") as file:
            sealed = file.read(len(BEGINNING)) == BEGINNING
            file.seek(0)
            stream: _Readable = OpeningReader(file, lambda: self._passphrase) if sealed else file
            while (info := _header(self._path, stream)) is not None:
                padded = info.size + _padding(info.size)
                content = stream.read(padded)
                if len(content) != padded:
                    raise ArchiveRefused(f"{self._path} is cut off in {info.name}; take another copy")
                yield info.name, content[: info.size]


def _header(path: Path, stream: _Readable) -> tarfile.TarInfo | None:
    """The next member; None at the end."""
    block = stream.read(BLOCK)
    if block == END[:BLOCK] and stream.read(BLOCK) == END[BLOCK:] and not stream.read(1):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, ValueError):
        raise ArchiveRefused(f"{path} is no archive of Handbill's, or is damaged or cut off") from None
    if info.type != tarfile.REGTYPE:
        raise ArchiveRefused(f"{path} has {info.name[:MAX_NAME_CHARACTERS]!r}, which is no plain file")
    _refuse_name(path, info.name)
    _refuse_size(path, info.name, info.size)
    return info


def _refuse_name(path: Path, name: object) -> None:
    known = isinstance(name, str) and len(name) <= MAX_NAME_CHARACTERS
    if not known or (name != MANIFEST and not NAME.fullmatch(str(name))):
        raise ArchiveRefused(f"{path} has a file of the name {str(name)[:MAX_NAME_CHARACTERS]!r}, which no export has")


def _refuse_size(path: Path, name: str, size: int) -> None:
    if not 0 <= size <= MEMBER_BYTES:
        raise ArchiveRefused(f"{name} in {path} has {size} bytes, and may have {MEMBER_BYTES}")


def _padding(size: int) -> int:
    return -size % BLOCK
