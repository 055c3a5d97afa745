"""What others told of a claim, to and from the sealed column that keeps it."""

from typing import Any

import msgspec

from services.claims.domain.told import Told


def told_of(kept: dict[str, Any]) -> Told:
    """Nothing was told where nothing is kept."""
    return msgspec.convert(kept, Told)


def kept(told: Told) -> dict[str, Any]:
    """JSON for the sealed column."""
    dumped: dict[str, Any] = msgspec.to_builtins(told)
    return dumped
