"""What Alembic runs; the work is the same for every service."""

from services.notes.store import Row
from shared.database.history import run_environment

run_environment(Row.metadata)
