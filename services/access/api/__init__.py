"""The routes of the access service."""

from services.access.api import clients, oauth, users

ROUTERS = (oauth.router, clients.router, users.router, users.emergencies)

__all__ = ["ROUTERS"]
