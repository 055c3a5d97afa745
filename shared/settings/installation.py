"""The settings of all processes but the simulator's own, and what follows from them: where files and databases are."""

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings.credentials import Credentials, CredentialsDamaged, TradingPartnerCredentials
from shared.settings.field import CLAIMS, EVERY, HTTP, PREFIX, SERVICES, SIMULATOR, WIRE, setting
from shared.settings.values import Address, DatabaseTemplate, FileTemplate, LogLevel, Thumbprints

M = TypeVar("M", bound=BaseModel)
PORTS = {"access": 8400, "eligibility": 8401, "notes": 8402, "claims": 8403, "clearinghouse": 8404}
PINS_NAME = "access-thumbprints"


def local_url(service: str) -> str:
    """Where a service listens by default."""
    return f"http://127.0.0.1:{PORTS[service]}"


class Settings(BaseSettings):
    """What configures all processes. `database_url` is a template: `{service}` and `{data_dir}` are filled in."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    data_dir: Path = setting(
        EVERY,
        "Folder of keys, credentials, imported codes, logs, and the databases on SQLite.",
        default=Path(".handbill"),
    )
    database_url: DatabaseTemplate = setting(
        EVERY,
        "The databases, one a service: `{service}` and `{data_dir}` are filled in. SQLite or PostgreSQL (psycopg).",
        default="sqlite:///{data_dir}/{service}.sqlite",
    )
    anchor_seconds: float = setting(
        EVERY,
        "How long a process may wait before it writes to `anchors` how far it has committed the audit chains.",
        default=5.0,
        ge=0.1,
        le=3600,
    )
    log_level: LogLevel = setting(EVERY, "The least severe log lines that are written.", default="info")
    issuer: str = setting(("every service",), "`iss` of every token.", default="handbill")
    access_key_thumbprints: Thumbprints = setting(
        SERVICES,
        "RFC 7638 thumbprints of the keys of access that are trusted, beside those of `keys/access-thumbprints`.",
        default="",
    )
    tls_certificate: FileTemplate | None = setting(
        ("every service",),
        "The certificate of a service with its chain (PEM): `{service}` and `{data_dir}` are filled in.",
        default=None,
    )
    tls_key: FileTemplate | None = setting(
        ("every service",), "Its key (PEM, 0600, without a password), filled in likewise.", default=None
    )
    tls_ca: FileTemplate | None = setting(
        EVERY,
        "The authority of the services' certificates (PEM), the only one that is trusted between services.",
        default=None,
    )
    access_url: Address = setting(SERVICES, "Where access listens, and is called.", default=local_url("access"))
    eligibility_url: Address = setting(
        ("eligibility", *CLAIMS), "Where eligibility listens, and is called.", default=local_url("eligibility")
    )
    notes_url: Address = setting(("notes", *CLAIMS), "Where notes listens, and is called.", default=local_url("notes"))
    claims_url: Address = setting(("claims",), "Where claims listens.", default=local_url("claims"))
    simulator_url: Address = setting(
        SIMULATOR, "Where the simulator listens, and its clock is read.", default=local_url("clearinghouse")
    )
    clearinghouse_url: Address = setting(
        ("eligibility", *CLAIMS),
        "Where X12 files and inquiries are sent; the simulator's address when it is not set.",
        default_factory=lambda known: known.get("simulator_url", local_url("clearinghouse")),
    )
    clearinghouse_id: str = setting(
        WIRE, "The clearinghouse as receiver: ISA08, GS03 and NM1*40.", default="CLEARING", min_length=2, max_length=15
    )
    usage: Literal["test", "production"] = setting(
        WIRE, "ISA15 of all that is sent: only production claims are paid.", default="test"
    )
    trading_partners_file: Path | None = setting(
        WIRE,
        "What single organizations have agreed with the clearinghouse (TOML; docs/trading-partners.md).",
        default=None,
    )
    clock_url: Address | None = setting(
        SERVICES, "The simulator's clock, for business time; the machine's own clock when it is not set.", default=None
    )
    max_connections: int = setting(
        HTTP, "Connections that a process keeps open; one that waits for its client makes room.", default=2_000, ge=10
    )
    max_connections_per_peer: int = setting(
        HTTP, "Connections of one address, 0 for no limit: behind a proxy all have the proxy's.", default=0, ge=0
    )
    request_head_seconds: float = setting(
        HTTP, "How long the head of a request may be on its way.", default=10.0, gt=0, le=300
    )
    request_body_seconds: float = setting(
        HTTP, "How long its body may; every 1,000 bytes give a second more.", default=30.0, gt=0, le=300
    )
    requests_per_minute: int = setting(
        HTTP,
        "Requests that an organization may make of a service, over all its processes; dear ones count more than once.",
        default=6_000,
        ge=1,
    )
    internal_requests_per_minute: int = setting(
        HTTP, "The same for what Handbill's services ask of one another for it.", default=30_000, ge=1
    )
    requests_at_once: int = setting(
        HTTP,
        "Requests of an organization under way in a process at a time, while no other asks.",
        default=24,
        ge=1,
        le=32,
    )
    requests_at_once_shared: int = setting(
        HTTP, "The same while others ask too: more of them make each one's slower.", default=2, ge=1, le=32
    )
    metrics_token_file: Path | None = setting(
        HTTP,
        "A private file with the token for `GET /metrics`; without it there are none to read.",
        default=None,
    )
    worker_metrics_port: int | None = setting(
        ("claims worker",),
        "The port of 127.0.0.1 where the worker serves its own `/metrics`, for the same token; none without it.",
        default=None,
        ge=1,
        le=65_535,
    )
    otlp_endpoint: Address | None = setting(
        SERVICES,
        "The OpenTelemetry collector that gets spans (OTLP over HTTP); none without it. Wants handbill[otel].",
        default=None,
    )
    token_endpoint: Address | None = setting(
        ("access",),
        "The address of POST /oauth/token as clients know it, `aud` of their assertions; access's own when not set.",
        default=None,
    )
    token_seconds: int = setting(("access",), "How long a token of an API client lasts.", default=900, ge=60, le=3600)
    resend_after_seconds: int = setting(
        ("eligibility", "claims worker"),
        "How long nothing is sent again after no answer (CAQH CORE: 90 seconds of real time).",
        default=90,
        ge=0,
    )
    batch_window_seconds: float = setting(
        ("claims worker",), "How long a file waits for more claims.", default=2.0, ge=0, le=600
    )
    worker_interval_seconds: float = setting(
        ("claims worker",), "The pause between two passes of the worker.", default=1.0, gt=0, le=3600
    )
    worker_lease_seconds: float = setting(
        ("claims worker",), "After how long without a sign of life its work is taken over.", default=15.0, gt=0, le=600
    )

    def database_url_of(self, service: str) -> str:
        """The SQLAlchemy URL of one service's database."""
        return self.database_url.format(service=service, data_dir=self.data_dir.resolve())

    def tls_file(self, kind: Literal["certificate", "key", "ca"], service: str = "") -> Path | None:
        """The file of one service, or of all where its path names none."""
        template: str | None = getattr(self, f"tls_{kind}")
        return Path(template.format(service=service, data_dir=self.data_dir.resolve())) if template else None

    @property
    def pinned_keys_file(self) -> Path:
        """The thumbprints of access's keys, one a line."""
        return self.data_dir / "keys" / PINS_NAME

    @property
    def keyring_file(self) -> Path:
        """The master keys for PHI at rest. Losing them loses all sealed values."""
        return self.data_dir / "keys" / "keyring.json"

    @property
    def anchors_dir(self) -> Path:
        """Where processes write how far the audit chains went."""
        return self.data_dir / "anchors"

    @property
    def unfinished_restore(self) -> Path:
        """Where `handbill restore` makes databases before they are verified; while it is there, nothing starts."""
        return self.data_dir / "restoring"

    @property
    def codes_dir(self) -> Path:
        """Where `handbill codes import` keeps editions of code sets."""
        return self.data_dir / "codes"

    @property
    def signing_key_file(self) -> Path:
        """The Ed25519 key that access signs tokens with."""
        return self.data_dir / "keys" / "access-signing.pem"

    def credentials_of(self, service: str) -> Credentials:
        """Raises FileNotFoundError before `handbill init` has made them, and CredentialsDamaged."""
        return self._read(service, Credentials)

    def trading_partner_credentials(self) -> TradingPartnerCredentials:
        """Raises as `credentials_of`."""
        return self._read("trading-partner", TradingPartnerCredentials)

    def secret_file(self, name: str) -> Path:
        """Where `handbill init` keeps a service's credentials; 0600."""
        return self.data_dir / "credentials" / f"{name}.json"

    def _read(self, name: str, model: type[M]) -> M:
        file = self.secret_file(name)
        try:
            return model.model_validate(json.loads(file.read_text()))
        except ValueError:
            raise CredentialsDamaged(f"{file} is damaged; remove it, and run: handbill init") from None
