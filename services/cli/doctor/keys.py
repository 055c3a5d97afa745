"""Keys and credentials: there, whole, and those that the databases and the other services want."""

from collections.abc import Iterator

from sqlmodel import col, select

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, failed_by, ok, warn
from shared.database.key_checks import MasterKeyMismatch, confirm_keys
from shared.database.keyring import PUT_BACK, LocalKeyring
from shared.plural import counted
from shared.security.pins import read_pins
from shared.settings.values import is_loopback
from shared.startup import CannotStart

INIT = "Run: handbill init"


def keyring(examination: Examination) -> Iterator[Finding]:
    """The master keys of PHI at rest."""
    file = examination.settings.keyring_file
    if not file.exists():
        mend = f"{PUT_BACK[0].upper()}{PUT_BACK[1:]}; a new installation gets one by: handbill init"
        yield fail(f"{file} is missing; what it sealed cannot be read.", mend)
        return
    ring = LocalKeyring(file).read()
    yield ok(f"{counted(len(ring.keys), 'master key')}, {ring.current} is current.")


def check_values(examination: Examination) -> Iterator[Finding]:
    """Each database was sealed with master keys that are here."""
    file, looked, held = examination.settings.keyring_file, examination.readable, 0
    try:
        master = LocalKeyring(file) if file.exists() else None
    except CannotStart:
        master = None
    if master is None:
        yield warn("No database was held against the keyring, which cannot be read.", "See keyring.")
        return
    for service, state in looked.items():
        if not {"key_checks", "organization_keys"} <= state.tables:
            continue
        with examination.database(service).connection() as connection:
            try:
                confirm_keys(connection, master, service)
                held += 1
            except MasterKeyMismatch as mismatch:
                yield fail(f"{file} is not its keyring: {mismatch}.", f"{PUT_BACK[0].upper()}{PUT_BACK[1:]}")
    yield ok(f"{held} databases open with the keyring.")


def signing_keys(examination: Examination) -> Iterator[Finding]:
    """The keys that tokens are signed with are here and trusted."""
    from services.access.signing import read_keys

    settings = examination.settings
    trusted = read_pins(settings.pinned_keys_file) | set(settings.access_key_thumbprints.replace(",", " ").split())
    keys = read_keys(settings.signing_key_file, make=False)
    here = is_loopback(_host(examination.url("access")))
    if not keys and here:
        yield fail(f"{settings.signing_key_file} is missing: access signs tokens with it.", INIT)
    if not trusted:
        mend = f"{INIT}; on a machine without access, set HANDBILL_ACCESS_KEY_THUMBPRINTS."
        yield fail(f"{settings.pinned_keys_file} is missing, and no setting says which keys of access to trust.", mend)
    elif unpinned := [one.file.name for one in keys if one.scheduled.key_id not in trusted]:
        yield fail(
            f"Services do not trust {', '.join(unpinned)}: its thumbprint is not in {settings.pinned_keys_file}.",
            "Start access, which writes that file; then start the other services.",
        )
    yield ok(f"{counted(len(keys), 'signing key')}, {counted(len(trusted), 'thumbprint')} trusted.")


def credentials(examination: Examination) -> Iterator[Finding]:
    """What services show one another and the clearinghouse is here, and is known to access."""
    from services.access.domain.grants import CALLS
    from shared.wire.trading_partner import trading_partners

    for service in sorted(CALLS):
        try:
            shown = examination.settings.credentials_of(service)
        except FileNotFoundError:
            yield fail(f"{examination.settings.secret_file(service)} is missing: {service} calls nobody.", INIT)
        except (CannotStart, ValueError) as fault:
            yield failed_by(fault)
        else:
            yield from _known_to_access(examination, service, shown.client_id, shown.client_secret.get_secret_value())
    try:
        accounts = trading_partners(examination.settings).accounts()
    except FileNotFoundError:
        yield fail(f"{examination.settings.secret_file('trading-partner')} is missing: no file can be sent.", INIT)
    else:
        yield ok(
            f"Credentials of {', '.join(sorted(CALLS))}; {counted(len(accounts), 'account')} at the clearinghouse."
        )


def _known_to_access(examination: Examination, service: str, client_id: str, secret: str) -> Iterator[Finding]:
    """File and database may come from different backups."""
    from services.access.secrets import ClientSecrets
    from services.access.store import ClientRow

    if "clients" not in getattr(examination.readable.get("access"), "tables", ()):
        return
    with examination.database("access").reading() as session:
        query = select(ClientRow.secret_hash, ClientRow.revoked_at).where(col(ClientRow.id) == client_id)
        row = session.exec(query).first()
    if row is None or row[1] is not None or not ClientSecrets().verify(secret, row[0]):
        file = examination.settings.secret_file(service)
        yield fail(f"Access does not know the credentials in {file}, or has revoked them.", f"{INIT}, then {service}.")


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""
