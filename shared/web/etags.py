"""ETag and If-Match for what is edited: the tag is the row's version in quotes, `"3"`.

If-Match is optional: who sends it is told with 412 that somebody else was faster; who does not, writes last.
Comparison is strong (RFC 9110 §13.1.1), so a weak tag never matches.
"""

from typing import Annotated

from fastapi import Header
from fastapi.responses import Response

from shared.errors import PreconditionFailed

IfMatch = Annotated[
    str | None, Header(max_length=200, description='the ETag of the version you read, such as `"3"`; optional')
]


def tag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Send the version along, to be handed back in If-Match."""
    response.headers["ETag"] = tag(version)


def check_if_match(if_match: str | None, version: int | None) -> None:
    """Raises PreconditionFailed unless `if_match` (None, `*` or a list of tags) allows to write over `version`,
    which is None where nothing is there yet."""
    if if_match is None:
        return
    wanted = {part.strip() for part in if_match.split(",")}
    if version is not None and ("*" in wanted or tag(version) in wanted):
        return
    raise PreconditionFailed("it is not at the version that If-Match names; read it again, then write")
