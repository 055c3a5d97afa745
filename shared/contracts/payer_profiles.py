"""Rule profiles as eligibility speaks of them, and what a payer's own settings say of disputes."""

from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from shared.contracts.common import Command, Line, View

Limit = Annotated[int, Strict(), Field(ge=1, le=10_000)]


class RuleProfile(View):
    """What a payer's `profile` may name: a program's or payer's settings that the rules of claims look at."""

    name: str = Field(description="the value of a payer's `profile`", examples=["commercial_wa", "wa_lni"])
    title: str
    program: str
    state: str | None = None
    source: str
    unit_method: str = Field(examples=["cms", "ama"])
    authorization: str = Field(examples=["none", "ask", "required", "by_visits"])
    referral: str = Field(examples=["none", "ask", "required"])


class RuleProfilePage(View):
    """One page of payer profiles. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[RuleProfile]
    next: str | None = None


class PayerDispute(Command):
    """One level of dispute as the payer's contract or manual has it: its last day, and how long the payer may take."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}$")] = Field(
        examples=["appeal", "second_appeal", "external_review", "protest"]
    )
    level: Annotated[int, Field(strict=True, ge=1, le=5)]
    days: Limit | None = Field(default=None, description="null where it is not known")
    counts_from: Literal["notice", "date_of_service"] = "notice"
    answer_days: Limit | None = Field(default=None, description="null where it is not known")
    source: Line = Field(examples=["Provider manual of 2026, section 7.3"])
