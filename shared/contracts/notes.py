"""Treatment notes, as the notes service speaks of them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.contracts.common import (
    Acting,
    Address,
    Command,
    DiagnosisCode,
    Id,
    IsoDate,
    IsoDateTime,
    License,
    Line,
    Minutes,
    Name,
    Pain,
    PlaceOfService,
    ProcedureCode,
    Prose,
    View,
)


class Subjective(Command):
    """What the patient says. `functional_limit` names what the complaint keeps her from doing."""

    complaint: Prose
    pain: Pain | None = None
    character: Prose = ""
    onset: Prose = ""
    functional_limit: Prose = ""


class Objective(Command):
    """What the therapist finds."""

    range_of_motion: Prose = ""
    palpation: Prose = ""
    posture: Prose = ""
    other: Prose = ""


class Goal(Command):
    """A functional goal: what is measured, the value aimed at, and by when."""

    measure: Line
    target: Line
    due_on: IsoDate


class Plan(Command):
    """The P of SOAP: how often, until when, and towards which goals."""

    frequency: Prose = ""
    ends_on: IsoDate | None = None
    goals: list[Goal] = Field(default=[], max_length=20)
    other: Prose = ""


class Technique(Command):
    """One technique on one region, with its minutes of one-to-one contact."""

    procedure_code: ProcedureCode
    region: Line = Field(
        description="where on the body, in words (`low back`, `C5-C7`, `right shoulder`) or by a region's name; words "
        "that are not known are kept as they are and prove nothing",
        examples=["lumbar", "low back"],
    )
    side: Literal["left", "right", "both"] | None = None
    minutes: Minutes
    description: Prose = ""
    diagnoses: list[DiagnosisCode] = Field(
        default=[],
        max_length=12,
        description="the note's diagnoses that it treated, the main one first: its line points to them; none means all",
    )
    start_minute: Minutes | None = Field(default=None, description="the minute of the session at which it began")
    started_at: IsoDateTime | None = Field(
        default=None, description="when it began, with its offset; another way to give `start_minute`"
    )
    written_report: bool | None = Field(
        default=None, description="for a test (97750): whether its written report is on file; null is not known"
    )


class ServicePlace(Command):
    """Where a session was, if not at the practice's own address: at the patient's home (12), at a gym or another place
    (99), at a second office (11), by telehealth (02, 10)."""

    place_of_service: PlaceOfService
    name: Name | None = Field(default=None, description="of the place, such as the gym's; a home needs none")
    address: Address | None = Field(
        default=None,
        description="goes out as the service location (2310C); null is the patient's address for her home, and the "
        "practice's for an office",
    )


class NoteContent(Command):
    """What a note says."""

    patient_id: Id
    therapist_id: Id
    started_at: IsoDateTime
    ended_at: IsoDateTime
    place: ServicePlace | None = Field(default=None, description="null is the practice's own place of service")
    subjective: Subjective
    objective: Objective = Objective()
    assessment: Prose = ""
    plan: Plan = Plan()
    techniques: list[Technique] = Field(default=[], max_length=20)
    diagnoses: list[DiagnosisCode] = Field(default=[], max_length=12)
    pain_after: Pain | None = None
    response: Prose = ""


class NotePut(NoteContent):
    """A note as its author writes it; it may be put again and again until it is signed."""

    actor: Acting


class NoteSign(Command):
    """A signature. `therapist_id` must be the note's own; `content_hash`, when given, what was read.

    Only a therapist signs (`actor.role`), and only with a license that was in force on the day of service. With an API
    client's token the client vouches for `license`; with a person's own token it is the one on file in access, and
    `license` is left out.
    """

    therapist_id: Id
    license: License | None = None
    actor: Acting
    content_hash: str | None = Field(default=None, max_length=64)


class Signer(View):
    """Who signed a note: the person as the API client vouched for her or as her own token named her, the therapist that
    she is, and the license that she signed with."""

    therapist_id: str
    id: str
    name: str
    role: str
    license: License | None = None


class Note(View):
    """A treatment note. `date_of_service` is the day of `started_at` in the practice's time zone."""

    id: str
    version: int
    status: str = Field(examples=["draft", "signed"])
    patient_id: str
    therapist_id: str
    started_at: datetime
    ended_at: datetime
    date_of_service: IsoDate
    place: ServicePlace | None = None
    subjective: Subjective
    objective: Objective
    assessment: str
    plan: Plan
    techniques: list[Technique]
    diagnoses: list[str]
    pain_after: int | None = None
    response: str = ""
    content_hash: str
    signed_at: datetime | None = None
    signed_by: Signer | None = None


class NoteSummary(View):
    """A note without its text. Start and end are in the practice's zone, with their offset."""

    id: str
    version: int
    status: str = Field(examples=["draft", "signed"])
    patient_id: str
    therapist_id: str
    date_of_service: IsoDate
    started_at: datetime
    ended_at: datetime
    signed_at: datetime | None = None


class NotePage(View):
    """One page of notes, in short. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[NoteSummary]
    next: str | None = None
