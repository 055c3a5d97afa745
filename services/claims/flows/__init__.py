"""Use cases of the claims service: one flow, one transaction; clock, ids and clients are parameters."""

from services.claims.flows.dependencies import Dependencies

__all__ = ["Dependencies"]
