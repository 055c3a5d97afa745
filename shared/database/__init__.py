"""The database: one engine a service, transactions that retry, PHI sealed at rest, tables every service has."""

from shared.database.columns import UtcDateTime
from shared.database.engine import Database, UnitOfWork
from shared.database.keys import KeyPort, LocalKeyFile, Vault
from shared.database.sealing import SealedDocument, SealedJson, SealedText

__all__ = [
    "Database",
    "KeyPort",
    "LocalKeyFile",
    "SealedDocument",
    "SealedJson",
    "SealedText",
    "UnitOfWork",
    "UtcDateTime",
    "Vault",
]
