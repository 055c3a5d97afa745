"""What claims used of an authorization, and what is left of it, as the claims service answers."""

from pydantic import Field

from shared.contracts.common import IsoDate, View


class AuthorizationUse(View):
    """A line of a claim that is under the authorization."""

    claim_id: str
    claim_state: str
    date_of_service: IsoDate
    line_number: int
    procedure_code: str
    units: int


class AuthorizationAccount(View):
    """An authorization with its uses, by day of service, claim and line. `next` is the cursor of the page after it.

    The numbers are those that the rules count by: a visit is a day of service, a voided claim has given back what it
    used, and of a patient with more claims the newest 200 are counted.
    """

    authorization_id: str
    coverage_id: str
    number: str
    status: str
    effective_from: IsoDate
    effective_to: IsoDate
    visits: int | None = Field(default=None, description="visits granted; null where no number was stated")
    visits_used_before: int = Field(
        default=0, description="of those used: before the practice moved in, so that they are no items"
    )
    units_used_before: int = 0
    visits_used: int
    visits_left: int | None = Field(default=None, description="null where no number was stated")
    units: int | None = Field(default=None, description="units granted; null where no number was stated")
    units_used: int
    units_left: int | None = Field(default=None, description="null where no number was stated")
    items: list[AuthorizationUse]
    next: str | None = None
