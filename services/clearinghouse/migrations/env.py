"""The history of the access service's database."""

from services.clearinghouse.store import Row
from shared.database.migrating import run_environment

run_environment(Row.metadata)
