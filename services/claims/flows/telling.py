"""What others told of a claim, to and from the sealed column that keeps it."""

from typing import Any

import msgspec

from services.claims.domain.payer_responses import PayerResponses


def payer_responses_of(kept: dict[str, Any]) -> PayerResponses:
    """Nothing was told where nothing is kept."""
    return msgspec.convert(kept, PayerResponses)


def kept(told: PayerResponses) -> dict[str, Any]:
    """JSON for the sealed column."""
    dumped: dict[str, Any] = msgspec.to_builtins(told)
    return dumped
