"""The simulator's routes: X12 in and out for trading partners, and the controls of the simulation itself.

X12 travels as raw bytes (`application/edi-x12`). Partners show sender id and password by HTTP Basic; the controls are
open, since they hold nothing but time and a list of names.
"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import Field, model_validator

from services.clearinghouse.domain.scenarios import (
    LOSE_REPLY,
    SCENARIOS,
    TIMEOUT,
    UNAVAILABLE,
    Scenario,
    UnknownScenario,
    named,
)
from services.clearinghouse.flows import (
    Dependencies,
    answer_inquiry,
    answer_status,
    clock,
    fetch_messages,
    receive_appeal,
    receive_file,
)
from services.clearinghouse.trading_partners import Partners
from services.clearinghouse.truncated_response import EDI, TruncatedResponse
from shared.contracts.common import Command, IsoDateTime, View
from shared.errors import (
    BadRequest,
    Conflict,
    Fault,
    Forbidden,
    Malformed,
    NotFound,
    TooLarge,
    Unauthorized,
    Unavailable,
    responses,
)
from shared.web.routes import Routes
from shared.web.service import dependency

MAX_MESSAGES = 100
PRINTED = r"^[ -~]+$"
"""What a control number is made of; PostgreSQL takes no NUL."""
basic = HTTPBasic(auto_error=False, description="the trading partner's sender id and password")


class FileReceipt(View):
    """What a partner gets for a file; `accepted` false means that the TA1 rejects the interchange."""

    file_id: str
    interchange_control_number: str
    received_at: datetime
    duplicate: bool
    accepted: bool


class FileReceipts(View):
    """All that came under one control number."""

    items: list[FileReceipt]


class X12Message(View):
    """One message, whole."""

    message_id: str
    kind: str = Field(examples=["TA1", "999", "277CA", "835"])
    created_at: datetime
    content: str


class X12Messages(View):
    """Messages in order; `next` is the cursor to ask with, also when there is nothing new."""

    items: list[X12Message]
    next: str


class SimulatorTime(View):
    """What the virtual clock shows; `running` false means that it stands until it is advanced."""

    now: datetime
    running: bool


class ClockMove(Command):
    """How far, or `to` which moment; exactly one of the two ways."""

    days: int = Field(strict=True, default=0, ge=0, le=3660)
    hours: int = Field(strict=True, default=0, ge=0, le=100_000)
    seconds: int = Field(strict=True, default=0, ge=0, le=100_000_000)
    to: IsoDateTime | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "ClockMove":
        stepped = bool(self.days or self.hours or self.seconds)
        if stepped == (self.to is not None):
            raise ValueError("give either a step of days, hours and seconds, or the moment `to`")
        return self

    def target(self, now: datetime) -> datetime:
        """The moment to move to."""
        return self.to or now + timedelta(days=self.days, hours=self.hours, seconds=self.seconds)


class AppealFaxed(Command):
    """An appeal as it comes by fax: of which claim (CLM01). What it says is not read."""

    claim_number: str = Field(min_length=1, max_length=20, pattern=PRINTED)


class AppealAnswer(View):
    """Where the payer has the appeal, as its letters say: `decides_at` while it waits, null where it never answers."""

    claim_number: str
    state: str = Field(examples=["waiting", "decided"])
    decides_at: datetime | None = None
    decision: str | None = Field(default=None, examples=["appeal_overturned", "appeal_upheld", "appeal_partly"])


class ScenarioView(View):
    """One scenario with a command that shows it."""

    name: str
    sentence: str
    member_prefix: str
    curl: str


class ScenarioList(View):
    """All scenarios."""

    items: list[ScenarioView]


async def body_of(request: Request) -> bytes:
    """The raw body; its size is limited before it gets here."""
    return await request.body()


def partner(request: Request, credentials: Annotated[HTTPBasicCredentials | None, Depends(basic)]) -> str:
    """The sender id of the partner who asks. Raises Unauthorized."""
    partners: Partners = request.app.state.dependencies[Partners]
    if credentials is None or not partners.accepts(credentials.username, credentials.password):
        raise Unauthorized(
            "send the trading partner's sender id and password by HTTP Basic",
            code="partner_unknown",
            headers={"WWW-Authenticate": 'Basic realm="x12"'},
        )
    return credentials.username


def edi(content: Annotated[bytes, Depends(body_of)], request: Request) -> bytes:
    """A body of X12. Raises BadRequest for another content type."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in {EDI, "application/edi-x12", "application/x12", "text/plain", "application/octet-stream"}:
        raise BadRequest(f"send X12 with Content-Type: {EDI}", code="content_type_unknown")
    return content


def scenarios_of(x_simulator_scenario: Annotated[str, Header(max_length=200)] = "") -> tuple[Scenario, ...]:
    """The scenarios that the header asks for. Raises Malformed."""
    try:
        return named(x_simulator_scenario)
    except UnknownScenario as unknown:
        fault = Fault("/header/x-simulator-scenario", "scenario_unknown", "Nobody knows this scenario.", str(unknown))
        raise Malformed("the scenario is not one of GET /simulator/scenarios", errors=[fault]) from None


def unavailable() -> Unavailable:
    """What the scenario `unavailable` answers."""
    return Unavailable(
        "the scenario `unavailable` was asked for; nothing was kept",
        code="scenario_unavailable",
        headers={"Retry-After": "5"},
    )


Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
PartnerId = Annotated[str, Depends(partner)]
Edi = Annotated[bytes, Depends(edi)]
Asked = Annotated[tuple[Scenario, ...], Depends(scenarios_of)]
X12_BODY = {"requestBody": {"required": True, "content": {EDI: {"schema": {"type": "string"}}}}}
router = Routes(tokens=False)


@router.post(
    "/v1/x12/files",
    status_code=202,
    response_model=FileReceipt,
    openapi_extra=X12_BODY,
    responses=responses(BadRequest, Unauthorized, TooLarge, Malformed, Unavailable),
    tags=["x12"],
)
def submit_file(
    *,
    deps: Deps,
    partner_id: PartnerId,
    content: Edi,
    scenarios: Asked,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=255)] = None,
) -> Response | FileReceipt:
    """Take an 837P file. TA1, 999 and the clearinghouse's 277CA lie in the mailbox when the receipt leaves."""
    try:
        taken = receive_file.receive(deps, receive_file.Delivery(partner_id, content, scenarios, idempotency_key))
    except receive_file.ScenarioStruck as struck:
        if struck.scenario == UNAVAILABLE:
            raise unavailable() from None
        return TruncatedResponse()
    if LOSE_REPLY in taken.scenarios:
        return TruncatedResponse()
    return _view(taken.receipt)


@router.get("/v1/x12/files", response_model=FileReceipts, responses=responses(Unauthorized), tags=["x12"])
def list_files(
    *,
    deps: Deps,
    partner_id: PartnerId,
    interchange_control_number: Annotated[str, Query(min_length=1, max_length=20, pattern=PRINTED)],
) -> FileReceipts:
    """Did you get it? Receipts under a control number; none means that it never arrived."""
    found = receive_file.receipts(deps, partner_id, interchange_control_number)
    return FileReceipts(items=[_view(receipt) for receipt in found])


@router.get("/v1/x12/messages", response_model=X12Messages, responses=responses(Unauthorized), tags=["x12"])
def list_messages(
    *,
    deps: Deps,
    partner_id: PartnerId,
    after: Annotated[str, Query(pattern=r"^[0-9]{0,9}$", description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_MESSAGES)] = MAX_MESSAGES,
    content: Annotated[bool, Query(description="false leaves it empty, for what is too large to be read")] = True,
) -> X12Messages:
    """The partner's mailbox in order, as far as the clock has come."""
    found = fetch_messages.fetch(deps, partner_id, int(after or 0), limit)
    items = [
        X12Message(message_id=row.id, kind=row.kind, created_at=row.created_at, content=row.content if content else "")
        for row in found
    ]
    return X12Messages(items=items, next=str(found[-1].sequence) if found else after or "0")


@router.post(
    "/v1/x12/eligibility",
    response_class=Response,
    openapi_extra=X12_BODY,
    responses={
        200: {"description": "A 271, or the 999 that says why there is none", "content": {EDI: {}}},
        **responses(BadRequest, Unauthorized, Forbidden, TooLarge, Malformed),
    },
    tags=["x12"],
)
def check_eligibility(*, deps: Deps, partner_id: PartnerId, content: Edi) -> Response:
    """Answer a 270 at once."""
    return Response(answer_inquiry.answer(deps, partner_id, content), media_type=EDI)


@router.post(
    "/v1/x12/status",
    response_class=Response,
    openapi_extra=X12_BODY,
    responses={
        200: {"description": "A 277, or the 999 that says why there is none", "content": {EDI: {}}},
        **responses(BadRequest, Unauthorized, Forbidden, TooLarge, Malformed, Unavailable),
    },
    tags=["x12"],
)
def check_claim_status(*, deps: Deps, partner_id: PartnerId, content: Edi, scenarios: Asked) -> Response:
    """Answer a 276 at once."""
    if UNAVAILABLE in scenarios:
        raise unavailable()
    if TIMEOUT in scenarios or LOSE_REPLY in scenarios:
        return TruncatedResponse()
    return Response(answer_status.answer(deps, partner_id, content, scenarios), media_type=EDI)


@router.get("/simulator/clock", response_model=SimulatorTime, tags=["simulator"])
def read_clock(deps: Deps) -> SimulatorTime:
    """Virtual time."""
    shown = clock.read(deps)
    return SimulatorTime(now=shown.now, running=shown.running)


@router.post(
    "/simulator/clock/advance", response_model=SimulatorTime, responses=responses(Conflict), tags=["simulator"]
)
def advance_clock(deps: Deps, body: ClockMove) -> SimulatorTime:
    """Move the clock forward and do all that becomes due on the way."""
    shown = clock.advance(deps, body.target)
    return SimulatorTime(now=shown.now, running=shown.running)


@router.post(
    "/simulator/appeals",
    status_code=202,
    response_model=AppealAnswer,
    responses=responses(Unauthorized, NotFound, Conflict),
    tags=["simulator"],
)
def fax_appeal(*, deps: Deps, partner_id: PartnerId, body: AppealFaxed, scenarios: Asked) -> AppealAnswer:
    """Send the payer an appeal, as by fax. It is decided thirty days later on the virtual clock, as the scenario says:
    what it pays comes in an 835."""
    return _appeal(receive_appeal.receive_appeal(deps, partner_id, body.claim_number, scenarios))


@router.get(
    "/simulator/appeals/{claim_number}",
    response_model=AppealAnswer,
    responses=responses(Unauthorized, NotFound),
    tags=["simulator"],
)
def read_appeal(
    *, deps: Deps, partner_id: PartnerId, claim_number: Annotated[str, Path(max_length=20, pattern=PRINTED)]
) -> AppealAnswer:
    """What the payer's letter says of an appeal."""
    return _appeal(receive_appeal.read_appeal(deps, partner_id, claim_number))


@router.get("/simulator/scenarios", response_model=ScenarioList, tags=["simulator"])
def list_scenarios(request: Request) -> ScenarioList:
    """What can be made to go wrong, and how to ask for it."""
    base = str(request.base_url).rstrip("/")
    return ScenarioList(
        items=[
            ScenarioView(
                name=scenario.name,
                sentence=scenario.sentence,
                member_prefix=scenario.member_prefix,
                curl=scenario.curl(base),
            )
            for scenario in SCENARIOS
        ]
    )


def _appeal(found: receive_appeal.AppealAtPayer) -> AppealAnswer:
    return AppealAnswer(
        claim_number=found.claim_number, state=found.state, decides_at=found.decides_at, decision=found.decision
    )


def _view(receipt: receive_file.Receipt) -> FileReceipt:
    return FileReceipt(
        file_id=receipt.file_id,
        interchange_control_number=receipt.interchange_control_number,
        received_at=receipt.received_at,
        duplicate=receipt.duplicate,
        accepted=receipt.accepted,
    )
