"""What a payer decided: lines with allowed, adjustments and paid, always in balance to the cent.

The rule that every record here keeps, checked when it is made: charge = paid + adjustments, on the line and so on the
claim. Codes are bare CARC and RARC; money is cents. A reversal is the same outcome with every sign turned.
"""

from dataclasses import dataclass, replace

PATIENT = "PR"
CONTRACT = "CO"
OTHER = "OA"
REVERSED_STATUS = "22"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason why a part of the charge was not paid."""

    group: str
    code: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """One line as adjudicated."""

    number: int
    control_number: str
    procedure_code: str
    modifiers: tuple[str, ...]
    units: int
    service_date: str
    charge_cents: int
    allowed_cents: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    denied: bool = False

    def __post_init__(self) -> None:
        adjusted = sum(adjustment.amount_cents for adjustment in self.adjustments)
        assert self.charge_cents == self.paid_cents + adjusted, "a line is out of balance"

    def cents_of(self, group: str, code: str | None = None) -> int:
        """The sum of the adjustments of a group, or of one code of it."""
        return sum(item.amount_cents for item in self.adjustments if item.group == group and code in (None, item.code))


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """One claim as adjudicated; `status` is CLP02 and says nothing of money."""

    claim_number: str
    payer_control_number: str
    status: str
    lines: tuple[LineOutcome, ...]

    @property
    def charge_cents(self) -> int:
        """Sum of the lines' charges."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """Sum of the lines' payments."""
        return sum(line.paid_cents for line in self.lines)

    @property
    def patient_cents(self) -> int:
        """What the patient owes: the sum of all PR adjustments."""
        return sum(line.cents_of(PATIENT) for line in self.lines)


def reversal_of(outcome: ClaimOutcome) -> ClaimOutcome:
    """The outcome that takes back exactly what `outcome` did."""
    return replace(outcome, status=REVERSED_STATUS, lines=tuple(_turned(line) for line in outcome.lines))


def _turned(line: LineOutcome) -> LineOutcome:
    return replace(
        line,
        charge_cents=-line.charge_cents,
        allowed_cents=-line.allowed_cents,
        paid_cents=-line.paid_cents,
        adjustments=tuple(replace(item, amount_cents=-item.amount_cents) for item in line.adjustments),
    )
