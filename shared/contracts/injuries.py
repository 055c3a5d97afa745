"""Who is insured and what the treatment follows: parts of a coverage."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.contracts.common import Address, Command, IsoDate, Line, PersonName, State

Sex = Literal["female", "male", "unknown"]


class Subscriber(Command):
    """The insured person, where she is not the patient; for workers' compensation the employer."""

    name: PersonName | None = None
    organization_name: Line | None = None
    birth_date: IsoDate | None = None
    sex: Sex = "unknown"
    address: Address | None = None


class Accident(Command):
    """What the treatment is a consequence of. `occurred_on` may be absent for an occupational disease alone, which has
    an onset instead (`onset_on` of the coverage)."""

    occurred_on: IsoDate | None = None
    state: State | None = None
    cause: Literal["auto", "employment", "other"]


class FormOnFile(Command):
    """A form that the insurer or the claim manager has received for this injury, such as F245-417-000."""

    form: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,30}$")]
    filed_on: IsoDate
