"""The routes of the claims service: parse, call one flow, answer a contract model."""

from services.claims.api.claims import router as claims_router
from services.claims.api.exchange import router as exchange_router
from services.claims.api.practice import router as practice_router

ROUTERS = (practice_router, claims_router, exchange_router)

__all__ = ["ROUTERS"]
