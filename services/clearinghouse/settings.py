"""The simulator's own settings (`HANDBILL_SIMULATOR_...`): its payers, its trading partners, its clock.

A partners file is JSON: `[{"sender_id": "HANDBILL", "password": "..."}]`, or `password_hash` with an argon2 hash
instead of the password. Without one, the one partner is the product's own (`credentials/trading-partner.json`).
"""

import json
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, Field, SecretStr, TypeAdapter, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import Settings

PAYERS_OF_THE_DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "payers"
FIRST_MOMENT = "2026-05-04T08:00:00-07:00"
MAX_PAYER_FILES = 500


class Partner(BaseModel):
    """One trading partner. `sender_id` is ISA06 and the user name of HTTP Basic."""

    sender_id: str = Field(min_length=1, max_length=15)
    password: SecretStr | None = None
    password_hash: SecretStr | None = None

    @model_validator(mode="after")
    def _one_secret(self) -> "Partner":
        if (self.password is None) == (self.password_hash is None):
            raise ValueError("give either password or password_hash")
        return self


class SimulatorSettings(BaseSettings):
    """`clock_runs` false: the clock stands until it is advanced."""

    model_config = SettingsConfigDict(env_prefix="HANDBILL_SIMULATOR_", extra="ignore")

    payers_dir: Path = PAYERS_OF_THE_DEMO
    partners_file: Path | None = None
    starts_at: AwareDatetime = datetime.fromisoformat(FIRST_MOMENT)
    clock_runs: bool = False
    time_zone: str = "America/Los_Angeles"
    interchange_id: str = Field(default="CLEARING", min_length=1, max_length=15)
    name: str = "Handbill Clearinghouse Simulator"
    max_file_bytes: int = Field(default=20_000_000, ge=1_000, le=200_000_000)
    max_claims_a_file: int = Field(default=5_000, ge=1, le=100_000)


def partners_of(simulator: SimulatorSettings, settings: Settings) -> dict[str, Partner]:
    """The trading partners by sender id. Raises FileNotFoundError before there are any credentials."""
    if simulator.partners_file is None:
        own = settings.trading_partner()
        return {own.sender_id: Partner(sender_id=own.sender_id, password=own.password)}
    found = TypeAdapter(list[Partner]).validate_python(json.loads(simulator.partners_file.read_text()))
    return {partner.sender_id: partner for partner in found}


def payer_texts(folder: Path) -> dict[str, str]:
    """The payer files of a folder, name to text. Raises FileNotFoundError when there is no such folder."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not a folder; set HANDBILL_SIMULATOR_PAYERS_DIR to one with payer files")
    files = sorted(folder.glob("*.toml"))[:MAX_PAYER_FILES]
    return {path.name: path.read_text(encoding="utf-8") for path in files}
