"""Typed httpx clients: how one service calls another, and how programs of ours call them all."""

from shared.clients.http import ServiceHttp
from shared.clients.services import EligibilityClient, NotesClient
from shared.clients.tokens import ServiceTokens
from shared.outgoing import http_client

__all__ = ["EligibilityClient", "NotesClient", "ServiceHttp", "ServiceTokens", "http_client"]
