"""The filter of a list of claims, and which claims bill a note."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, select, union_all
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

    def claims_of(self, organization_id: str) -> SelectOfScalar[ClaimRow]:
        """The organization's claims, with a condition for each member that is given."""
        query = select(ClaimRow).where(ClaimRow.organization_id == organization_id)
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
            query = query.where(bills_note(organization_id, self.note_id))
        if self.dates_of_service.effective_from is not None:
            query = query.where(ClaimRow.date_of_service >= self.dates_of_service.effective_from)
        if self.dates_of_service.effective_to is not None:
            query = query.where(ClaimRow.date_of_service <= self.dates_of_service.effective_to)
        return query


EVERY_CLAIM = ClaimFilter()


def bills_note(organization_id: str, note_id: str) -> ColumnElement[bool]:
    """Whether a claim bills this note, as its own or beside it. By two queries, each of which an index serves; an OR of
    a column and a query is served by none."""
    own = select(ClaimRow.id).where(ClaimRow.organization_id == organization_id, ClaimRow.note_id == note_id)
    beside = select(ClaimVisitRow.claim_id).where(
        ClaimVisitRow.organization_id == organization_id, ClaimVisitRow.note_id == note_id
    )
    return col(ClaimRow.id).in_(union_all(own, beside))
