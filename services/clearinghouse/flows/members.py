"""How a person is found without a name in the clear: a blind index over payer, member id, birth date and last name.

It is the same for all trading partners, so a member's history adds up whoever sends the claims.
"""

from datetime import date

from services.clearinghouse.domain.payer_configuration import match_key
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.store import SIMULATOR


def member_index(deps: Dependencies, payer_id: str, member_id: str, birth_date: date | None, last_name: str) -> str:
    """The index, in hex."""
    return deps.database.vault.blind(SIMULATOR, "person", f"{payer_id}|{member_id}|{birth_date}|{match_key(last_name)}")
