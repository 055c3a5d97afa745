"""The routes of the access service."""

from services.access.api import clients, oauth

ROUTERS = (oauth.router, clients.router)

__all__ = ["ROUTERS"]
