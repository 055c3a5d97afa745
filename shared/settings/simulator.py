"""The settings of the simulator alone, `HANDBILL_SIMULATOR_...`."""

from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings.field import PREFIX, SIMULATOR, setting
from shared.settings.values import TimeZone

PAYERS_OF_THE_DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "payers"
FIRST_MOMENT = "2026-05-04T08:00:00-07:00"


class SimulatorSettings(BaseSettings):
    """What configures the simulator alone."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}SIMULATOR_", extra="ignore")

    payers_dir: Path = setting(SIMULATOR, "Folder of the payer files.", default=PAYERS_OF_THE_DEMO)
    partners_file: Path | None = setting(
        SIMULATOR, "The trading partners; the product's own alone when it is not set.", default=None
    )
    starts_at: AwareDatetime = setting(
        SIMULATOR,
        "The clock's first moment; a restart keeps what it had.",
        default=datetime.fromisoformat(FIRST_MOMENT),
    )
    clock_runs: bool = setting(
        SIMULATOR, "Whether the clock runs by itself, or stands until it is advanced.", default=False
    )
    time_zone: TimeZone = setting(SIMULATOR, "The payers' local days.", default="America/Los_Angeles")
    interchange_id: str = setting(
        SIMULATOR, "ISA06 of all that it sends.", default="CLEARING", min_length=1, max_length=15
    )
    name: str = setting(SIMULATOR, "The name that it gives itself.", default="Handbill Clearinghouse Simulator")
    max_file_bytes: int = setting(
        SIMULATOR, "The largest file that it takes.", default=20_000_000, ge=1_000, le=200_000_000
    )
    max_claims_a_file: int = setting(SIMULATOR, "Claims that a file may hold.", default=5_000, ge=1, le=100_000)
