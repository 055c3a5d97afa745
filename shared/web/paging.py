"""The query parameters of every list; `shared.paging` cuts the pages."""

from typing import Annotated

from fastapi import Query

from shared.paging import MAX_CURSOR_LENGTH, MAX_PAGE

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="how many at most")]
After = Annotated[str | None, Query(max_length=MAX_CURSOR_LENGTH, description="`next` of the page before")]
