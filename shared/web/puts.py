"""How every PUT of a record is answered: 201 for a new record, 200 for one that was there, its version as the ETag."""

from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel

from shared.database.records import PutResult
from shared.errors import PreconditionFailed, Problem, responses
from shared.web.etags import set_etag


def put_responses(model: type[BaseModel], *problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """What a PUT can answer beside 200; `problems` are those beside PreconditionFailed."""
    created: dict[int | str, dict[str, Any]] = {201: {"model": model, "description": "A new record"}}
    return created | responses(PreconditionFailed, *problems)


def set_put_status(response: Response, result: PutResult[Any]) -> None:
    """Set the status and the ETag of a PUT's answer."""
    response.status_code = 201 if result.created else 200
    set_etag(response, result.version)
