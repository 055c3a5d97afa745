"""The filter of a list of claims."""

from dataclasses import dataclass

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.claims.domain.lifecycle import ClaimState, Outcome
from services.claims.store.tables import ClaimRow
from services.claims.store.visit_tables import ClaimVisitRow
from shared.dates import ALWAYS, DateRange


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """A claim must match every member that is given. `states` are a contract's names (`accepted` is by whomever), and
    a claim is in any one of them; both ends of `dates_of_service` are included."""

    states: tuple[str, ...] = ()
    payer_id: str | None = None
    patient_id: str | None = None
    therapist_id: str | None = None
    note_id: str | None = None
    outcome: Outcome | None = None
    next_action: str | None = None
    dates_of_service: DateRange = ALWAYS

    def narrow(self, query: SelectOfScalar[ClaimRow]) -> SelectOfScalar[ClaimRow]:
        """The query with a condition for each member that is given."""
        if self.states:
            query = query.where(col(ClaimRow.state).in_([one for one in ClaimState if one.wire[0] in self.states]))
        for column, value in (
            (ClaimRow.payer_id, self.payer_id),
            (ClaimRow.patient_id, self.patient_id),
            (ClaimRow.therapist_id, self.therapist_id),
            (ClaimRow.outcome, self.outcome),
            (ClaimRow.next_kind, self.next_action),
        ):
            if value is not None:
                query = query.where(col(column) == value)
        if self.note_id is not None:
            beside = select(ClaimVisitRow.claim_id).where(
                col(ClaimVisitRow.organization_id) == col(ClaimRow.organization_id),
                ClaimVisitRow.note_id == self.note_id,
            )
            query = query.where(or_(col(ClaimRow.note_id) == self.note_id, col(ClaimRow.id).in_(beside)))
        if self.dates_of_service.effective_from is not None:
            query = query.where(ClaimRow.date_of_service >= self.dates_of_service.effective_from)
        if self.dates_of_service.effective_to is not None:
            query = query.where(ClaimRow.date_of_service <= self.dates_of_service.effective_to)
        return query


EVERY_CLAIM = ClaimFilter()
