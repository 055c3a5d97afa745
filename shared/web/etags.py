"""If-Match, If-None-Match and ETag on the wire; `shared.versions` decides what they allow."""

from typing import Annotated

from fastapi import Depends, Header
from fastapi.responses import Response

from shared.versions import Precondition, etag_of

MAX_TAGS_LENGTH = 200


def _precondition(
    if_match: Annotated[
        str | None,
        Header(max_length=MAX_TAGS_LENGTH, description='write only over this version, such as `"3"`; optional'),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(max_length=MAX_TAGS_LENGTH, description="`*` writes only what is not there yet; optional")
    ] = None,
) -> Precondition:
    return Precondition(if_match, if_none_match)


WriteCondition = Annotated[Precondition, Depends(_precondition)]
"""The conditions of a PUT; hand it to the flow."""


def set_etag(response: Response, version: int) -> None:
    """Send the version along, to be handed back in If-Match."""
    response.headers["ETag"] = etag_of(version)
