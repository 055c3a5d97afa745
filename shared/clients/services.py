"""What services ask of one another, as typed calls."""

from datetime import date
from functools import partial
from urllib.parse import quote

from shared.clients.http import ServiceHttp
from shared.clients.tokens import ServiceTokens
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note


class NotesClient:
    """The notes service, as claims needs it."""

    def __init__(self, http: ServiceHttp, tokens: ServiceTokens) -> None:
        self._http = http
        self._tokens = tokens

    def note(self, organization_id: str, note_id: str) -> Note:
        """Raises NotFound, Unavailable."""
        token = self._tokens.token(organization_id, "notes")
        renew = partial(self._tokens.renewed, organization_id, "notes")
        return self._http.get(f"/v1/notes/{quote(note_id, safe='')}", Note, token=token, what="note", renew=renew)


class EligibilityClient:
    """The eligibility service, as claims needs it."""

    def __init__(self, http: ServiceHttp, tokens: ServiceTokens) -> None:
        self._http = http
        self._tokens = tokens

    def coverage_bundle(self, organization_id: str, coverage_id: str, service_date: date) -> CoverageBundle:
        """The coverage with its patient, payer, authorizations, referrals, siblings and the benefit of a day."""
        token = self._tokens.token(organization_id, "eligibility")
        renew = partial(self._tokens.renewed, organization_id, "eligibility")
        path = f"/v1/coverages/{quote(coverage_id, safe='')}/file?service_date={service_date.isoformat()}"
        return self._http.get(path, CoverageBundle, token=token, what="coverage", renew=renew)
