"""OIDC issuers of an organization: set up, listed and removed by the operator, from the `handbill` command.

Whoever sets up an issuer says who can come in as whom, and where access asks for keys; no route leads here.
"""

from hashlib import sha256

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from services.access import store
from services.access.flows.bootstrap import COMMAND_LINE
from services.access.flows.dependencies import Dependencies
from shared.contracts.users import IssuerName
from shared.database.operations import add_audit
from shared.errors import NotFound, RuleBroken
from shared.settings.values import Address

MAX_ISSUERS = 20
MAX_AUDIENCE, MAX_ADDRESS = 255, 500


def add_issuer(
    deps: Dependencies, organization_id: str, name: str, audience: str, jwks_uri: str | None = None
) -> store.IssuerRow:
    """Trust an issuer's ID tokens for this audience, under the keys at this address; without one the issuer's own
    document is asked for it. Raises NotFound, RuleBroken, IssuerUnusable."""
    try:
        TypeAdapter(IssuerName).validate_python(name)
    except ValidationError:
        raise RuleBroken(
            "an issuer is named as its ID tokens have it in iss: https://login.example.com",
            pointer="/issuer",
            fix="Copy `iss` from one of its tokens.",
        ) from None
    if not 0 < len(audience) <= MAX_AUDIENCE:
        raise RuleBroken(
            f"an audience, the client id at the issuer, has 1 to {MAX_AUDIENCE} characters",
            pointer="/audience",
            fix="Take it from the client's page at the issuer.",
        )
    with deps.database.reading() as session:
        _check_there(session, organization_id)
    _check_address(name)
    keys_at = jwks_uri or deps.issuer_keys.discover(name)
    _check_address(keys_at)
    deps.issuer_keys.try_out(keys_at)
    now = deps.clock.now()

    def write(session: Session) -> store.IssuerRow:
        digest = digest_of(name)
        row = store.issuer(session, organization_id, digest)
        if row is None and len(store.issuers(session, organization_id)) >= MAX_ISSUERS:
            raise RuleBroken(
                f"an organization has at most {MAX_ISSUERS} issuers; remove one that nobody uses",
                pointer="/issuer",
                fix="Remove an issuer that nobody uses.",
            )
        row = row or store.IssuerRow(
            organization_id=organization_id, id=digest, issuer=name, audience="", jwks_uri="", created_at=now
        )
        row.audience, row.jwks_uri = audience, keys_at
        session.add(row)
        _record(deps, session, organization_id, digest, "issuer.added")
        return row

    return deps.database.run(write)


def list_issuers(deps: Dependencies, organization_id: str) -> list[store.IssuerRow]:
    """By name. Raises NotFound."""
    with deps.database.reading() as session:
        _check_there(session, organization_id)
        return store.issuers(session, organization_id)


def remove_issuer(deps: Dependencies, organization_id: str, name: str) -> None:
    """From now on nobody comes in by this issuer; tokens that are out end within fifteen minutes. Raises NotFound."""

    def write(session: Session) -> None:
        row = store.issuer(session, organization_id, digest_of(name))
        if row is None:
            raise NotFound(f"{organization_id} has no issuer {name}; see: handbill issuers list {organization_id}")
        session.delete(row)
        _record(deps, session, organization_id, row.id, "issuer.removed")

    deps.database.run(write)


def digest_of(name: str) -> str:
    """The id of an issuer's row."""
    return sha256(name.encode()).hexdigest()


def _check_there(session: Session, organization_id: str) -> None:
    if store.organization(session, organization_id) is None:
        raise NotFound(f"there is no organization {organization_id}; see: handbill org list")


def _check_address(url: str) -> None:
    if len(url) > MAX_ADDRESS:
        raise RuleBroken(
            f"an address has at most {MAX_ADDRESS} characters",
            pointer="/jwks_uri",
            fix="Take the issuer's own address.",
        )
    try:
        TypeAdapter(Address).validate_python(url)
    except ValidationError:
        raise RuleBroken(
            f"{url} is no https address: keys that come over http:// may be anybody's",
            pointer="/jwks_uri",
            fix="Give an address with https://.",
        ) from None


def _record(deps: Dependencies, session: Session, organization_id: str, digest: str, action: str) -> None:
    add_audit(
        session,
        deps.ids,
        organization_id=organization_id,
        at=deps.clock.now(),
        client_id=COMMAND_LINE,
        action=action,
        subject_id=digest,
    )
