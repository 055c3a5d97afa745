"""What Alembic runs; the work is the same for every service."""

from services.claims.store.tables import PracticeRow
from shared.database.history import run_environment

run_environment(PracticeRow.metadata)
