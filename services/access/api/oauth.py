"""The token endpoint (RFC 6749 §4.4, client credentials; RFC 8693, token exchange for persons) and the keys that tokens
are checked with (RFC 7517).

This is the one place where errors are not problems: OAuth libraries want the RFC's own bodies. The form is read here
and not by FastAPI, since a wrong form, too, is to be answered in the RFC's words.
"""

import binascii
from base64 import b64decode
from dataclasses import fields
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from services.access.assertions import subject_of
from services.access.domain.grants import (
    ACCESS_TOKEN,
    CLIENT_CREDENTIALS,
    SUBJECT_TYPES,
    TOKEN_EXCHANGE,
    Asked,
    Refusal,
)
from services.access.flows.dependencies import Dependencies
from services.access.flows.login_trail import LoginTrail, issue_recorded_token
from services.access.flows.revocations import signed_revocations
from services.access.flows.tokens import Login
from shared.contracts.access import OAuthError, Token
from shared.database.audit_recorder import AuditRecorder
from shared.security.revocations import LIST_TYPE
from shared.web.routes import Routes
from shared.web.service import dependency

router = Routes(tags=["tokens"])
MAX_FIELDS = 20
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
REFUSALS = {
    400: "refused",
    401: "not this client",
    404: "no such organization",
    429: "too many failed logins",
    503: "the issuer of the ID token does not answer",
}
FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": [CLIENT_CREDENTIALS, TOKEN_EXCHANGE]},
                    "scope": {"type": "string", "description": "separated by spaces; all of the client's when absent"},
                    "audience": {"type": "string", "description": "one service; all of them when absent"},
                    "organization_id": {"type": "string", "description": "for Handbill's own services only"},
                    "client_id": {"type": "string", "description": "where HTTP Basic is not used"},
                    "client_secret": {"type": "string"},
                    "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
                    "client_assertion": {
                        "type": "string",
                        "description": "a JWT signed with the client's key (RFC 7523), in place of a secret",
                    },
                    "subject_token": {
                        "type": "string",
                        "description": "for a person: an ID token of her sign-in, or a JWT signed with the client's "
                        "key whose `sub` is her user id",
                    },
                    "subject_token_type": {"type": "string", "enum": list(SUBJECT_TYPES)},
                    "requested_token_type": {"type": "string", "const": ACCESS_TOKEN},
                    "emergency_reason": {
                        "type": "string",
                        "description": "why a person must read what her roles do not open (break-glass); it stands at "
                        "each of her requests in the audit trail",
                    },
                },
            }
        }
    },
}


class JwsResponse(Response):
    """A JWS in its compact form and nothing around it (RFC 7515 §9.2.1)."""

    media_type = LIST_TYPE


class _BadForm(Exception):
    """The request is not one that RFC 6749 describes; the text is ours and quotes nothing."""


async def _form(request: Request) -> dict[str, str] | Refusal:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Refusal("invalid_request", "send the parameters as application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl((await request.body()).decode(), max_num_fields=MAX_FIELDS)
    except ValueError:
        return Refusal("invalid_request", f"the form is not UTF-8, or has more than {MAX_FIELDS} parameters")
    # RFC 6749 §3.2: no parameter more than once. Which of two values counts must not be a matter of taste.
    if len({name for name, _ in pairs}) != len(pairs):
        return Refusal("invalid_request", "a parameter is there twice")
    return dict(pairs)


@router.post(
    "/oauth/token",
    response_model=Token,
    openapi_extra={"requestBody": FORM},
    responses={status: {"model": OAuthError, "description": text} for status, text in REFUSALS.items()},
)
async def create_token(
    request: Request,
    deps: Annotated[Dependencies, Depends(dependency(Dependencies))],
    trail: Annotated[LoginTrail, Depends(dependency(LoginTrail))],
    recorder: Annotated[AuditRecorder, Depends(dependency(AuditRecorder))],
    form: Annotated[dict[str, str] | Refusal, Depends(_form)],
) -> Response:
    """A bearer token for a client that shows its id and secret, by HTTP Basic or in the form, or an assertion that it
    has signed (private_key_jwt); and by token exchange for the person who has signed in through it, with what both her
    roles and the client may, for 15 minutes at most."""
    if isinstance(form, Refusal):
        return _refused(form)
    try:
        client_id, secret, assertion = _shown(request.headers.get("authorization"), form)
    except _BadForm as bad:
        return _refused(Refusal("invalid_request", str(bad)))
    if not client_id:
        return _refused(Refusal("invalid_client", "send the client's id and secret by HTTP Basic", status=401))
    address = request.client.host if request.client else ""
    asked = Asked(**{one.name: form.get(one.name) for one in fields(Asked)})
    login = Login(client_id, secret, address, assertion)
    issued = await run_in_threadpool(issue_recorded_token, deps, trail, recorder, login, asked)
    if isinstance(issued, Refusal):
        if issued.retry_after_seconds is not None:
            await deps.slow_answers.hold()
        return _refused(issued)
    return JSONResponse(issued.token.model_dump(exclude_none=True), headers=NO_STORE)


@router.get("/.well-known/jwks.json")
def get_jwks(deps: Annotated[Dependencies, Depends(dependency(Dependencies))]) -> dict[str, Any]:
    """The public keys that tokens are signed with."""
    return deps.signer.jwks()


@router.get("/.well-known/revocations.jwt", response_class=JwsResponse)
def get_revocations(deps: Annotated[Dependencies, Depends(dependency(Dependencies))]) -> Response:
    """Whose tokens hold no longer, as a JWT signed with a key of the set: `clients` maps an id to the second of its
    revocation, `persons` a digest to the last second whose tokens are refused. Whoever checks tokens asks for it every
    half minute."""
    return JwsResponse(signed_revocations(deps))


def _shown(authorization: str | None, form: dict[str, str]) -> tuple[str, str, str | None]:
    """The client's id with its secret or its assertion, from one place only (RFC 6749 §2.3)."""
    if "client_assertion" in form or "client_assertion_type" in form:
        return _asserted(authorization, form)
    if authorization is None:
        return form.get("client_id", ""), form.get("client_secret", ""), None
    if "client_secret" in form:
        raise _BadForm("show the secret in one place, by HTTP Basic or in the form")
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise _BadForm("this route takes HTTP Basic, not another scheme")
    try:
        client_id, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise _BadForm("the HTTP Basic credentials do not decode") from None
    if not colon:
        raise _BadForm("the HTTP Basic credentials lack a colon")
    if form.get("client_id", unquote_plus(client_id)) != unquote_plus(client_id):
        raise _BadForm("the form names another client than HTTP Basic does")
    # RFC 6749 §2.3.1: both are form-encoded before they go into Basic.
    return unquote_plus(client_id), unquote_plus(secret), None


def _asserted(authorization: str | None, form: dict[str, str]) -> tuple[str, str, str]:
    """RFC 7521 §4.2: no other way of proving itself beside it, and `client_id` only where it is the same."""
    if authorization is not None or "client_secret" in form:
        raise _BadForm("show an assertion or a secret, not both")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise _BadForm(f"client_assertion_type must be {ASSERTION_TYPE}")
    assertion = form.get("client_assertion", "")
    subject = subject_of(assertion)
    if form.get("client_id", subject) != subject:
        raise _BadForm("the form names another client than the assertion does")
    return subject, "", assertion


def _refused(refusal: Refusal) -> Response:
    headers = dict(NO_STORE)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="handbill", charset="UTF-8"'
    if refusal.retry_after_seconds is not None:
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    body = OAuthError(error=refusal.error, error_description=refusal.description)
    return JSONResponse(body.model_dump(), status_code=refusal.status, headers=headers)
