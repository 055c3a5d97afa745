"""The types that every contract shares: ids, money, codes, people, findings and pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from shared.ids import ID_PATTERN
from shared.money import MAX_AMOUNT_CENTS

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]


def _iso_date(value: Any) -> Any:
    """pydantic alone would count the seconds of a number, and of text that is one, from 1970."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)):
        return value
    raise PydanticCustomError("date_not_iso", "This is no date of the form YYYY-MM-DD")


def _iso_date_time(value: Any) -> Any:
    """Like _iso_date; the offset is asked for by AwareDatetime."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}[Tt ]", value, re.ASCII)):
        return value
    raise PydanticCustomError("date_time_not_iso", "This is no moment of the form 2026-05-04T09:00:00-07:00")


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
"""A calendar date, YYYY-MM-DD on the wire."""
IsoDateTime = Annotated[AwareDatetime, BeforeValidator(_iso_date_time)]
"""A moment with its offset."""
Cents = Annotated[int, Strict(), Field(ge=0, le=MAX_AMOUNT_CENTS)]
SignedCents = Annotated[int, Strict(), Field(ge=-9_999_999_999, le=9_999_999_999)]
Count = Annotated[int, Strict(), Field(ge=0, le=100_000)]
Minutes = Annotated[int, Strict(), Field(ge=0, le=480)]
Pain = Annotated[int, Strict(), Field(ge=0, le=10, description="0 no pain, 10 the worst imaginable")]
NO_CONTROL_MAX_LENGTH = r"^[^\x00-\x1f\x7f]*$"
"""One line of text; PostgreSQL and X12 take no NUL."""
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True, pattern=NO_CONTROL_MAX_LENGTH)
]
Prose = Annotated[str, StringConstraints(max_length=10_000)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=NO_CONTROL_MAX_LENGTH)
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,10}$")]


def _with_dot(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    code = value.strip().upper()
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code


DiagnosisCode = Annotated[
    str,
    BeforeValidator(_with_dot),
    StringConstraints(pattern=r"^[A-Z][0-9A-Z][0-9A-Z](\.?[0-9A-Z]{1,4})?$"),
]
"""Lower case and a missing dot are taken: both are put right at the edge, so that one code is one text."""
ProcedureCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{5}$")]
Modifier = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]
Taxonomy = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{9}X$")]
"""A provider taxonomy (NUCC), such as 225700000X for a massage therapist."""
Npi = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
PlaceOfService = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
"""A code of the CMS list, such as 11 for an office and 12 for a home."""
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Zip = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}([0-9]{4})?$")]


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """Marks a member that only the first answer to a request has: no kept answer ever holds it."""


Secret = Annotated[
    str,
    ShownOnce(),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "description": "shown once: null in the answer to a repeat of the request. Who lost it makes a new one",
        }
    ),
]
"""A secret that a service makes and does not keep."""


_bearer: ContextVar["Actor | None"] = ContextVar("bearer", default=None)


def present_bearer() -> "Actor | None":
    """The person whose token the request that is under way has; None where it is an API client's, or there is none."""
    return _bearer.get()


@contextmanager
def borne_by(actor: "Actor | None") -> Iterator[None]:
    """Within it, `present_bearer` is this one, also in threads that are started with its context."""
    before = _bearer.set(actor)
    try:
        yield
    finally:
        _bearer.reset(before)


class Command(BaseModel):
    """What a caller sends. A member that is not known is refused, so a typing error never passes silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """What a service answers. A member that is not known is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Actor(Command):
    """The person on whose behalf an API client writes; the client vouches for it. With a person's own token it is that
    person, and no other.

    Whatever a person decides names one: notes and their signatures, claims, overrides, messages that are released. What
    an EHR hands over by itself (patients, coverages, fees, a nightly check) may leave it out: then the client itself is
    who acted, and so the audit trail says."""

    id: Line
    name: Name
    role: Line = Field(
        examples=["therapist", "biller", "front_desk"],
        description="what is decided is refused unless the role may decide it: docs/operating.md has the table",
    )


class License(Command):
    """What lets a therapist treat in a state: `kind` such as LMT, in force from its first day to its last."""

    kind: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 .-]{1,20}$")] = Field(examples=["LMT"])
    state: State
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ./-]{1,40}$")]
    effective_from: IsoDate
    effective_to: IsoDate | None = Field(default=None, description="the last day; null where it has none")


def _or_the_bearer(value: Any) -> Any:
    """Who acts with a token of her own need not be named again."""
    if value is not None:
        return value
    bearer = present_bearer()
    if bearer is None:
        raise PydanticCustomError("missing", "Field required")
    return bearer


Acting = Annotated[
    Actor,
    BeforeValidator(_or_the_bearer),
    Field(
        default=None,
        validate_default=True,
        description="who acts; may be left out with a person's own token, and is then that person",
        json_schema_extra=lambda schema: schema.pop("default", None),
    ),
]
"""The person who decides: named by the API client, or the one whose token it is."""


class PersonName(Command):
    """A person's name as she writes it; how it is spelled on the wire is decided when a file is built."""

    first: Name
    last: Name
    middle: Name | None = None


class Address(Command):
    """A postal address in the United States; `zip` is 5 or 9 digits without a dash."""

    line1: Line
    line2: Line | None = None
    city: Line
    state: State
    zip: Zip


class OwnProcedure(Command):
    """A procedure that no packaged code set has: a payer's local code, or one that a practice bills for itself. It is
    within the scope of whoever bills it; a code that is known stays what it is."""

    procedure_code: ProcedureCode
    label: Annotated[
        str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=NO_CONTROL_MAX_LENGTH)
    ]
    timed: bool = Field(description="whether it is billed in units of 15 minutes; else it is one unit")
    source: Line = Field(description="who says so", examples=["L&I fee schedule 2026"])


class Finding(View):
    """One result of one check. `pointer` is a JSON pointer; `severity` is block, hold, warn or info."""

    code: str
    severity: str
    message: str
    pointer: str
    fix: str
    source: str


class Event(View):
    """One entry of a service's feed. Without PHI: the ids of what happened, never its content."""

    id: str
    sequence: int
    type: str = Field(examples=["claim.submitted"])
    subject_id: str
    occurred_at: str
    data: dict[str, Any] = {}


class EventPage(View):
    """Events in order; `next` is the sequence number to ask with the next time, also where nothing new has come."""

    items: list[Event]
    next: int
