"""Giving tokens: who is it, may she have what she asks, and for how long.

What cannot be an id is nobody's: no database is asked for it, since not every database takes every text.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from services.access import store
from services.access.assertions import verify_assertion
from services.access.domain.grants import (
    ACCESS_TOKEN,
    TOKEN_EXCHANGE,
    Asked,
    Grant,
    KnownClient,
    Refusal,
    decide,
    grant_type_refused,
)
from services.access.flows.dependencies import Dependencies
from services.access.flows.exchange import admit
from shared.contracts.access import Token
from shared.ids import is_id
from shared.plural import counted
from shared.security import Claims
from shared.security.caller import Person
from shared.tenancy import INSTALLATION, acting_for

MAX_CLIENT_ID = 64


@dataclass(frozen=True, slots=True)
class Login:
    """What a client shows, a secret or an assertion; `address` is where the request came from."""

    client_id: str
    client_secret: str
    address: str
    assertion: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, with the person whose it is where it is a person's."""

    token: Token
    person: Person | None = None


def issue_token(deps: Dependencies, login: Login, asked: Asked) -> Issued | Refusal:
    """A token for a client that proves itself, or for the person who comes in through it, or the refusal that
    RFC 6749 §5.2 names."""
    refused = grant_type_refused(asked)
    if refused is not None:
        return refused
    # A login is of no organization yet, and one of Handbill's own services asks for a token of any.
    with acting_for(INSTALLATION):
        return _issue(deps, login, asked)


def _issue(deps: Dependencies, login: Login, asked: Asked) -> Issued | Refusal:
    client = _authenticate(deps, login)
    if isinstance(client, Refusal):
        return client
    if asked.grant_type == TOKEN_EXCHANGE:
        entry = admit(deps, client, asked)
        if isinstance(entry, Refusal):
            return entry
        grant, person = entry.grant, entry.person
    else:
        decided = decide(client, asked, deps.token_seconds)
        if isinstance(decided, Refusal):
            return decided
        grant, person = decided, None
    organization = _organization(deps, grant.organization_id)
    if organization is None:
        return Refusal("invalid_request", "there is no such organization", status=404)
    return Issued(_signed(deps, client, grant, organization, person), person)


def _authenticate(deps: Dependencies, login: Login) -> KnownClient | Refusal:
    row = _client(deps, login.client_id)
    usable = row if row is not None and row.revoked_at is None else None
    # What is right is never refused, so it is checked before failures are looked at. Also checked where there is no
    # client, since time would tell.
    if login.assertion is not None:
        right = _assertion_holds(deps, login.assertion, login.client_id, usable)
    else:
        right = deps.secrets.verify(login.client_secret, (usable.secret_hash or None) if usable else None)
    if usable is not None and right:
        return _known(usable)
    client_id = login.client_id[:MAX_CLIENT_ID]
    wait = deps.failed_logins.wait(client_id, login.address)
    if wait:
        return Refusal(
            "temporarily_unavailable",
            f"too many failed logins; wait {counted(wait, 'second')}, or show the right secret",
            status=429,
            retry_after_seconds=wait,
        )
    deps.failed_logins.add(client_id, login.address)
    return Refusal(
        "invalid_client", "the client is unknown, revoked, or its secret or assertion does not hold", status=401
    )


def _assertion_holds(deps: Dependencies, assertion: str, client_id: str, usable: store.ClientRow | None) -> bool:
    """Whether it is one of the client's, for this endpoint, and used for the first time."""
    jwks = (usable.jwks or []) if usable else []
    found = verify_assertion(assertion, jwks, issuer=client_id, audience=deps.token_endpoints)
    if found is None or usable is None:
        return False
    organization_id, now = usable.organization_id, deps.wall_clock.now()

    def write(session: Session) -> bool:
        return store.spend_assertion(session, organization_id, found.digest, now=now, expires_at=found.expires_at)

    try:
        return deps.database.run(write)
    except IntegrityError:  # the same assertion at the same moment: one of the two has it
        return False


def _known(row: store.ClientRow) -> KnownClient:
    return KnownClient(row.id, row.name, row.organization_id, frozenset(row.scopes))


def _client(deps: Dependencies, client_id: str) -> store.ClientRow | None:
    if not is_id(client_id):
        return None
    with deps.database.reading() as session:
        return store.client_by_id(session, client_id)


def _organization(deps: Dependencies, organization_id: str) -> store.OrganizationRow | None:
    if not is_id(organization_id):
        return None
    with deps.database.reading() as session:
        return store.organization(session, organization_id)


def _signed(
    deps: Dependencies, client: KnownClient, grant: Grant, organization: store.OrganizationRow, person: Person | None
) -> Token:
    claims = Claims(
        organization_id=grant.organization_id,
        time_zone=organization.time_zone,
        client_id=client.id,
        scopes=grant.scopes,
        audience=grant.audience,
        acting_service=grant.acting_service,
        person=person,
        persons_decide=bool(organization.persons_decide),
    )
    lifetime = timedelta(seconds=grant.seconds)
    return Token(
        access_token=deps.signer.sign(claims, deps.wall_clock.now(), lifetime, deps.ids("tok")),
        token_type="Bearer",  # noqa: S106 (the type's name, no secret)
        expires_in=grant.seconds,
        scope=" ".join(sorted(grant.scopes)),
        issued_token_type=ACCESS_TOKEN if person else None,
    )
