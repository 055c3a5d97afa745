"""Named misfortunes that a caller may ask for, as data: a name, one sentence, the moment it strikes and a curl.

A scenario is asked for by the header `X-Simulator-Scenario` (several joined by `+`) or by a member id that begins with
`SIM_<NAME>_`; the rest of the id is the member's own, so the claim is adjudicated as ever. A name that nobody knows is
refused, since a misspelt scenario would look like a passed test.
"""

from dataclasses import dataclass
from enum import StrEnum


class StrikeMoment(StrEnum):
    """When a scenario strikes."""

    BEFORE_ACCEPT = "before_accept"
    AFTER_COMMIT = "after_commit"
    CLEARINGHOUSE_EDIT = "clearinghouse_edit"
    ADJUDICATION = "adjudication"
    REMITTANCE = "remittance"
    STATUS = "status"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One misfortune."""

    name: str
    moment: StrikeMoment
    sentence: str

    @property
    def member_prefix(self) -> str:
        """What a member id begins with to ask for it."""
        return f"SIM_{self.name.upper()}_"

    def curl(self, base_url: str) -> str:
        """A command that shows it."""
        if self.moment is StrikeMoment.APPEAL:
            return (
                f'curl -u "$PARTNER:$PASSWORD" -H "Content-Type: application/json" '
                f'-H "X-Simulator-Scenario: {self.name}" -d "{{\\"claim_number\\": \\"$CLAIM_NUMBER\\"}}" '
                f"{base_url}/simulator/appeals"
            )
        asks = self.moment is StrikeMoment.STATUS
        file, path = ("status.x12", "status") if asks else ("claims.x12", "files")
        return (
            f'curl -u "$PARTNER:$PASSWORD" -H "Content-Type: application/edi-x12" '
            f'-H "X-Simulator-Scenario: {self.name}" --data-binary @{file} {base_url}/v1/x12/{path}'
        )


LOSE_REPLY = Scenario(
    "lose_reply",
    StrikeMoment.AFTER_COMMIT,
    "The file is accepted and kept, then the connection closes without an answer.",
)
TIMEOUT = Scenario(
    "timeout",
    StrikeMoment.BEFORE_ACCEPT,
    "The connection closes before anything is kept, as after a time-out on the way.",
)
UNAVAILABLE = Scenario("unavailable", StrikeMoment.BEFORE_ACCEPT, "503 with Retry-After before anything is kept.")
REJECT_277CA = Scenario(
    "reject_277ca",
    StrikeMoment.CLEARINGHOUSE_EDIT,
    "The clearinghouse rejects the claim in its 277CA (A7, invalid data).",
)
REJECT_FREQUENCY = Scenario(
    "reject_frequency",
    StrikeMoment.CLEARINGHOUSE_EDIT,
    "The clearinghouse rejects a replacement or a void in its 277CA (A7, frequency); an original goes on.",
)
REPLACEMENT_PAID = Scenario(
    "replacement_paid",
    StrikeMoment.ADJUDICATION,
    "An original is denied (CO-16); its replacement takes the denial back (CLP02 22) and is paid in the same 835.",
)
REPLACEMENT_DUPLICATE = Scenario(
    "replacement_duplicate",
    StrikeMoment.ADJUDICATION,
    "A replacement is denied as a duplicate (CO-18), and what the payer had decided before stands.",
)
VOID_TAKEN_BACK = Scenario(
    "void_taken_back",
    StrikeMoment.ADJUDICATION,
    "A void takes its original back (CLP02 22) in an 835 of its own, seven days after it would have.",
)
DENIED_AS_UNNECESSARY = Scenario(
    "denied_as_unnecessary",
    StrikeMoment.ADJUDICATION,
    "The payer finds the treatment not medically necessary and denies every line (CO-50).",
)
APPEAL_OVERTURNED = Scenario(
    "appeal_overturned",
    StrikeMoment.APPEAL,
    "Thirty days after an appeal the payer takes its denial back (CLP02 22) and pays in the same 835.",
)
APPEAL_PARTLY = Scenario(
    "appeal_partly",
    StrikeMoment.APPEAL,
    "Thirty days after an appeal the payer pays the first denied line, or half of it where it is the only one.",
)
APPEAL_UPHELD = Scenario(
    "appeal_upheld",
    StrikeMoment.APPEAL,
    "Thirty days after an appeal the payer's decision stands; it says so by letter, and no 835 comes.",
)
APPEAL_SILENCE = Scenario("appeal_silence", StrikeMoment.APPEAL, "The payer never answers an appeal.")
APPEAL_SCENARIOS = (APPEAL_OVERTURNED, APPEAL_PARTLY, APPEAL_UPHELD, APPEAL_SILENCE)
UNBALANCED_835 = Scenario(
    "unbalanced_835", StrikeMoment.REMITTANCE, "The 835 says one cent more in BPR02 than its claims add up to."
)
LATE_835 = Scenario("late_835", StrikeMoment.REMITTANCE, "The 835 comes 45 days later than the payer pays.")
REMITTANCE_FORMS: tuple[Scenario, ...] = tuple(
    Scenario(name, StrikeMoment.REMITTANCE, sentence)
    for name, sentence in (
        ("forwarded_835", "The payer has sent the claim on to the next payer (CLP02 19)."),
        ("sequestration", "Two percent of each line's payment are withheld (CO-253)."),
        ("interest", "The claim bears interest of 12 cents (AMT*I), paid beside it (PLB L6)."),
        ("take_back_wo", "The 835 takes up to 10 dollars back for an earlier overpayment (PLB WO)."),
        ("take_back_72", "The 835 takes up to 10 dollars back as an authorized return (PLB 72)."),
        ("settlement_cs", "The 835 takes up to 5 dollars as an adjustment (PLB CS)."),
        ("nonclaim_j1", "The 835 pays 5 dollars that belong to no claim (PLB J1)."),
        (
            "six_triplets",
            "The first line's payment is cut by 12 cents in six adjustments of one CAS, which is then full.",
        ),
        ("other_tax_id", "The 835 names its payee by a tax id (N1*PE*FI) that is another's, and by no NPI."),
        ("ten_thousand_claims", "The 835 pays 10,000 claims more, of one line each, that nobody has sent."),
        ("unknown_claim", "The 835 pays a claim number that nobody has sent."),
        ("two_files", "Each claim comes in two 835s: its first line in one, the others in the next."),
        ("negative_835", "A second 835 takes all of it back, pays nothing and carries what is owed forward (PLB FB)."),
        ("out_of_order", "A correction comes first, then the reversal, then the payment that both speak of."),
        ("same_835_twice", "The same 835 comes twice, byte for byte."),
        ("reissued_835", "The same 835 comes again under new control numbers."),
        ("half_written_835", "The 835 ends in the middle of a line."),
        ("garbage_835", "In place of the 835 comes a web server's error page."),
    )
)
STATUS_ANSWERS: dict[str, tuple[str, str]] = {
    "status_a4": ("A4", "35"),
    "status_p1": ("P1", "20"),
    "status_p3": ("P3", "294"),
    "status_r3": ("R3", "294"),
    "status_f1": ("F1", "65"),
    "status_f2": ("F2", "585"),
    "status_d0": ("D0", "35"),
    "status_e0": ("E0", "21"),
    "status_e1": ("E1", "0"),
}
"""Category and status code of the 277 that a scenario asks for."""
STATUS_SCENARIOS: tuple[Scenario, ...] = tuple(
    Scenario(name, StrikeMoment.STATUS, sentence)
    for name, sentence in (
        ("status_a4", "Asked for the status (276), the payer does not find the claim (A4)."),
        ("status_p1", "Asked for the status, the payer has the claim in work (P1), for ever."),
        ("status_p3", "Asked for the status, the payer waits for information that it has asked for (P3)."),
        ("status_r3", "Asked for the status, the payer wants more information (R3)."),
        ("status_f1", "Asked for the status, the payer says that the claim is paid (F1), whatever its 835 says."),
        ("status_f2", "Asked for the status, the payer says that the claim is denied (F2), whatever its 835 says."),
        ("status_d0", "Asked for the status, the payer's search finds nothing (D0)."),
        ("status_e0", "Asked for the status, the payer finds an error in the question (E0)."),
        ("status_e1", "Asked for the status, the payer's own system does not answer (E1)."),
    )
)
SCENARIOS: tuple[Scenario, ...] = (
    LOSE_REPLY,
    TIMEOUT,
    UNAVAILABLE,
    REJECT_277CA,
    REJECT_FREQUENCY,
    REPLACEMENT_PAID,
    REPLACEMENT_DUPLICATE,
    VOID_TAKEN_BACK,
    DENIED_AS_UNNECESSARY,
    *APPEAL_SCENARIOS,
    UNBALANCED_835,
    LATE_835,
    *REMITTANCE_FORMS,
    *STATUS_SCENARIOS,
)
MAX_NAMES = 8


class UnknownScenario(ValueError):
    """The header names something that is not in the list."""


def named(header: str) -> tuple[Scenario, ...]:
    """The scenarios of a header value such as `lose_reply+unbalanced_835`. Raises `UnknownScenario`."""
    names = [name.strip() for name in header.split("+")] if header else []
    known = {scenario.name: scenario for scenario in SCENARIOS}
    if len(names) > MAX_NAMES or not set(names) <= set(known):
        raise UnknownScenario(f"choose from {', '.join(known)}, joined by +")
    return tuple(known[name] for name in names)


def split_member_id(member_id: str) -> tuple[Scenario | None, str]:
    """The scenario that a member id asks for and the member's own id."""
    for scenario in SCENARIOS:
        if member_id.startswith(scenario.member_prefix):
            return scenario, member_id.removeprefix(scenario.member_prefix)
    return None, member_id
