"""What the flows need, put together once by app.py."""

from dataclasses import dataclass

from services.access.failed_logins import FailedLogins, SlowAnswers
from services.access.issuers import IssuerKeys
from services.access.secrets import ClientSecrets
from services.access.signing import TokenSigner
from shared.clocks import Clock
from shared.database import Database
from shared.ids import Ids


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`clock` dates rows; `wall_clock` dates tokens, which other machines compare with their own clocks.
    `token_endpoints` are the addresses of POST /oauth/token that an assertion may be for."""

    database: Database
    clock: Clock
    wall_clock: Clock
    ids: Ids
    secrets: ClientSecrets
    signer: TokenSigner
    failed_logins: FailedLogins
    slow_answers: SlowAnswers
    token_seconds: int
    token_endpoints: tuple[str, ...]
    issuer_keys: IssuerKeys
