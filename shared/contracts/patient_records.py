"""A patient's records, as she may have a copy of them (45 CFR 164.524)."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from shared.contracts.common import Acting, Command, View
from shared.paging import MAX_CURSOR_LENGTH, MAX_PAGE


class PatientRecordsExport(Command):
    """Whose request it is that is answered, and which page of it. Actor and reason are kept in the audit trail of every
    page."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] = Field(
        description="what is answered, such as the letter with which she asks", examples=["Her letter of March 2, 2026"]
    )
    actor: Acting
    after: Annotated[str, StringConstraints(max_length=MAX_CURSOR_LENGTH)] | None = Field(
        default=None, description="`next` of the page before"
    )
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="how many at most")


class PatientRecord(View):
    """One record of a patient, whole. `kind` is the table that holds it; docs/moving.md lists the members of each."""

    kind: str = Field(examples=["notes"])
    record: dict[str, Any]


class PatientRecordsPage(View):
    """One page of a patient's records in one service; it may hold fewer than were asked for. `next` is the cursor to
    ask with for the page after it, null on the last."""

    items: list[PatientRecord]
    next: str | None = None
