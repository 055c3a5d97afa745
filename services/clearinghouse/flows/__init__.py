"""Use cases of the simulator, one transaction each; clock, ids and payers are parameters (`Dependencies`)."""

from services.clearinghouse.flows.dependencies import Dependencies

__all__ = ["Dependencies"]
