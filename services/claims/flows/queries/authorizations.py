"""The account of an authorization: what the rules count, as callers read it."""

from collections.abc import Sequence
from datetime import date

from services.claims.domain.authorization_ledger import NOTHING_USED, Use, accounts, left_of
from services.claims.domain.lifecycle import ClaimState
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.used_before import used_before
from services.claims.flows.scrub.build_scrubber_input import uses_of
from services.claims.store import claims as store
from shared.audit import about_patient
from shared.contracts.authorization_accounts import AuthorizationAccount, AuthorizationUse
from shared.contracts.eligibility import Authorization
from shared.dates import local_date
from shared.paging import Cursor, cursor_invalid, page_of
from shared.security.caller import Caller

Key = tuple[date, str, int]
"""The day of service, the claim and the line of a use: the order of the list."""


def get_authorization_account(
    deps: Dependencies, caller: Caller, authorization_id: str, *, after: str | None, limit: int
) -> AuthorizationAccount:
    """The authorization as it is now, and the uses of it. Raises NotFound, Malformed, Unavailable."""
    last, organization_id = _last_use(after), caller.organization_id
    found = deps.eligibility.authorization(organization_id, authorization_id)
    today = local_date(deps.clock.now(), caller.time_zone)
    patient_id = deps.eligibility.coverage_bundle(organization_id, found.coverage_id, today).patient.id
    about_patient(patient_id)
    with deps.database.reading() as session:
        rows = store.patient_claims(session, organization_id, patient_id, exclude_id="")
        counted = [row for row in rows if row.state != ClaimState.VOIDED]
        states = {row.id: ClaimState(row.state).wire[0] for row in counted}
        before = used_before(session, organization_id, patient_id)
        account = accounts(uses_of(counted), before).get(authorization_id, NOTHING_USED)
    following = [use for use in sorted(account.uses, key=_key) if last is None or _key(use) > last]
    page, cursor = page_of(following[: limit + 1], limit, _cursor_of)
    return AuthorizationAccount(
        **_terms(found),
        visits_used_before=account.before.visits if account.before else 0,
        units_used_before=account.before.units if account.before else 0,
        visits_used=account.visits,
        visits_left=left_of(found.visits, account.visits),
        units_used=account.units,
        units_left=left_of(found.units, account.units),
        items=_views(page, states),
        next=cursor,
    )


def _key(use: Use) -> Key:
    return use.date_of_service, use.claim_id, use.line_number


def _cursor_of(use: Use) -> tuple[str | int, ...]:
    return use.date_of_service.isoformat(), use.claim_id, use.line_number


def _last_use(after: str | None) -> Key | None:
    key = Cursor.read(after, (str, str, int))
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), str(key[1]), int(key[2])
    except ValueError:
        raise cursor_invalid() from None


def _terms(found: Authorization) -> dict[str, object]:
    return {
        "authorization_id": found.id,
        "coverage_id": found.coverage_id,
        "number": found.number,
        "status": found.status,
        "effective_from": found.effective_from,
        "effective_to": found.effective_to,
        "visits": found.visits,
        "units": found.units,
    }


def _views(uses: Sequence[Use], states: dict[str, str]) -> list[AuthorizationUse]:
    return [
        AuthorizationUse(
            claim_id=use.claim_id,
            claim_state=states[use.claim_id],
            date_of_service=use.date_of_service,
            line_number=use.line_number,
            procedure_code=use.procedure_code,
            units=use.units,
        )
        for use in uses
    ]
