"""A revision is tried on the newest stored claims before it comes into force: which of them it would stop.

Each claim is read from its snapshot as of the day it was last checked, as in every replay, and only this rule is asked:
everything else about the claim stays what it was. No claim is changed; the counts are kept with the revision.
"""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session

from services.claims.document import reviewed
from services.claims.domain.rules import Finding, Rule, ScrubResult, check, scrub_result
from services.claims.flows.claim.build_claim import history_of
from services.claims.flows.custom_rules.compile_rule import compile_rule
from services.claims.flows.custom_rules.read_rules import found_revision, found_rule
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.used_before import used_before
from services.claims.flows.queries.views import finding_views
from services.claims.flows.scrub.scrub_claim import build_input
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.store import claims as claims_store
from services.claims.store.tables import ClaimRow
from shared.contracts.custom_rules import (
    CustomRuleAct,
    CustomRuleReplay,
    CustomRuleReplayed,
    ReplayCounts,
    ReplayedByCustomRule,
)
from shared.contracts.rules import RulePlace
from shared.database import UnitOfWork
from shared.database.records import RecordChange, record_change
from shared.security.caller import Caller


@dataclass(frozen=True, slots=True)
class _Replayed:
    """One claim under the revision. `before` and `found` are findings of this rule alone."""

    row: ClaimRow
    result_before: ScrubResult
    result_now: ScrubResult
    before: list[Finding]
    found: list[Finding]

    @property
    def changes(self) -> bool:
        return self.before != self.found or self.result_before is not self.result_now


def replay_rule(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, code: str, command: CustomRuleReplay
) -> CustomRuleReplayed:
    """Raises NotFound."""
    change = RecordChange(caller, "custom_rule.replay", code, deps.clock.now(), command.actor)
    # Before the transaction, since it reads many claims and nobody else could write meanwhile.
    with deps.database.reading() as session:
        definition = found_revision(session, caller.organization_id, code, command.revision).definition
        rule = compile_rule(code, definition)
        rows = claims_store.newest_claims(
            session,
            caller.organization_id,
            payer_id=definition.payer_id,
            date_of_service_from=command.date_of_service_from,
            date_of_service_to=command.date_of_service_to,
            limit=command.last_claims,
        )
        replayed = [_replay(session, deps, row, rule) for row in rows if row.document.sent_elsewhere is None]
        items = [_item(one) for one in replayed if one.changes]
    counts = _counts(replayed)
    act = CustomRuleAct(kind="replayed", at=change.at, actor=command.actor, replayed=counts)

    def write(session: Session) -> CustomRuleReplayed:
        row = found_revision(session, caller.organization_id, code, command.revision)
        row.acts = [*(one for one in row.acts if one.kind != act.kind), act]
        stored = found_rule(session, caller.organization_id, code)
        stored.version += 1
        record_change(session, deps.ids, change, {"version": stored.version, "revision": row.revision})
        return CustomRuleReplayed(code=code, version=stored.version, revision=row.revision, counts=counts, items=items)

    return unit_of_work.run(write)


def _replay(session: Session, deps: Dependencies, row: ClaimRow, rule: Rule) -> _Replayed:
    document = row.document
    stored, scrubbed_at = document.scrubbed.findings, document.scrubbed.scrubbed_at
    others = history_of(session, row.organization_id, document.source, row.id)
    request = ScrubRequest(
        source=document.source,
        options=document.options,
        claim_id=row.id,
        claim_number=row.claim_number,
        now=scrubbed_at,
        history=[other for other in others if other.created_at <= scrubbed_at],
        rule_set=deps.rule_set,
        made_at=row.created_at,
        used_before=used_before(session, row.organization_id, row.patient_id),
    )
    found = check(build_input(request).input, [rule])
    rest = [one for one in stored if one.code != rule.code]
    return _Replayed(
        row=row,
        result_before=scrub_result(reviewed(stored, document.overrides)),
        result_now=scrub_result(reviewed([*rest, *found], document.overrides)),
        before=[one for one in stored if one.code == rule.code],
        found=found,
    )


def _counts(replayed: list[_Replayed]) -> ReplayCounts:
    newly = Counter(one.result_now for one in replayed if one.result_now is not one.result_before)
    return ReplayCounts(
        examined=len(replayed),
        found=sum(1 for one in replayed if one.found),
        newly_blocked=newly[ScrubResult.BLOCKED],
        newly_held=newly[ScrubResult.HELD],
        newly_ready=newly[ScrubResult.READY],
    )


def _item(one: _Replayed) -> ReplayedByCustomRule:
    row, places = one.row, {finding.pointer for finding in one.found}
    return ReplayedByCustomRule(
        claim_id=row.id,
        payer_id=row.payer_id,
        date_of_service=row.date_of_service,
        state=row.state,
        scrub_result_before=one.result_before,
        scrub_result_now=one.result_now,
        findings=finding_views(one.found, row.document.overrides, row.document.source.profile),
        went=[
            RulePlace(rule_code=gone.code, pointer=gone.pointer) for gone in one.before if gone.pointer not in places
        ],
    )
