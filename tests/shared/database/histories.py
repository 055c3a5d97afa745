"""Histories as later versions have them: that of notes, copied, with more migrations."""

import shutil
from pathlib import Path

MIGRATIONS = Path(__file__).parents[3] / "services" / "notes" / "migrations"
FILE = '''"""A migration of the tests."""

import sqlalchemy as sa
from alembic import op

from shared.database.steps.indexes import add_index

revision = "{number:04}"
down_revision = "{before:04}"
branch_labels = None
depends_on = None
kind = "{kind}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    pass
'''
ADD_COLUMN = 'op.add_column("notes", sa.Column("room", sa.String(20), nullable=True))'
ADD_INDEX = 'add_index("notes_by_version", "notes", ["organization_id", "version"])'
ADD_TABLE = 'op.create_table("rooms", sa.Column("id", sa.String(20), primary_key=True))'
DROP = 'op.drop_index("notes_by_day", "notes")'


class LaterHistory:
    """A folder of migrations that a test adds to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "later"
        shutil.copytree(MIGRATIONS, self.folder, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, kind: str, upgrade: str = "pass") -> str:
        """One more migration; its revision."""
        before = len(list((self.folder / "versions").glob("0*.py")))
        text = FILE.format(number=before + 1, before=before, kind=kind, upgrade=upgrade)
        (self.folder / "versions" / f"{before + 1:04}_later.py").write_text(text)
        return f"{before + 1:04}"
