"""What the flows run on, put together by `app.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.clearinghouse.domain.payer_configuration import Payer
from shared.clocks import Clock
from shared.database import Database
from shared.ids import Ids


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`wall` is the machine's clock: virtual time is always read from the database, so that all processes agree."""

    database: Database
    wall: Clock
    ids: Ids
    payers: Mapping[str, Payer]
    zone: str
    interchange_id: str
    name: str
    max_claims_a_file: int
