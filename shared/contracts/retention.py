"""What services know of one another when the records of a patient are destroyed."""

from datetime import date

from shared.contracts.common import View

PURPOSE = "retention"
DESTROYED = "record.destroyed"
CERTIFIED = "disposal.certified"
"""The actions of audit entries that name what was destroyed, in their `changes`; the second ends it."""


class Destruction(View):
    """One patient's records that are being destroyed: under which rule, from which day on that was lawful, and the
    last date of service that the decision knew of. `disposal_id` names it in every service's audit trail."""

    disposal_id: str
    organization_id: str
    patient_id: str
    rule: str
    destroyable_from: date
    last_service_on: date

    @property
    def certificate(self) -> str:
        """What the audit trail says of it."""
        return f"{self.rule}; from {self.destroyable_from} on; disposal {self.disposal_id}"
