"""Whose tokens hold no longer, before they end: access's signed list of the clients that it has revoked, and of the
persons who have lost something (all, a role, a license) since.

The list is a JWT beside the key set, signed with a key of that set, so that whoever takes access's address cannot
leave anybody out. It carries the moment that it was made: an older list than the last good one is not taken, nor one
of more than a minute ago. It holds only whose tokens may still be alive, and persons by a digest. While access is down
the last good list holds on; no token lives for longer than an hour without access.

Where access's clock was ahead and is right again, its lists are older than the last one, which is then ahead of now and
counts no longer. A clock that goes back by a day shortens no revocation: clients and persons are listed for a day more.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

import httpx
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clocks import Monotonic, PeerClock
from shared.errors import Problem, Unauthorized, Unavailable
from shared.outgoing import AnswerLimits, exchange
from shared.security.jwks import FETCH_SECONDS, KeySet
from shared.security.refreshing import Refresh, Spawn, in_a_thread
from shared.security.tokens import ALGORITHM, LEEWAY_SECONDS, MAX_TOKEN_SECONDS, Claims, key_id_of

KIND = "revocations+jwt"
MAX_AGE_SECONDS = 60
MAX_LIST_BYTES = 4_000_000
LIMITS = AnswerLimits(MAX_LIST_BYTES, FETCH_SECONDS)
LIST_TYPE = "application/jose"
"""A JWS in its compact form (RFC 7515 §9.2.1)."""
LISTED_FOR = timedelta(days=1, seconds=MAX_TOKEN_SECONDS + 5 * LEEWAY_SECONDS)
"""How long a revoked client is on the list: until the last of its tokens has ended, also by a clock that is behind, and
where it was revoked while access's own was a day behind."""
log = structlog.get_logger()


class Revocations(Protocol):
    """Whether the bearer of a verified token has been revoked since."""

    def check(self, claims: Claims) -> None:
        """Raises Unauthorized (`token_revoked`), or Unavailable where it cannot be known."""
        ...


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The clients that were revoked lately, as of `made_at` (seconds since 1970), and by `person_key` the last second
    of which a person's tokens hold no longer."""

    made_at: float
    client_ids: frozenset[str]
    persons: Mapping[str, int]


def revoked() -> Unauthorized:
    """What the bearer of a revoked client's token is answered."""
    return Unauthorized("the API client of this token is revoked; use another client", code="token_revoked")


def ended() -> Unauthorized:
    """What a person is answered who may no longer do all that her token says."""
    return Unauthorized(
        "what this person may do has changed since the token was issued; ask for a new one at POST /oauth/token",
        code="token_revoked",
    )


def person_key(organization_id: str, user_id: str) -> str:
    """Under which a person is on the list, which anybody may read: a caller's own id of a person may be her name."""
    digest = sha256(f"{organization_id}|{user_id}".encode()).digest()[:16]
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def sign_revocations(
    revoked_at: Mapping[str, datetime],
    persons: Mapping[str, datetime],
    *,
    key: Ed25519PrivateKey,
    key_id: str,
    issuer: str,
    now: datetime,
) -> str:
    """The list as a compact JWT: `clients` maps an id to the second of its revocation, `persons` a `person_key` to the
    last second whose tokens hold no longer. `now` is a moment before they were looked up."""
    payload = {
        "iss": issuer,
        "iat": now.timestamp(),
        "exp": now.timestamp() + MAX_AGE_SECONDS,
        "clients": {client_id: int(at.timestamp()) for client_id, at in sorted(revoked_at.items())},
        "persons": {person: int(at.timestamp()) for person, at in sorted(persons.items())},
    }
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": key_id, "typ": KIND})


def read_revocations(text: str, *, keys: KeySet, issuer: str) -> RevocationList:
    """Raises Problem for a key that is not known, and ValueError for what is no list of now, signed by access."""
    try:
        whole = jwt.decode_complete(
            text,
            keys.find(key_id_of(text)),
            algorithms=[ALGORITHM],
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "iat", "exp", "clients", "persons"], "verify_aud": False},
        )
        payload: dict[str, Any] = whole["payload"]
        # A token is signed with the same keys; neither is ever taken for the other.
        if whole["header"].get("typ") != KIND:
            raise ValueError("not a list of revocations")
        persons = {str(person): int(second) for person, second in dict(payload["persons"]).items()}
        return RevocationList(float(payload["iat"]), frozenset(payload["clients"]), persons)
    except (jwt.PyJWTError, TypeError) as error:
        raise ValueError("the list of revocations does not verify") from error


class RemoteRevocations:
    """The list of an access service, as new as `shared.security.refreshing` says."""

    def __init__(
        self,
        url: str,
        http: httpx.Client,
        monotonic: Monotonic,
        *,
        keys: KeySet,
        issuer: str,
        spawn: Spawn = in_a_thread,
    ) -> None:
        self._url = url
        self._http = http
        self._keys = keys
        self._issuer = issuer
        self._last: RevocationList | None = None
        self._access_clock = PeerClock("access")
        self._refresh = Refresh(self._fetch, monotonic, spawn)

    def check(self, claims: Claims) -> None:
        """Raises Unauthorized for a revoked client and for a person's token of before she lost something, and
        Unavailable until there has been a list."""
        self._refresh.when_due()
        if self._last is None:
            raise Unavailable(
                "access cannot be reached for the clients that it has revoked; try again shortly",
                code="access_unavailable",
            )
        if claims.client_id in self._last.client_ids:
            raise revoked()
        if claims.person is not None:
            last = self._last.persons.get(person_key(claims.organization_id, claims.person.user_id))
            if last is not None and claims.issued_at <= last:
                raise ended()

    @property
    def age_seconds(self) -> float | None:
        """How old the revocations are; None where there have been none."""
        return self._refresh.age_seconds

    def _fetch(self) -> bool:
        try:
            answer = exchange(
                self._http, "GET", self._url, LIMITS, peer="access", types=(LIST_TYPE,)
            ).raise_for_status()
            # Before the list is read, which does not verify where the clocks differ by a minute.
            self._access_clock.seen(answer.headers.get("Date", ""))
            found = read_revocations(answer.text, keys=self._keys, issuer=self._issuer)
        except (httpx.HTTPError, ValueError, Problem):
            log.warning("revocations_fetch_failed")
            return False
        if (
            self._last is not None
            and found.made_at < self._last.made_at <= datetime.now(UTC).timestamp() + LEEWAY_SECONDS
        ):
            log.warning("revocations_older_than_before")
            return False
        self._last = found
        return True
