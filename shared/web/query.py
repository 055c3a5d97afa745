"""Query parameters that a route does not have are refused, so that a typing error never passes as an empty filter.

What a route takes is read from its own declaration, those of its dependencies included.
"""

import difflib

from fastapi import Request
from fastapi.dependencies.models import Dependant

from shared.errors import Fault, Malformed

MAX_NAMED = 20
"""The most unknown parameters that one refusal names."""


def refuse_unknown_query(request: Request) -> None:
    """The dependency of every route. Raises Malformed with one fault for each name that is not known."""
    if not request.query_params:
        return
    known = _declared(request.scope["route"].dependant)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known][:MAX_NAMED]
    if unknown:
        faults = [_fault(place, name, sorted(known)) for place, name in enumerate(unknown)]
        raise Malformed("the query has parameters that this route does not take", errors=faults)


def _declared(dependant: Dependant) -> frozenset[str]:
    """The names of the query parameters of a route and of all that it depends on."""
    own = frozenset(parameter.alias for parameter in dependant.query_params)
    return own.union(*(_declared(inner) for inner in dependant.dependencies))


def _fault(place: int, name: str, known: list[str]) -> Fault:
    """A name that could be no parameter's is not repeated: it may be a value that went astray."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return Fault(f"/query/{name}", "query_unknown", "This parameter is not known here.", f"Did you mean {near[0]}?")
    choices = f"This route takes {', '.join(known)}." if known else "This route takes none; leave it out."
    pointer = f"/query/{name}" if name.isidentifier() and len(name) <= 40 else f"/query/{place}"
    return Fault(pointer, "query_unknown", "This parameter is not known here.", choices)
