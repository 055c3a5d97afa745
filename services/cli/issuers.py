"""`handbill issuers`: whose ID tokens say who a person of an organization is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.cli.composition import access
from shared.settings import Settings

if TYPE_CHECKING:
    from services.access.store import IssuerRow


def add_issuer(settings: Settings, organization_id: str, name: str, audience: str, keys: str | None) -> str:
    """A line that says what is trusted now. Raises NotFound, RuleBroken, IssuerUnusable."""
    from services.access.flows import issuers

    with access(settings) as deps:
        return _line(issuers.add_issuer(deps, organization_id, name, audience, keys))


def listed(settings: Settings, organization_id: str) -> Iterator[str]:
    """A line for each issuer. Raises NotFound."""
    from services.access.flows import issuers

    with access(settings) as deps:
        found = issuers.list_issuers(deps, organization_id)
    yield from map(_line, found)


def remove_issuer(settings: Settings, organization_id: str, name: str) -> None:
    """Raises NotFound."""
    from services.access.flows import issuers

    with access(settings) as deps:
        issuers.remove_issuer(deps, organization_id, name)


def _line(row: "IssuerRow") -> str:
    return f"{row.issuer}  audience {row.audience}  keys {row.jwks_uri}"
