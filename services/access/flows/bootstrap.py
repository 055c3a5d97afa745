"""Setting up: organizations and their first client, and the clients by which Handbill's services know one another.

These run from the `handbill` command, on the machine that holds the database; no route leads here.
"""

import json
import secrets
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr
from sqlmodel import Session

from services.access import store
from services.access.domain.grants import CALLS, INTERNAL
from services.access.flows.clients import add_client, mark_revoked
from services.access.flows.dependencies import Dependencies
from shared.contracts.access import SCOPES, ClientSecret, Organization, OrganizationCreate
from shared.database.operations import add_event
from shared.errors import Fault, Malformed
from shared.private_files import write_private_file
from shared.settings import Credentials, Settings

HANDBILL = "org_handbill"
"""The organization that Handbill's own clients belong to."""
COMMAND_LINE = "command_line"
TRADING_PARTNER = "HANDBILL"


def create_organization(
    deps: Dependencies, command: OrganizationCreate, organization_id: str | None = None
) -> Organization:
    """Raises Malformed for a time zone that the zone database does not have."""
    try:
        ZoneInfo(command.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fault = Fault(
            "/time_zone", "time_zone_unknown", "There is no such time zone.", "Use an IANA name: America/Los_Angeles."
        )
        raise Malformed("the time zone is not known", errors=[fault]) from None
    identifier, now = organization_id or deps.ids("org"), deps.clock.now()

    def write(session: Session) -> Organization:
        session.add(
            store.OrganizationRow(
                organization_id=identifier,
                id=identifier,
                name=command.name,
                time_zone=command.time_zone,
                created_at=now,
            )
        )
        add_event(
            session,
            deps.ids,
            organization_id=identifier,
            at=now,
            kind="organization.created",
            subject_id=identifier,
        )
        return Organization(id=identifier, name=command.name, time_zone=command.time_zone, created_at=now.isoformat())

    return deps.database.run(write)


def create_first_client(deps: Dependencies, organization_id: str, name: str) -> ClientSecret:
    """A client with every scope that an organization can give."""
    return add_client(
        deps,
        deps.database,
        organization_id=organization_id,
        by_client_id=COMMAND_LINE,
        name=name,
        scopes=list(SCOPES),
    )


def ensure_service_clients(deps: Dependencies, settings: Settings) -> list[str]:
    """Make the internal clients and the trading partner's password, leave those that work alone, and revoke those that
    no service uses (any more). Answers the names of what was made: `claims`, `trading-partner`."""
    with deps.database.reading() as session:
        known = store.organization(session, HANDBILL)
    if known is None:
        create_organization(deps, OrganizationCreate(name="Handbill", time_zone="UTC"), HANDBILL)
    _revoke_unused(deps, settings)
    made = [service for service in sorted(CALLS) if not _works(deps, settings, service)]
    for service in made:
        _revoke_earlier(deps, service)
        client = add_client(
            deps,
            deps.database,
            organization_id=HANDBILL,
            by_client_id=COMMAND_LINE,
            name=service,
            scopes=[INTERNAL],
        )
        _write_secret(settings, service, {"client_id": client.id, "client_secret": client.secret})
    if not settings.secret_file("trading-partner").exists():
        password = secrets.token_urlsafe(32)
        _write_secret(settings, "trading-partner", {"sender_id": TRADING_PARTNER, "password": password})
        made.append("trading-partner")
    return made


def _works(deps: Dependencies, settings: Settings, service: str) -> bool:
    try:
        credentials: Credentials = settings.credentials_of(service)
    except (FileNotFoundError, ValueError):
        return False
    with deps.database.reading() as session:
        row = store.client(session, HANDBILL, credentials.client_id)
    usable = row is not None and row.revoked_at is None and row.name == service and row.scopes == [INTERNAL]
    secret: SecretStr = credentials.client_secret
    # Tried, not only looked for: file and database may come from different backups.
    return deps.secrets.verify(secret.get_secret_value(), row.secret_hash if row and usable else None)


def _revoke_earlier(deps: Dependencies, service: str) -> None:
    def write(session: Session) -> None:
        for row in store.active_clients(session, HANDBILL):
            if row.name == service:
                mark_revoked(deps, session, row, by_client_id=COMMAND_LINE)

    deps.database.run(write)


def _revoke_unused(deps: Dependencies, settings: Settings) -> None:
    """Earlier versions gave credentials to services that call nobody; such a file opens every organization."""

    def write(session: Session) -> list[str]:
        unused = [row for row in store.active_clients(session, HANDBILL) if row.name not in CALLS]
        for row in unused:
            mark_revoked(deps, session, row, by_client_id=COMMAND_LINE)
        return [row.name for row in unused]

    for name in deps.database.run(write):
        settings.secret_file(name).unlink(missing_ok=True)


def _write_secret(settings: Settings, name: str, content: dict[str, str]) -> None:
    write_private_file(settings.secret_file(name), lambda: json.dumps(content).encode(), replace=True)
