"""Rules that a practice writes itself, as claims speaks of them: drafts, revisions, replays, days in force."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.contracts.common import NO_CONTROL_MAX_LENGTH, Acting, Actor, Command, Id, IsoDate, Line, View
from shared.contracts.rules import ClaimFinding, Reason, RulePlace

CustomRuleCode = Annotated[str, StringConstraints(pattern=r"^custom_[a-z0-9_]{1,50}$")]
Sentence = Annotated[
    str, StringConstraints(min_length=10, max_length=300, strip_whitespace=True, pattern=NO_CONTROL_MAX_LENGTH)
]
EXAMPLE_CONDITION = {
    "all": [
        {"fact": "line.procedure_code", "operator": "in", "value": ["97124", "97140"]},
        {"fact": "line.units", "operator": "greater_than", "value": 4},
    ]
}


class CustomRuleDefinition(Command):
    """What a rule says. Its texts are shown with every finding, so nothing of a person belongs in them."""

    title: Line = Field(examples=["More than four units of massage"])
    message: Sentence = Field(
        description="what is wrong, in a sentence; the facts that met the condition are added to it",
        examples=["Our contract pays at most four units of massage a day."],
    )
    fix: Sentence = Field(examples=["Leave off what is over four units, or ask the owner."])
    source: Line = Field(description="who says so", examples=["Agreement with Cascade Mutual, section 4.2, 2026-01-01"])
    severity: Literal["block", "hold", "warn", "info"] = Field(
        description="block stops a claim until it is fixed, hold until a person lets it go by an override"
    )
    overridable: bool = Field(default=False, description="whether a block may be overridden; a hold and a warn always")
    applies_to: Literal["claim", "line"] = Field(
        default="claim", description="with `line` the condition is asked of each line, and each that meets it is found"
    )
    payer_id: Id | None = Field(default=None, description="the payer whose rule it is; null for every payer")
    condition: dict[str, Any] = Field(
        max_length=3,
        description=(
            "what is found: a comparison of a fact, or `all`, `any`, `not`, `any_line` around conditions. "
            "`GET /v1/custom-rules/facts` lists facts and operators. What is unknown meets no condition"
        ),
        examples=[EXAMPLE_CONDITION],
    )
    effective_from: IsoDate | None = Field(default=None, description="first date of service that it is about")
    effective_to: IsoDate | None = Field(default=None, description="last date of service that it is about")


class CustomRulePut(CustomRuleDefinition):
    """A rule as it should read. What differs from the newest revision becomes the next, a draft."""

    actor: Acting


class CustomRuleReplay(Command):
    """Which of the newest claims a revision would find something on. Changes no claim."""

    revision: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    last_claims: Annotated[int, Field(strict=True, ge=1, le=200, description="how many, the newest first")] = 100
    date_of_service_from: IsoDate | None = None
    date_of_service_to: IsoDate | None = None
    actor: Acting


class CustomRuleActivate(Command):
    """Puts a draft that has been replayed into force, in place of the revision that is."""

    revision: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    from_date: IsoDate | None = Field(default=None, description="first day of checks; today when absent")
    actor: Acting


class CustomRuleDeactivate(Command):
    """Takes a rule out of force. Findings that claims have stay until they are refreshed."""

    from_date: IsoDate | None = Field(default=None, description="first day of checks without it; today when absent")
    reason: Reason
    actor: Acting


class ReplayCounts(View):
    """What a replay came to: of `examined` claims how many the rule found, and whose result it would change."""

    examined: int
    found: int
    newly_blocked: int
    newly_held: int
    newly_ready: int


class CustomRuleAct(View):
    """Who did what with a revision: `kind` is written, replayed, activated or deactivated. Of several replays the last
    is here; all are in the audit trail."""

    kind: str = Field(examples=["written", "replayed", "activated", "deactivated"])
    at: datetime
    actor: Actor
    from_date: IsoDate | None = None
    reason: str | None = None
    replayed: ReplayCounts | None = None


class CustomRuleRevision(View):
    """One revision, which never changes. It counts in checks from `active_from` to `active_to`, both included."""

    code: str
    revision: int
    status: str = Field(examples=["draft", "scheduled", "in_force", "ended"])
    definition: CustomRuleDefinition
    active_from: IsoDate | None = None
    active_to: IsoDate | None = None
    acts: list[CustomRuleAct]


class CustomRule(View):
    """A rule: its newest revision, and the one that is in force today, if any."""

    code: str
    version: int
    latest: CustomRuleRevision
    in_force: CustomRuleRevision | None = None


class CustomRulePage(View):
    """One page of rules. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[CustomRule]
    next: str | None = None


class CustomRuleRevisionPage(View):
    """One page of a rule's revisions, the newest first."""

    items: list[CustomRuleRevision]
    next: str | None = None


class ReplayedByCustomRule(View):
    """One claim that the revision finds something on, or no longer does. `went` are findings of the rule that it has
    now and would not have."""

    claim_id: str
    payer_id: str
    date_of_service: IsoDate
    state: str
    scrub_result_before: str = Field(examples=["ready", "held", "blocked"])
    scrub_result_now: str
    findings: list[ClaimFinding]
    went: list[RulePlace]


class CustomRuleReplayed(View):
    """The report of a replay; `items` are the claims that would change, the newest first."""

    code: str
    version: int
    revision: int
    counts: ReplayCounts
    items: list[ReplayedByCustomRule]


class CustomRuleFact(View):
    """A fact that a condition may ask."""

    name: str
    type: str = Field(examples=["number", "text", "date", "boolean", "list"])
    applies_to: str = Field(description="claim, or line: then below `any_line` or in a rule of lines")
    meaning: str
    example: bool | int | str | list[str]
    operators: list[str]
    values: list[str] = Field(default=[], description="all that it can be, where that is a closed list")
    shown: bool = Field(description="whether a finding shows its value; false for what tells more of the patient")


class CustomRuleOperator(View):
    """An operator of comparisons; `value` is what stands there: one, several, range or flag (true or false)."""

    name: str
    value: str
    types: list[str]
    words: str


class CustomRuleFacts(View):
    """All facts and operators, and the limits of a condition."""

    items: list[CustomRuleFact]
    operators: list[CustomRuleOperator]
    max_depth: int
    max_comparisons: int
    max_values: int
