"""Settings: every one of them, from the environment (`HANDBILL_...`), with defaults that make the embedded set-up work.

This is their only home. `docs/settings.md` is made from it, and a variable that is none of these is refused at start
(`unknown_variables`), since a misspelt setting that is ignored is found out much later.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    SecretStr,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.setting_values import Address, DatabaseTemplate, FileTemplate, LogLevel, Thumbprints, TimeZone
from shared.startup import CannotStart

M = TypeVar("M", bound=BaseModel)
PREFIX = "HANDBILL_"
PORTS = {"access": 8400, "eligibility": 8401, "notes": 8402, "claims": 8403, "clearinghouse": 8404}
PAYERS_OF_THE_DEMO = Path(__file__).parents[1] / "deploy" / "demo" / "payers"
FIRST_MOMENT = "2026-05-04T08:00:00-07:00"
PINS_NAME = "access-thumbprints"
EVERY = ("every process",)
HTTP = ("every service",)
SERVICES = ("every service", "claims worker")
CLAIMS = ("claims", "claims worker")
SIMULATOR = ("clearinghouse",)
WIRE = ("eligibility", *CLAIMS)


def local_url(service: str) -> str:
    """Where a service listens by default."""
    return f"http://127.0.0.1:{PORTS[service]}"


class CredentialsDamaged(CannotStart, ValueError):
    """A credentials file does not hold credentials."""


class Credentials(BaseModel):
    """What a service shows the access service to get its tokens."""

    client_id: str
    client_secret: SecretStr


class TradingPartnerCredentials(BaseModel):
    """What the claims and eligibility services show the clearinghouse; `sender_id` goes into ISA06 and GS02."""

    sender_id: str = "HANDBILL"
    password: SecretStr


def setting(read_by: tuple[str, ...], meaning: str, **options: Any) -> Any:
    """A field with the words that docs/settings.md says of it."""
    return Field(description=meaning, json_schema_extra={"read_by": list(read_by)}, validate_default=True, **options)


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


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One line of the page of all settings."""

    variable: str
    type: str
    default: str
    read_by: tuple[str, ...]
    meaning: str


COMMAND_LINE = (
    SettingDoc("HANDBILL_CLIENT_ID", "text", "", ("handbill token",), "The API client to get a token for."),
    SettingDoc("HANDBILL_CLIENT_SECRET", "text", "", ("handbill token",), "Its secret."),
)
INTERNAL = frozenset({"HANDBILL_STOP_WITH_PARENT"})
"""Set by `handbill up` for the processes that it starts; nobody else sets it."""


def documented() -> list[SettingDoc]:
    """Every setting, in the order of their classes."""
    found = [
        SettingDoc(
            variable=f"{model.model_config['env_prefix']}{name}".upper(),
            type=_type_of(model, name),
            default=_default_of(model, name),
            read_by=tuple(field.json_schema_extra["read_by"]),  # type: ignore[arg-type, index]
            meaning=field.description or "",
        )
        for model in (Settings, SimulatorSettings)
        for name, field in model.model_fields.items()
    ]
    return [*found, *COMMAND_LINE]


def unknown_variables(names: Iterable[str]) -> dict[str, str | None]:
    """The `HANDBILL_...` names among the environment's that are no setting, each with the nearest that is one."""
    known = {one.variable for one in documented()} | INTERNAL
    unknown = sorted(name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known)
    return {
        name: next(iter(get_close_matches(name.upper(), sorted(known - INTERNAL), 1, 0.7)), None) for name in unknown
    }


def _type_of(model: type[BaseSettings], name: str) -> str:
    """In words, with its limits, from the JSON schema that pydantic makes of the field."""
    schema = model.model_json_schema()["properties"][name]
    one = next(kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null")
    if "enum" in one:
        return ", ".join(one["enum"])
    if one["type"] == "string":
        return str(one.get("format", "text"))
    words = {"number": "number", "integer": "whole number", "boolean": "true or false"}[one["type"]]
    above, low, high = one.get("exclusiveMinimum"), one.get("minimum"), one.get("maximum")
    limits = [f"above {above}"] if above is not None else [f"from {low}"] if low is not None else []
    return " ".join([words, *limits, *([f"to {high}"] if high is not None else [])])


def _default_of(model: type[BaseSettings], name: str) -> str:
    field = model.model_fields[name]
    if field.default_factory is not None:
        return "`HANDBILL_SIMULATOR_URL`"
    if field.default is None:
        return ""
    if field.default == PAYERS_OF_THE_DEMO:
        return "`deploy/demo/payers`"
    default = field.default
    return f"`{default.isoformat() if isinstance(default, datetime) else str(default).replace('False', 'false')}`"
