"""A person comes in through an API client (RFC 8693): who says that it is she, and what she may.

The EHR vouches for its own user with an assertion signed by its registered key, or an OIDC issuer that the operator has
set up for the organization says with an ID token who signed in. Either is used once. She must be on file and active;
what her token says (roles, therapist, licenses) comes from there and from nobody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from services.access import store
from services.access.assertions import (
    VerifiedAssertion,
    issuer_of,
    key_id_of,
    verify_id_token,
    verify_vouching,
)
from services.access.domain.grants import (
    ID_TOKEN,
    Asked,
    Grant,
    KnownClient,
    Refusal,
    decide_for_person,
    exchange_refused,
)
from services.access.flows.dependencies import Dependencies
from services.access.flows.issuers import digest_of
from services.access.flows.users import blind_of, content_of
from shared.database.operations import add_event
from shared.errors import Unavailable
from shared.ids import is_id
from shared.security.caller import Person

NOT_HELD = (
    "the subject token does not hold: it is to be signed by a key that is registered for this client, or by an issuer "
    "that is set up for this organization, for this audience, not older than five minutes, and used for the first time"
)
NOBODY = "no active user of this organization is known by this; put her to /v1/users/{user_id} with this identity"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person who may come in, and with what."""

    person: Person
    grant: Grant


def admit(deps: Dependencies, client: KnownClient, asked: Asked) -> Entry | Refusal:
    """Who the subject token speaks of, and what she gets; the token is spent. An emergency is written down, with an
    event, before there is a token for it."""
    refused = exchange_refused(client, asked)
    if refused is not None:
        return refused
    try:
        shown = _shown(deps, client, asked)
    except Unavailable as unavailable:
        return Refusal("temporarily_unavailable", unavailable.detail, status=503, retry_after_seconds=5)
    if shown is None:
        return Refusal("invalid_request", NOT_HELD)
    return _let_in(deps, client, asked, *shown)


def _let_in(
    deps: Dependencies, client: KnownClient, asked: Asked, verified: VerifiedAssertion, user: store.UserRow | None
) -> Entry | Refusal:
    if user is None or not user.active:
        return Refusal("invalid_request", NOBODY)
    content = content_of(user)
    roles = tuple(content.roles)
    grant = decide_for_person(client, roles, asked, deps.token_seconds)
    if isinstance(grant, Refusal):
        return grant
    licenses = tuple(content.licenses)
    person = Person(user.id, content.name, roles, content.therapist_id, licenses, asked.emergency_reason)
    if not _spend(deps, client, verified, person, grant):
        return Refusal("invalid_request", NOT_HELD)
    return Entry(person, grant)


def _shown(
    deps: Dependencies, client: KnownClient, asked: Asked
) -> tuple[VerifiedAssertion, store.UserRow | None] | None:
    """The verified subject token with the user that it is of; None where it does not hold."""
    token = asked.subject_token or ""
    if asked.subject_token_type == ID_TOKEN:
        return _signed_in(deps, client.organization_id, token)
    with deps.database.reading() as session:
        row = store.client(session, client.organization_id, client.id)
    verified = verify_vouching(token, (row and row.jwks) or [], issuer=client.id, audience=deps.token_endpoints)
    if verified is None:
        return None
    if not is_id(verified.subject):
        return verified, None
    with deps.database.reading() as session:
        return verified, store.user(session, client.organization_id, verified.subject)


def _signed_in(
    deps: Dependencies, organization_id: str, token: str
) -> tuple[VerifiedAssertion, store.UserRow | None] | None:
    """Raises Unavailable where the issuer's keys cannot be had."""
    name, key_id = issuer_of(token), key_id_of(token)
    with deps.database.reading() as session:
        issuer = store.issuer(session, organization_id, digest_of(name))
    key = deps.issuer_keys.find(issuer.jwks_uri, str(key_id)) if issuer and key_id else None
    verified = verify_id_token(token, key, issuer=name, audience=issuer.audience) if issuer and key else None
    if verified is None:
        return None
    blind = blind_of(deps.database.vault, organization_id, name, verified.subject)
    with deps.database.reading() as session:
        identity = store.identity(session, organization_id, blind)
        return verified, store.user(session, organization_id, identity.user_id) if identity else None


def _spend(deps: Dependencies, client: KnownClient, verified: VerifiedAssertion, person: Person, grant: Grant) -> bool:
    """Whether the subject token was not used before; then it is now, and an emergency is written down."""
    now, emergency_id = deps.wall_clock.now(), deps.ids("emg")

    def write(session: Session) -> bool:
        fresh = store.spend_assertion(
            session, client.organization_id, verified.digest, now=now, expires_at=verified.expires_at
        )
        if fresh and person.emergency is not None:
            _write_down(deps, session, client, person, person.emergency, now, grant.seconds, emergency_id)
        return fresh

    try:
        return deps.database.run(write)
    except IntegrityError:  # the same token at the same moment: one of the two has it
        return False


def _write_down(
    deps: Dependencies,
    session: Session,
    client: KnownClient,
    person: Person,
    reason: str,
    now: datetime,
    seconds: int,
    emergency_id: str,
) -> None:
    session.add(
        store.EmergencyAccessRow(
            organization_id=client.organization_id,
            id=emergency_id,
            user_id=person.user_id,
            client_id=client.id,
            reason=reason,
            at=now,
            expires_at=now + timedelta(seconds=seconds),
        )
    )
    add_event(
        session,
        deps.ids,
        organization_id=client.organization_id,
        at=deps.clock.now(),
        kind="emergency_access.taken",
        subject_id=emergency_id,
        data={"user_id": person.user_id},
    )
