"""What every row of the claims service has: whose it is, and its id."""

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from shared.database import OfTenant


class InstallationRow(SQLModel, registry=registry()):
    """Rows that belong to no organization; `organization_id` is INSTALLATION_ID. They have no MACs."""

    # For the Structs of sealed columns, of which pydantic knows nothing.
    model_config = SQLModelConfig(arbitrary_types_allowed=True)

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class Row(OfTenant, InstallationRow):
    """Rows of an organization. Primary keys are (organization, id). All are protected by MACs."""
