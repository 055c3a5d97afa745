"""The database: one engine a service, transactions that retry, PHI sealed at rest, tables every service has."""

from shared.database.columns import ContractCodec, TypedJson, UtcDateTime
from shared.database.engine import Database, UnitOfWork
from shared.database.keyring import KeyPort, LocalKeyring
from shared.database.keys import Vault
from shared.database.sealing import SealedDocument, SealedJson, SealedText
from shared.database.tenancy import OfTenant

__all__ = [
    "ContractCodec",
    "Database",
    "KeyPort",
    "LocalKeyring",
    "OfTenant",
    "SealedDocument",
    "SealedJson",
    "SealedText",
    "TypedJson",
    "UnitOfWork",
    "UtcDateTime",
    "Vault",
]
