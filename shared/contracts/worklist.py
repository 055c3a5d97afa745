"""The worklist: everything that is to be done, whatever it is about, with its totals and acts on many at once."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.claim_work import ActionKindName, NoteText, Reason
from shared.contracts.claims import NextAction
from shared.contracts.common import Acting, Command, Id, IsoDate, Line, SignedCents, View

SubjectType = Literal["authorization", "claim", "message", "note", "remittance"]


class WorklistItem(View):
    """One thing to do. Its subject is a claim, or what is no claim."""

    subject_type: str = Field(examples=["authorization", "claim", "message", "note", "remittance"])
    subject_id: str
    payer_id: str | None = None
    patient_id: str | None = None
    next_action: NextAction


class WorklistPage(View):
    """One page, the most urgent first. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[WorklistItem]
    next: str | None = None


class WorklistTotal(View):
    """How much there is to do of one kind."""

    kind: str
    owner: str
    count: int
    amount_cents: SignedCents
    first_due_on: IsoDate


class WorklistTotals(View):
    """By kind, and in all."""

    items: list[WorklistTotal]
    count: int
    amount_cents: SignedCents


class WorklistSubject(Command):
    """What an act is about, and the kind of next action that the caller has seen there."""

    subject_type: SubjectType
    subject_id: Id
    kind: ActionKindName


class WorklistBulk(Command):
    """One act on up to 200 things. `snooze` needs `until` and `reason`, `assign` takes `assignee_id` (null: nobody),
    `done` whatever can be said about it."""

    act: Literal["done", "snooze", "assign"]
    items: Annotated[list[WorklistSubject], Field(min_length=1, max_length=200)]
    until: IsoDate | None = None
    reason: Reason | None = None
    assignee_id: Id | None = None
    by: Literal["mail", "fax", "phone", "portal", "email", "in_person"] | None = None
    reference: Line | None = None
    note: NoteText | None = None
    actor: Acting


class WorklistResult(View):
    """What became of one: `done`, or `refused` with the problem's code and sentence. `next_action` is what it has
    now, null where nothing is left to do or it is not there."""

    subject_type: str
    subject_id: str
    result: Literal["done", "refused"]
    code: str | None = None
    detail: str | None = None
    next_action: NextAction | None = None


class WorklistResults(View):
    """One result for each item, in the order of the request."""

    items: list[WorklistResult]
