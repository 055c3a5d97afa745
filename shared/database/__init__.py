"""The database: one engine a service, transactions that retry, PHI sealed at rest, tables every service has."""

from shared.database.columns import ContractCodec, TypedJson, UtcDateTime
from shared.database.engine import Database, UnitOfWork
from shared.database.keyring import KeyPort, LocalKeyring
from shared.database.keys import Vault
from shared.database.sealing import SealedDocument, SealedJson, SealedText

__all__ = [
    "ContractCodec",
    "Database",
    "KeyPort",
    "LocalKeyring",
    "SealedDocument",
    "SealedJson",
    "SealedText",
    "TypedJson",
    "UnitOfWork",
    "UtcDateTime",
    "Vault",
]
