"""Which stored claims would get other findings: by today's rules, other code sets, another profile, another day.

Each claim is checked from its source, together with the claims that existed when it was last checked, and as of that
day unless another is given; so differences come from the rules alone. Nothing is stored.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import ClaimSource, ScrubbedClaim, reviewed
from services.claims.domain.rules import ReplayDifference, compare_findings, kept, scrub_result
from services.claims.flows.claim.build_claim import history_of
from services.claims.flows.custom_rules.compile_rule import with_own_rules
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.used_before import used_before
from services.claims.flows.queries.views import finding_views
from services.claims.flows.scrub.resolve_profile import payer_profile
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.flows.scrub.scrub_claim import scrub
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.rules import ReplayedClaim, RulePlace, RulesReplay, RulesReplayed
from shared.dates import local_date
from shared.errors import Conflict, Fault, Malformed
from shared.paging import Cursor, page_of
from shared.payer_profiles import PayerProfile, ProfileError
from shared.security.caller import Caller

FIXED = frozenset({"payer_id", "name"})
"""Settings that no rule uses."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What claims are checked with in one replay."""

    rule_set: RuleSet
    settings: dict[str, Any]
    as_of: date | None


def replay_rules(deps: Dependencies, caller: Caller, command: RulesReplay) -> RulesReplayed:
    """One page of claims in order of id. Raises Malformed (fixed setting), Conflict (settings are no valid profile)."""
    _refuse_fixed(command.profile)
    rule_set = deps.rule_set if command.code_sets == "in_use" else RuleSet(rules=deps.rule_set.rules)
    trial = Trial(rule_set, command.profile, command.as_of)
    key = Cursor.read(command.after, (str,))
    with deps.database.reading() as session:
        rows = store.claims_to_replay(
            session,
            caller.organization_id,
            payer_id=command.payer_id,
            date_of_service_from=command.date_of_service_from,
            date_of_service_to=command.date_of_service_to,
            after=str(key[0]) if key else None,
            limit=command.limit,
        )
        page, following = page_of(rows, command.limit, lambda row: (row.id,))
        found = [_replayed(session, row, trial) for row in page]
    return RulesReplayed(items=[one for one in found if one is not None], examined=len(page), next=following)


def _replayed(session: Session, row: ClaimRow, trial: Trial) -> ReplayedClaim | None:
    """What would change for one claim, or None; of one that was sent elsewhere there is nothing to judge."""
    if row.document.sent_elsewhere is not None:
        return None
    before, now = row.document.scrubbed.findings, _scrubbed_anew(session, row, trial)
    difference = compare_findings(kept(before), now.findings)
    charge_before, charge_now = row.document.claim.charge_cents, now.claim.charge_cents
    if not difference.changes and charge_before == charge_now:
        return None
    overrides = row.document.overrides
    came = [finding for finding in now.findings if (finding.code, finding.pointer) in difference.came]
    return ReplayedClaim(
        claim_id=row.id,
        payer_id=row.payer_id,
        date_of_service=row.date_of_service,
        state=row.state,
        scrub_result_before=scrub_result(reviewed(before, overrides)),
        scrub_result_now=scrub_result(reviewed(now.findings, overrides)),
        came=finding_views(came, overrides, row.document.source.profile),
        charge_cents_before=charge_before,
        charge_cents_now=charge_now,
        **_places(difference),
    )


def _scrubbed_anew(session: Session, row: ClaimRow, trial: Trial) -> ScrubbedClaim:
    source, scrubbed_at = row.document.source, row.document.scrubbed.scrubbed_at
    as_of = trial.as_of or local_date(scrubbed_at, source.time_zone)
    others = history_of(session, row.organization_id, source, row.id)
    request = ScrubRequest(
        source=replace(source, profile=_profile(source, trial.settings)),
        options=row.document.options,
        claim_id=row.id,
        claim_number=row.claim_number,
        now=scrubbed_at,
        history=[other for other in others if other.created_at <= scrubbed_at],
        rule_set=with_own_rules(session, row.organization_id, trial.rule_set, as_of),
        made_at=row.created_at,
        used_before=used_before(session, row.organization_id, row.patient_id),
        judged_on=as_of,
    )
    return scrub(request)


def _profile(source: ClaimSource, settings: dict[str, Any]) -> PayerProfile:
    try:
        return payer_profile(source.coverage_bundle.payer, source.coverage_bundle.coverage, settings)
    except ProfileError as error:
        fault = Fault(
            "/body/profile", "profile_invalid", f"{str(error).capitalize()}.", "See the settings of a rule profile."
        )
        raise Conflict("these settings are no valid profile", code="profile_invalid", errors=[fault]) from error


def _refuse_fixed(settings: dict[str, Any]) -> None:
    for name in FIXED & settings.keys():
        fault = Fault(f"/body/profile/{name}", "setting_fixed", "A replay does not change this.", "Leave it out.")
        raise Malformed("a setting cannot be changed in a replay", errors=[fault])


def _places(difference: ReplayDifference) -> dict[str, list[RulePlace]]:
    kinds = {"went": difference.went, "harder": difference.harder, "softer": difference.softer}
    return {
        kind: [RulePlace(rule_code=rule, pointer=pointer) for rule, pointer in places] for kind, places in kinds.items()
    }
