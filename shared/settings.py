"""Settings, from the environment (`HANDBILL_...`) with defaults that make the embedded set-up work.

One class serves all services: they differ in their name, and their addresses are known to each other.
"""

import json
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PORTS = {"access": 8400, "eligibility": 8401, "notes": 8402, "claims": 8403, "clearinghouse": 8404}


def local_url(service: str) -> str:
    """Where a service listens by default."""
    return f"http://127.0.0.1:{PORTS[service]}"


class Credentials(BaseModel):
    """What a service shows the access service to get its tokens."""

    client_id: str
    client_secret: SecretStr


class TradingPartner(BaseModel):
    """What the claims and eligibility services show the clearinghouse; `sender_id` goes into ISA06 and GS02."""

    sender_id: str = "HANDBILL"
    password: SecretStr


class Settings(BaseSettings):
    """`database_url` is a template: `{service}` and `{data_dir}` are filled in."""

    model_config = SettingsConfigDict(env_prefix="HANDBILL_", extra="ignore")

    data_dir: Path = Path(".handbill")
    database_url: str = "sqlite:///{data_dir}/{service}.sqlite"
    issuer: str = "handbill"
    access_url: str = local_url("access")
    eligibility_url: str = local_url("eligibility")
    notes_url: str = local_url("notes")
    claims_url: str = local_url("claims")
    clearinghouse_url: str = local_url("clearinghouse")
    clearinghouse_id: str = Field(default="CLEARING", max_length=15, description="the other side of ISA08 and NM1*40")
    clock_url: str | None = Field(default=None, description="the simulator's clock; wall time when absent")
    log_level: str = "info"
    token_seconds: int = Field(default=900, ge=60, le=3600)
    resend_after_seconds: int = Field(default=90, ge=0, description="CAQH CORE: no resend sooner in real time")
    batch_window_seconds: float = Field(default=2.0, ge=0, le=600, description="a file waits so long for more claims")
    worker_interval_seconds: float = Field(default=1.0, gt=0, le=3600)
    worker_lease_seconds: float = Field(default=15.0, gt=0, le=600)

    def database_url_of(self, service: str) -> str:
        return self.database_url.format(service=service, data_dir=self.data_dir.resolve())

    @property
    def key_file(self) -> Path:
        return self.data_dir / "keys" / "master.key"

    @property
    def signing_key_file(self) -> Path:
        return self.data_dir / "keys" / "access-signing.pem"

    def credentials_of(self, service: str) -> Credentials:
        """Raises FileNotFoundError before `handbill init` has made them."""
        return Credentials.model_validate(json.loads(self.secret_file(service).read_text()))

    def trading_partner(self) -> TradingPartner:
        return TradingPartner.model_validate(json.loads(self.secret_file("trading-partner").read_text()))

    def secret_file(self, name: str) -> Path:
        """Where `handbill init` keeps a service's credentials; 0600."""
        return self.data_dir / "credentials" / f"{name}.json"
