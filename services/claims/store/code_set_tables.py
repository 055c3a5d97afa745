"""The table of editions of code sets, which are the installation's."""

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from services.claims.store.rows import InstallationRow
from shared.database import UtcDateTime


class CodeSetEditionRow(InstallationRow, table=True):
    """An edition of a code set that the operator imported, as it is in force over those before it (`content`). The one
    with the highest number that is not withdrawn judges every organization's claims."""

    __tablename__ = "code_set_editions"

    kind: str = Field(max_length=20)
    number: int
    version: str = Field(max_length=200)
    effective_from: date
    effective_to: date
    entries: int
    file_digest: str = Field(max_length=64, description="SHA-256 of the file as it came")
    imported_at: datetime = Field(sa_type=UtcDateTime)
    client_id: str = Field(max_length=64)
    actor_id: str = Field(max_length=120)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    content: bytes = Field(sa_type=LargeBinary)
