"""What a practice no longer asks for: balances so small that asking costs more than they are."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, Strict

from shared.contracts.claim_money import Reason
from shared.contracts.common import Acting, Command, View

Limit = Annotated[int, Strict(), Field(ge=0, le=5_000, description="the largest balance that is written off; 0 is off")]


class SmallBalanceRulePut(Command):
    """Up to which amount a patient's balance, and apart from it an insurer's, is written off once every payer has
    answered. The reason is the practice's, and stands with each write-off."""

    patient_max_cents: Limit = 0
    insurer_max_cents: Limit = 0
    reason: Reason
    actor: Acting


class SmallBalanceRule(View):
    """The rule in force, and who set it."""

    version: int
    patient_max_cents: int
    insurer_max_cents: int
    reason: str
    set_by: str
    set_at: datetime
