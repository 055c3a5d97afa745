"""What this installation shows others: a service its secret to access, claims and eligibility their password to the
clearinghouse."""

from pydantic import BaseModel, SecretStr

from shared.startup import CannotStart


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
