"""A practice as claims knows it: the billing provider, its therapists and its fees."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.common import (
    Actor,
    Address,
    Command,
    Id,
    IsoDate,
    Line,
    Name,
    Npi,
    OwnProcedure,
    PersonName,
    PlaceOfService,
    ProcedureCode,
    Taxonomy,
    View,
)

Phone = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]


class PracticePut(Command):
    """The billing provider of an organization."""

    name: Line
    npi: Npi
    tax_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
    tax_id_type: Literal["ein", "ssn"] = "ein"
    taxonomy: Taxonomy
    address: Address
    contact_name: Name
    contact_phone: Phone
    pay_to_address: Address | None = Field(
        default=None,
        description="where payments go if elsewhere (2010AB): a post office box may stand here, and never in `address`",
    )
    place_of_service: PlaceOfService = "11"
    own_procedures: list[OwnProcedure] = Field(
        default=[], max_length=50, description="procedures that no packaged code set has, for every payer"
    )
    actor: Actor | None = None


class Practice(View):
    """The billing provider (2010AA) of the organization."""

    version: int
    name: str
    npi: str
    tax_id: str
    tax_id_type: str
    taxonomy: str
    address: Address
    contact_name: str
    contact_phone: str
    pay_to_address: Address | None = None
    place_of_service: str
    own_procedures: list[OwnProcedure] = []
    time_zone: str


class PracticeRecord(Practice):
    """The billing provider as it is stored. `npi_confirmed`: the operator has confirmed that the NPI is this
    organization's; until then messages are found by claim numbers alone, and what names only the NPI waits for the
    operator."""

    npi_confirmed: bool


class Credential(Command):
    """How one payer stands to one therapist. Without days it holds always; without a tax id under every one."""

    payer_id: Id
    status: Literal["in_network", "out_of_network", "pending", "not_accepted"]
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    billing_tax_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")] | None = None


class TherapistPut(Command):
    """A rendering provider. A payer without a `credentials` entry is one whose decision is not known."""

    name: PersonName
    npi: Npi
    taxonomy: Taxonomy
    license_number: Line | None = None
    license_expires_on: IsoDate | None = None
    credentials: list[Credential] = Field(default=[], max_length=200)
    actor: Actor | None = None


class Therapist(View):
    """A rendering provider (2310B) and what payers have decided about her."""

    id: str
    version: int
    name: PersonName
    npi: str
    taxonomy: str
    license_number: str | None = None
    license_expires_on: IsoDate | None = None
    credentials: list[Credential] = []


class Fee(Command):
    """The practice's charge for one unit of a procedure, in cents."""

    procedure_code: ProcedureCode
    charge_cents: Annotated[int, Field(strict=True, ge=1, le=9_999_999)]


class FeeSchedulePut(Command):
    """The practice's one fee for each procedure per unit, for every payer, from a date on."""

    effective_from: IsoDate
    fees: list[Fee] = Field(min_length=1, max_length=500)
    actor: Actor | None = None


class FeeSchedule(View):
    """The practice's charges per unit, in force from a day on until a later schedule begins."""

    id: str
    version: int
    effective_from: IsoDate
    fees: list[Fee]
