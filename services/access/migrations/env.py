"""The history of the access service's database."""

from services.access.store import Row
from shared.database.history import run_environment

run_environment(Row.metadata)
