"""What `handbill keys` does: the master keys and the keys of organizations of a whole installation, while it runs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.composition import SERVICES, check_writable
from services.cli.errors import CANNOT_START, CommandFailed
from shared.settings import Settings
from shared.tenancy import INSTALLATION, acting_for

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from shared.database import Database, LocalKeyring
    from shared.database.resealing import Resealed
    from shared.database.sealed_rows import BrokenSeal, SealCount


def metadata_of(service: str) -> "MetaData":
    """The tables of a service."""
    from services.cli.audit import tables_of

    return tables_of(service)[0].metadata


def open_keyring(settings: Settings) -> "LocalKeyring":
    """Raises CommandFailed where there is none: a command about keys makes no installation."""
    from shared.database import LocalKeyring
    from shared.database.keyring import PUT_BACK

    if not settings.keyring_file.exists():
        raise CommandFailed(f"{settings.keyring_file} is missing; {PUT_BACK}", status=CANNOT_START)
    return LocalKeyring(settings.keyring_file)


@contextmanager
def databases(settings: Settings, only: Callable[[str], bool] = lambda _service: True) -> "Iterator[list[Database]]":
    """Those of all services, or of some, checked as at a start. A newer Handbill's are refused, since what it has added
    would be left out."""
    from shared.database.opening import open_database

    with ExitStack() as stack:
        opened = []
        for service in filter(only, SERVICES):
            opened.append(open_database(settings, service, exact=True))
            stack.callback(opened[-1].close)
        stack.enter_context(acting_for(INSTALLATION))
        yield opened


def rotate(settings: Settings, *, only_prepare: bool) -> tuple[str, int]:
    """A new master key, and every organization's key wrapped under it. Its id, and how many were."""
    from shared.database import master_keys

    keyring = open_keyring(settings)
    with databases(settings) as opened:
        return (master_keys.prepare(keyring, opened), 0) if only_prepare else master_keys.rotate(keyring, opened)


def retire(settings: Settings, master_id: str) -> None:
    """Take an earlier master key out of the keyring. Raises MasterKeyInUse."""
    from shared.database import master_keys

    keyring = open_keyring(settings)
    with databases(settings) as opened:
        master_keys.retire(keyring, opened, master_id)


def reseal(settings: Settings, organization_id: str | None) -> "Iterator[tuple[str, Resealed]]":
    """A new key for an organization or for all, and everything sealed with it, service by service."""
    from shared.database.resealing import reseal as reseal_one

    open_keyring(settings)
    known = False
    with databases(settings) as opened:
        for database in opened:
            done = reseal_one(database, metadata_of(database.service), organization_id)
            known = known or done.organizations > 0
            if done.organizations or organization_id is None:
                yield database.service, done
    if not known and organization_id is not None:
        raise CommandFailed(f"nothing is sealed for organization {organization_id}")


def verify(settings: Settings, count: "SealCount") -> "Iterator[BrokenSeal]":
    """Open everything in the databases that are there, and make none; yields what does not open."""
    from shared.database.opening import has_seals
    from shared.database.sealed_rows import verify as verify_one

    open_keyring(settings)
    with databases(settings, only=lambda service: has_seals(settings.database_url_of(service), service)) as opened:
        for database in opened:
            yield from verify_one(database, metadata_of(database.service), count)


def backup(settings: Settings, file: Path, passphrase: str) -> Sequence[str]:
    """Write the encrypted keyring to a new file. The ids of the keys in it."""
    from shared.database.keyring_backup import encrypt_keyring
    from shared.private_files import write_private_file

    ring = open_keyring(settings).read()
    if file.exists():
        raise CommandFailed(f"{file} is there already; a backup is written to a new file")
    content = encrypt_keyring(ring, passphrase)
    write_private_file(file, lambda: content)
    return list(ring.keys)


def restore(settings: Settings, file: Path, passphrase: str) -> Sequence[str]:
    """Put the keys of a backup into the keyring, which is made where it is missing or damaged. Keys that are there
    stay. The ids of all keys. Raises BackupUnreadable."""
    from shared.database.keyring_backup import MAX_BACKUP_BYTES, decrypt_keyring, merged
    from shared.private_files import write_private_file

    check_writable(settings.data_dir)
    with file.open("rb") as opened:
        restored = decrypt_keyring(opened.read(MAX_BACKUP_BYTES), passphrase)
    target = settings.keyring_file
    if target.exists():
        with suppress_damage(target):
            return list(open_keyring(settings).change(lambda present: merged(present, restored)).keys)
    write_private_file(target, restored.to_bytes)
    return list(open_keyring(settings).read().keys)


@contextmanager
def suppress_damage(target: Path) -> Iterator[None]:
    """A damaged keyring is moved aside, not removed: somebody may still read a key out of it."""
    from shared.database.keyring import MasterKeyDamaged

    try:
        yield
    except MasterKeyDamaged:
        with suppress(FileNotFoundError):
            target.replace(target.with_name(f"{target.name}.damaged"))


def read_passphrase(source: Path | None, ask: Callable[[], str]) -> str:
    """From a file (its first line; `-` is standard input), or asked for. Raises CommandFailed for a short one."""
    import sys

    from shared.passphrases import MIN_PASSPHRASE_CHARACTERS

    if source is None:
        passphrase = ask()
    else:
        text = sys.stdin.readline() if str(source) == "-" else source.read_text()
        passphrase = next(iter(text.splitlines()), "")
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise CommandFailed(f"a passphrase has {MIN_PASSPHRASE_CHARACTERS} characters or more")
    return passphrase
