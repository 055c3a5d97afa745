"""Typed httpx clients: how one service calls another, and how programs of ours call them all."""

from shared.clients.http import ServiceHttp, http_client
from shared.clients.services import EligibilityClient, NotesClient
from shared.clients.tokens import ServiceTokens

__all__ = ["EligibilityClient", "NotesClient", "ServiceHttp", "ServiceTokens", "http_client"]
