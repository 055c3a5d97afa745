"""Routes of the installation's code sets: which editions are in force, and the operator's imports."""

from typing import Annotated

from fastapi import Depends, Path

from services.claims.api.parameters import Deps
from services.claims.flows.code_sets import import_edition as flows
from shared.contracts.code_sets import (
    MAX_FILE_CHARACTERS,
    CodeSetEdition,
    CodeSetEditions,
    CodeSetImport,
    CodeSetKind,
    CodeSetWithdraw,
)
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.security.caller import Caller
from shared.web.auth import requires, requires_itself
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.routes import Routes

router = Routes(prefix="/v1/code-sets", tags=["codes"])
Importer = Annotated[Caller, Depends(requires_itself("codes:import"))]
"""A scope that the operator alone gives (`handbill org client --scope codes:import`): what comes in is everybody's."""
EditionId = Annotated[str, Path(pattern=r"^[a-z0-9]{2,10}-[0-9]{6}$")]


@router.get("", response_model=CodeSetEditions, dependencies=[Depends(requires("claims:read"))])
def list_code_set_editions(deps: Deps) -> CodeSetEditions:
    """Which editions of ICD-10-CM, NCCI and MUE judge claims, up to which day, and who imported them."""
    return flows.list_editions(deps)


@router.post(
    "/{kind}/editions", response_model=CodeSetEdition, status_code=201, responses=responses(BadRequest, Conflict)
)
@limited(max_body_bytes=MAX_FILE_CHARACTERS + 10_000, max_values=1_000, cost=20)
def import_code_set_edition(
    kind: Annotated[CodeSetKind, Path()],
    body: CodeSetImport,
    deps: Deps,
    caller: Importer,
    unit_of_work: UnitOfWorkDep,
) -> CodeSetEdition:
    """Import a published edition for the whole installation. It is in force for the next request to this process, and
    within 2 seconds in every other one. A file with a line that cannot be read is refused whole (422)."""
    return flows.import_edition(deps, unit_of_work, caller, kind, body)


@router.post(
    "/editions/{edition_id}/withdraw",
    response_model=CodeSetEdition,
    responses=responses(BadRequest, NotFound, Conflict),
)
def withdraw_code_set_edition(
    edition_id: EditionId, body: CodeSetWithdraw, deps: Deps, caller: Importer, unit_of_work: UnitOfWorkDep
) -> CodeSetEdition:
    """Take back the newest edition of a kind: what was in force before it is again, as quickly. It stays listed."""
    return flows.withdraw_edition(deps, unit_of_work, caller, edition_id, body)
