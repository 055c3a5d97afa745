"""Trading partners: what each organization has agreed with the clearinghouse, for claims and eligibility alike.

The installation's settings say what holds for everyone (`HANDBILL_CLEARINGHOUSE_ID`, `HANDBILL_USAGE`); the file
named by `HANDBILL_TRADING_PARTNERS_FILE` says what differs, once for all (`[default]`) and for single organizations
(`[organizations.<id>]`). It is a file of the operator's, since the agreement is the operator's and holds a password:

    [default]
    files_per_day = 200

    [organizations.org_3f9c]
    usage = "production"
    sender_id = "SALALST"
    password = "given by the clearinghouse for this sender id"

A sender id of its own is an account of its own at the clearinghouse: own password, own mailbox.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from shared.private_files import ReadableByOthers, read_private_file
from shared.settings import Settings
from shared.startup import CannotStart
from shared.wire.envelope import Route, Usage

ClearinghouseId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 .\-]{0,13}[A-Z0-9]$")]
"""2 to 15 characters: what ISA06, ISA08, GS02, GS03 and NM109 all take."""
MAX_FILE_BYTES = 1_000_000


class TradingPartnersFileError(CannotStart, ValueError):
    """The trading partners file cannot be used; the text says why and names no password."""


class Agreement(BaseModel):
    """A table of the trading partners file; what is absent is as for everyone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender_id: ClearinghouseId | None = None
    receiver_id: ClearinghouseId | None = None
    application_sender_id: ClearinghouseId | None = None
    application_receiver_id: ClearinghouseId | None = None
    usage: Usage | None = None
    claims_per_file: int | None = Field(default=None, ge=1, le=5_000)
    files_per_day: int | None = Field(default=None, ge=1, le=100_000)
    requests_per_minute: int | None = Field(default=None, ge=1, le=100_000)
    password: SecretStr | None = None


class AgreementsFile(BaseModel):
    """The whole trading partners file."""

    model_config = ConfigDict(extra="forbid")

    default: Agreement = Agreement()
    organizations: dict[str, Agreement] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPartner:
    """What one organization and the clearinghouse have agreed on.

    `sender_id` and `password` also open the account at the clearinghouse. The limits are the other side's: claims in
    one file, files in one day (UTC), requests in one minute and process.
    """

    sender_id: str
    receiver_id: str
    password: SecretStr
    application_sender_id: str = ""
    application_receiver_id: str = ""
    usage: Usage = Usage.TEST
    claims_per_file: int = 100
    files_per_day: int = 1_000
    requests_per_minute: int = 600

    @property
    def route(self) -> Route:
        """The ids and the usage as the envelope takes them."""
        return Route(
            sender_id=self.sender_id,
            receiver_id=self.receiver_id,
            application_sender_id=self.application_sender_id,
            application_receiver_id=self.application_receiver_id,
            usage=self.usage,
        )


@dataclass(frozen=True, slots=True)
class TradingPartners:
    """Every organization's trading partner: its own, or the default."""

    default: TradingPartner
    own: Mapping[str, TradingPartner] = field(default_factory=dict)

    def of(self, organization_id: str) -> TradingPartner:
        """The organization's own trading partner, or the default one."""
        return self.own.get(organization_id, self.default)

    def accounts(self) -> tuple[TradingPartner, ...]:
        """One partner for every sender id: the accounts, and so the mailboxes, at the clearinghouse."""
        found = {partner.sender_id: partner for partner in self.own.values()}
        return tuple({**found, self.default.sender_id: self.default}.values())

    def account(self, sender_id: str) -> TradingPartner | None:
        """The account of a sender id; None when it is nobody's any more."""
        return next((partner for partner in self.accounts() if partner.sender_id == sender_id), None)


def trading_partners(settings: Settings) -> TradingPartners:
    """Every organization's trading partner, from the settings and the file that they name.

    Raises FileNotFoundError before `handbill init` has made the installation's password, and TradingPartnersFileError.
    """
    credentials = settings.trading_partner_credentials()
    installation = TradingPartner(
        sender_id=credentials.sender_id,
        password=credentials.password,
        receiver_id=settings.clearinghouse_id,
        usage=Usage(settings.usage),
    )
    agreed = _read(settings)
    default = _with(installation, agreed.default, "default")
    own = {name: _with(default, one, f"organizations.{name}") for name, one in agreed.organizations.items()}
    partners = TradingPartners(default, own)
    for name, partner in own.items():
        if partner.password != (partners.account(partner.sender_id) or partner).password:
            raise TradingPartnersFileError(f"[organizations.{name}]: its sender id has another password elsewhere")
    return partners


def _read(settings: Settings) -> AgreementsFile:
    path = settings.trading_partners_file
    if path is None:
        return AgreementsFile()
    try:
        return AgreementsFile.model_validate(tomllib.loads(read_private_file(path, MAX_FILE_BYTES).decode()))
    except ReadableByOthers as error:
        raise TradingPartnersFileError(f"the file may hold passwords: {error}") from None
    except OSError as error:
        raise TradingPartnersFileError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise TradingPartnersFileError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:
        if isinstance(error, TradingPartnersFileError):
            raise
        raise TradingPartnersFileError(f"{path} is not TOML") from None


def _with(partner: TradingPartner, agreement: Agreement, table: str) -> TradingPartner:
    changed: dict[str, Any] = {name: value for name, value in agreement if value is not None}
    if changed.get("sender_id", partner.sender_id) != partner.sender_id:
        if "password" not in changed:
            raise TradingPartnersFileError(f"[{table}]: a sender_id of its own needs the password of its account")
        # GS02 was given for the account that everyone shares; without one of its own it follows the new ISA06.
        changed.setdefault("application_sender_id", "")
    if "receiver_id" in changed:
        changed.setdefault("application_receiver_id", "")
    return replace(partner, **changed)
