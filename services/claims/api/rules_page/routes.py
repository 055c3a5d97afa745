"""Routes of the page of all rules. What is searched for is in the address: rules tell nothing of a person."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator

from services.claims.api.rules_page.page import rules_page
from services.claims.api.rules_page.style import STYLE
from services.claims.domain.rules import Severity
from services.claims.flows.queries.rules import RuleSearch, search_rules
from shared.codesets.programs import Program
from shared.contracts.common import NO_CONTROL_MAX_LENGTH
from shared.web.routes import Routes

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {"content-security-policy": POLICY, "cache-control": "no-cache"}
Words = Annotated[str, Query(max_length=100, pattern=NO_CONTROL_MAX_LENGTH)]
# A form sends what is not chosen as an empty text.
OneSeverity = Annotated[Severity | None, BeforeValidator(lambda value: value or None), Query()]
OneProgram = Annotated[Program | None, BeforeValidator(lambda value: value or None), Query()]

router = Routes(prefix="/rules", tokens=False)


@router.get("", include_in_schema=False)
def show_rules(q: Words = "", severity: OneSeverity = None, program: OneProgram = None) -> HTMLResponse:
    """The page, whole or narrowed by what is asked."""
    asked = RuleSearch(words=q, severity=severity, program=program)
    return HTMLResponse(rules_page(search_rules(asked), asked), headers=_HEADERS)


@router.get("/style.css", include_in_schema=False)
def rules_style() -> Response:
    """The page's style; apart from the page, since the policy allows none within it."""
    return Response(STYLE, media_type="text/css", headers=_HEADERS)
