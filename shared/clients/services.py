"""What services ask of one another, as typed calls."""

from datetime import date
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from shared.clients.http import ServiceHttp
from shared.clients.tokens import ServiceTokens
from shared.contracts.common import EventPage
from shared.contracts.eligibility import Authorization, CoverageBundle
from shared.contracts.notes import Note

M = TypeVar("M", bound=BaseModel)


class NotesClient:
    """The notes service, as claims needs it."""

    def __init__(self, http: ServiceHttp, tokens: ServiceTokens) -> None:
        self._http = http
        self._tokens = tokens

    def note(self, organization_id: str, note_id: str) -> Note:
        """Raises NotFound, Unavailable."""
        return self._get(organization_id, f"/v1/notes/{quote(note_id, safe='')}", Note, what="note")

    def events(self, organization_id: str, *, after: int, limit: int) -> EventPage:
        """At most `limit` entries of the feed behind this sequence number. Raises NotFound (the organization),
        Unavailable."""
        path = f"/v1/events?after={after}&limit={limit}"
        return self._get(organization_id, path, EventPage, what="feed")

    def _get(self, organization_id: str, path: str, answer: type[M], *, what: str) -> M:
        token = self._tokens.token(organization_id, "notes")
        renew = partial(self._tokens.renewed, organization_id, "notes")
        return self._http.get(path, answer, token=token, what=what, renew=renew)


class EligibilityClient:
    """The eligibility service, as claims needs it."""

    def __init__(self, http: ServiceHttp, tokens: ServiceTokens) -> None:
        self._http = http
        self._tokens = tokens

    def coverage_bundle(self, organization_id: str, coverage_id: str, service_date: date) -> CoverageBundle:
        """The coverage with its patient, payer, authorizations, referrals, siblings and the benefit of a day."""
        path = f"/v1/coverages/{quote(coverage_id, safe='')}/file?service_date={service_date.isoformat()}"
        return self._get(organization_id, path, CoverageBundle, what="coverage")

    def authorization(self, organization_id: str, authorization_id: str) -> Authorization:
        """An authorization as it is now. Raises NotFound, Unavailable."""
        path = f"/v1/authorizations/{quote(authorization_id, safe='')}"
        return self._get(organization_id, path, Authorization, what="authorization")

    def _get(self, organization_id: str, path: str, answer: type[M], *, what: str) -> M:
        token = self._tokens.token(organization_id, "eligibility")
        renew = partial(self._tokens.renewed, organization_id, "eligibility")
        return self._http.get(path, answer, token=token, what=what, renew=renew)
