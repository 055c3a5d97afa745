"""What the simulator's settings point to: its payer files and its trading partners.

A partners file is JSON: `[{"sender_id": "HANDBILL", "password": "..."}]`, or `password_hash` with an argon2 hash
instead of the password. Without one, the one partner is the product's own (`credentials/trading-partner.json`).
"""

import json
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, TypeAdapter, model_validator

from shared.settings import Settings, SimulatorSettings
from shared.startup import CannotStart

MAX_PAYER_FILES = 500


class PayersMissing(CannotStart):
    """There is no folder of payer files."""


class PartnersDamaged(CannotStart):
    """The partners file does not hold trading partners."""


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


def partners_of(simulator: SimulatorSettings, settings: Settings) -> dict[str, Partner]:
    """The trading partners by sender id. Raises FileNotFoundError where its file is not there,
    and PartnersDamaged."""
    if simulator.partners_file is None:
        own = settings.trading_partner_credentials()
        return {own.sender_id: Partner(sender_id=own.sender_id, password=own.password)}
    try:
        found = TypeAdapter(list[Partner]).validate_python(json.loads(simulator.partners_file.read_text()))
    except ValueError:
        raise PartnersDamaged(f"{simulator.partners_file} does not hold a list of trading partners") from None
    return {partner.sender_id: partner for partner in found}


def payer_texts(folder: Path) -> dict[str, str]:
    """The payer files of a folder, name to text. Raises PayersMissing when there is no such folder."""
    if not folder.is_dir():
        raise PayersMissing(f"{folder} is not a folder; set HANDBILL_SIMULATOR_PAYERS_DIR to one with payer files")
    files = sorted(folder.glob("*.toml"))[:MAX_PAYER_FILES]
    return {path.name: path.read_text(encoding="utf-8") for path in files}
