"""By what a payer is known over its remittances: the identifier that it gives itself in the trace, else its name."""

from services.claims.domain.message_parts.x12_text import NO_TAX_ID
from shared import x12


def payer_identifier(header: x12.Remittance) -> str:
    """TRN03, or the name of the payer where that is missing or not shown."""
    originator = header.trace.originator
    return header.payer.name if not originator or originator.endswith(NO_TAX_ID.decode()) else originator
