"""`handbill org` and `handbill token`: what a person needs before the first request, and when a secret has leaked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.composition import access, url_of
from services.cli.errors import CommandFailed
from shared.contracts.access import ClientSecret, Organization, OrganizationCreate
from shared.settings import Settings

if TYPE_CHECKING:
    from services.access.flows.operator import ListedOrganization

TOKEN_BYTES, TOKEN_SECONDS = 100_000, 15
STORED = "client"
"""credentials/client.json: the client that `handbill token` uses when none is named; `handbill up` makes one."""


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """An organization and its first client, with the secret, which is known only now."""

    organization: Organization
    client: ClientSecret


def create_organization(settings: Settings, name: str, time_zone: str, *, store: bool = False) -> NewOrganization:
    """An organization and its first client, which has every scope. With `store` the client is kept (0600) for
    `handbill token`. Raises Malformed."""
    from pydantic import ValidationError

    from services.access.flows import bootstrap

    try:
        command = OrganizationCreate(name=name, time_zone=time_zone)
    except ValidationError:
        raise CommandFailed(
            "a name has 1 to 120 characters; a time zone is an IANA name such as America/Los_Angeles"
        ) from None
    with access(settings) as deps:
        organization = bootstrap.create_organization(deps, command)
        client = bootstrap.create_first_client(deps, organization.id, "first")
    if store:
        _keep(settings, client)
    return NewOrganization(organization, client)


def create_client(
    settings: Settings, organization_id: str, name: str, scopes: list[str], *, store: bool = False
) -> ClientSecret:
    """A client more for an organization, with these scopes or with all. Raises NotFound, RuleBroken."""
    from pydantic import TypeAdapter, ValidationError

    from services.access.flows import operator
    from shared.contracts.common import Line

    try:
        line = TypeAdapter(Line).validate_python(name)
    except ValidationError:
        raise CommandFailed("a name has 1 to 120 characters on one line") from None
    with access(settings) as deps:
        client = operator.add_organization_client(deps, organization_id, line, scopes)
    if store:
        _keep(settings, client)
    return client


def revoke(settings: Settings, target: str) -> list[str]:
    """Revoke a client, or all of an organization's. Answers the ids of those that were not before. Raises NotFound."""
    from services.access.flows import operator

    with access(settings) as deps:
        return [row.id for row in operator.revoke(deps, target)]


def listed(settings: Settings) -> Iterator[str]:
    """A line for every organization, each followed by a line for each of its clients."""
    from services.access.flows import operator

    with access(settings) as deps:
        found = operator.list_organizations(deps)
    for one in found:
        yield from _lines_of(one)


def _lines_of(one: "ListedOrganization") -> Iterator[str]:
    yield f"{one.organization.id}  {one.organization.name}  {one.organization.time_zone}"
    for row in one.clients:
        state = f"revoked {row.revoked_at:%Y-%m-%d %H:%M} UTC" if row.revoked_at else " ".join(row.scopes)
        yield f"  {row.id}  {row.name}  made {row.created_at:%Y-%m-%d %H:%M} UTC  {state}"


def _keep(settings: Settings, client: ClientSecret) -> None:
    from shared.private_files import write_private_file

    content = json.dumps({"client_id": client.id, "client_secret": client.secret}).encode()
    write_private_file(stored_file(settings), lambda: content, replace=True)


def stored_file(settings: Settings) -> Path:
    """Where `handbill init` keeps the first organization's client and its secret, for its owner alone (0600)."""
    return settings.secret_file(STORED)


def fetch_token(settings: Settings, client_id: str | None, client_secret: str | None, scope: str | None) -> str:
    """A token for the named client, or for the stored one. Raises CommandFailed."""
    import httpx

    from shared.outgoing import AnswerLimits, exchange, service_client

    if (client_id is None) != (client_secret is None):
        raise CommandFailed("give --client-id and --client-secret together, or neither for the stored client")
    if client_id is None or client_secret is None:
        client_id, client_secret = _stored(settings)
    form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
    url = url_of(settings, "access") + "/oauth/token"
    try:
        with service_client(ca_file=settings.tls_file("ca")) as http:
            limits = AnswerLimits(TOKEN_BYTES, TOKEN_SECONDS)
            answer = exchange(http, "POST", url, limits, data=form, auth=(client_id, client_secret))
    except httpx.HTTPError:
        raise CommandFailed(f"the access service does not answer at {url}; start it with: handbill up") from None
    try:
        body = answer.json()
        if answer.status_code == 200:
            return str(body["access_token"])
        raise CommandFailed(f"no token: {body['error_description']} ({body['error']})")
    except (ValueError, KeyError, TypeError):
        raise CommandFailed(f"{url} answered {answer.status_code}, and not as the access service does") from None


def _stored(settings: Settings) -> tuple[str, str]:
    try:
        kept = settings.credentials_of(STORED)
    except FileNotFoundError:
        raise CommandFailed(
            "no client is stored here; give --client-id and --client-secret, or make one with: "
            "handbill org create NAME --time-zone ZONE --store"
        ) from None
    except ValueError:
        raise CommandFailed(f"{stored_file(settings)} is damaged; remove it and make a client anew") from None
    return kept.client_id, kept.client_secret.get_secret_value()
