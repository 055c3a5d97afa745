"""What is done about a payer's adjustment, by group and reason: who owes the amount, and the next action.

Every row is a decision of ours. A group that a reason does not list follows `GROUPS`; what a reason or remark code
means in words is `shared.codesets.adjustments`. Sources: CMS and payers' notices, through the codes' own meanings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PATIENT, WRITE_OFF, INSURER, INFORMATION, PERSON = "patient", "write_off", "insurer", "information", "person"


@dataclass(frozen=True, slots=True)
class Decision:
    """`who_owes`: the patient, nobody (write_off), still the insurer, nobody (information), or a person decides."""

    who_owes: str
    next_action: str


@dataclass(frozen=True, slots=True)
class ReasonDecision:
    """One row: the reasons it holds for, what a biller does, and the decision by group.

    With `needs_notice` the patient owes only what she has signed for."""

    reasons: tuple[str, ...]
    fix: str
    by_group: Mapping[str, Decision] = field(default_factory=dict)
    needs_notice: bool = False


@dataclass(frozen=True, slots=True)
class RemarkDecision:
    """What a remark code adds: what a biller does and, if it is more precise than the reason, the action."""

    remark: str
    fix: str
    next_action: str | None = None


GROUPS: Mapping[str, Decision] = {
    "CO": Decision(PERSON, "review"),
    "PR": Decision(PATIENT, "bill_patient"),
    "OA": Decision(INFORMATION, "review"),
    "PI": Decision(INSURER, "appeal"),
    "CR": Decision(INFORMATION, "review"),
}
UNKNOWN_GROUP = Decision(PERSON, "review")
UNLISTED = {"PI": Decision(PERSON, "appeal")}
"""PR with an unlisted reason needs a person too, so that no unexplained amount is billed to the patient."""
UNLISTED_FIX = "Read the payer's own explanation and decide."
NEVER_PATIENT_DECISION = Decision(PERSON, "review")
"""For programs whose accepted care is never billed to the patient."""
NEVER_PATIENT_FIX = "Ask the payer to move the amount; send the patient no statement."
NO_NOTICE = Decision(PERSON, "review")

REASONS: tuple[ReasonDecision, ...] = (
    ReasonDecision(
        ("1",), "Bill the patient after every payer has answered.", {"PR": Decision(PATIENT, "bill_patient")}
    ),
    ReasonDecision(
        ("2",), "Bill the patient after every payer has answered.", {"PR": Decision(PATIENT, "bill_patient")}
    ),
    ReasonDecision(
        ("3",), "Bill the patient what was not collected at the visit.", {"PR": Decision(PATIENT, "bill_patient")}
    ),
    ReasonDecision(
        ("45",),
        "In network: compare the allowed amount with the contract, then write it off. Out of network (PR): decide.",
        {
            "CO": Decision(WRITE_OFF, "none"),
            "PR": Decision(PERSON, "review"),
            "OA": Decision(INFORMATION, "none"),
            "PI": Decision(WRITE_OFF, "none"),
        },
    ),
    ReasonDecision(
        ("97", "231", "234", "236"),
        "Send a corrected claim with 59 or an X modifier where the note shows a separate service; else write it off.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(("59",), "Expected: post it.", {"CO": Decision(WRITE_OFF, "none")}),
    ReasonDecision(
        ("4", "182"),
        "Send a corrected claim with the modifier that the payer's profile names.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(
        ("146", "11"),
        "Correct it from the signed note; never change a diagnosis in order to be paid.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(("167",), "Appeal with the notes, or write it off.", {"CO": Decision(INSURER, "appeal")}),
    ReasonDecision(
        ("16",), "Fix the named field and send a corrected claim.", {"CO": Decision(INSURER, "correct_claim")}
    ),
    ReasonDecision(
        ("15",),
        "Send a corrected claim with the correct number in REF*G1, or appeal.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(
        ("197", "198", "242", "243", "284", "302"),
        "If one was in force on the day, send a corrected claim with its number in REF*G1; otherwise appeal.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(
        ("173", "174", "175", "176", "183", "287", "288"),
        "Get the prescription or referral of the day and send a corrected claim.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(
        ("50", "55", "56", "150", "151", "272"),
        "Appeal with the notes and the outcome scores.",
        {"CO": Decision(INSURER, "appeal")},
    ),
    ReasonDecision(
        ("119", "149", "35", "96", "204"),
        "The patient owes it only with group PR and a signed notice on file; otherwise a person decides.",
        {"CO": Decision(PERSON, "review"), "PR": Decision(PATIENT, "bill_patient")},
        needs_notice=True,
    ),
    ReasonDecision(("222",), "Write it off, or appeal with the reason for more.", {"CO": Decision(INSURER, "appeal")}),
    ReasonDecision(
        ("22", "109"),
        "Clear up the coordination of benefits, then bill the other payer.",
        {"CO": Decision(INSURER, "bill_other_payer"), "OA": Decision(INSURER, "bill_other_payer")},
    ),
    ReasonDecision(
        ("19",),
        "Bill the workers' compensation carrier, or show that it is not a work injury.",
        {"CO": Decision(INSURER, "bill_other_payer"), "OA": Decision(INSURER, "bill_other_payer")},
    ),
    ReasonDecision(
        ("20", "21"),
        "Bill the liability or no-fault insurer, or show that there was no accident.",
        {"CO": Decision(INSURER, "bill_other_payer"), "OA": Decision(INSURER, "bill_other_payer")},
    ),
    ReasonDecision(
        ("23",),
        "Nothing to do: it is information.",
        {"CO": Decision(INFORMATION, "none"), "OA": Decision(INFORMATION, "none")},
    ),
    ReasonDecision(
        ("26", "27", "31", "200"),
        "Verify the coverage again, correct it and bill again.",
        {
            "CO": Decision(INSURER, "verify_eligibility"),
            "PR": Decision(PERSON, "verify_eligibility"),
            "OA": Decision(INSURER, "verify_eligibility"),
        },
    ),
    ReasonDecision(
        ("18",),
        "Find the original claim; if it was denied, replace it (frequency 7) or appeal; otherwise send nothing.",
        {"CO": Decision(INFORMATION, "find_original_claim"), "OA": Decision(INFORMATION, "find_original_claim")},
    ),
    ReasonDecision(
        ("29",),
        "Appeal with a 277CA that shows acceptance (A2, not A1) in time; otherwise write it off (`late_filing`).",
        {"CO": Decision(INSURER, "appeal_if_proof")},
    ),
    ReasonDecision(
        ("252", "226", "251", "163"),
        "Send the note that was asked for, with the payer's claim number.",
        {
            "CO": Decision(INSURER, "send_records"),
            "OA": Decision(INSURER, "send_records"),
            "PI": Decision(INSURER, "send_records"),
        },
    ),
    ReasonDecision(
        ("B7", "170", "171", "172", "185"),
        "Compare NPI, taxonomy, tax id and credentialing dates with the payer, then send again.",
        {"CO": Decision(INSURER, "check_credentialing")},
    ),
    ReasonDecision(
        ("253", "144", "237", "223", "225", "94", "105", "187"),
        "Book it.",
        {"CO": Decision(WRITE_OFF, "none"), "OA": Decision(INFORMATION, "none")},
    ),
    ReasonDecision(
        ("210",),
        "Send a corrected claim where it was in time; otherwise write the penalty off.",
        {"CO": Decision(INSURER, "correct_claim")},
    ),
    ReasonDecision(
        ("P2", "P14"),
        "Ask the claim manager and appeal with the notes where the injury covers it.",
        {"CO": Decision(PERSON, "appeal")},
    ),
    ReasonDecision(("P12",), "Compare with the schedule, then write it off.", {"CO": Decision(WRITE_OFF, "none")}),
    ReasonDecision(
        ("P21", "P22", "P23"),
        "Ask the adjuster what is left, then bill the next coverage.",
        {"CO": Decision(PERSON, "bill_other_payer"), "PR": Decision(PERSON, "review")},
    ),
)

REMARKS: tuple[RemarkDecision, ...] = (
    RemarkDecision(
        "MA130",
        "Fix it and send a new claim (frequency 1); it was not adjudicated, so it cannot be appealed.",
        "fix_and_resubmit",
    ),
    RemarkDecision("M76", "Correct the diagnosis from the signed note."),
    RemarkDecision("MA63", "Correct the first diagnosis from the signed note."),
    RemarkDecision("M51", "Correct the procedure code."),
    RemarkDecision("M52", "Correct the date of service."),
    RemarkDecision("M53", "Correct the units from the note's minutes."),
    RemarkDecision("M62", "Put the authorization in REF*G1."),
    RemarkDecision("M79", "Correct the charge."),
    RemarkDecision("M20", "Put the procedure code on the line."),
    RemarkDecision("N822", "Add the modifier that the payer's profile names."),
    RemarkDecision("N519", "Remove the modifier that does not fit."),
    RemarkDecision("N290", "Correct the therapist's NPI."),
    RemarkDecision("N288", "Correct the therapist's taxonomy."),
    RemarkDecision("N255", "Correct the practice's taxonomy."),
    RemarkDecision("N257", "Correct the practice's NPI."),
    RemarkDecision("N286", "Correct the referring person's NPI."),
    RemarkDecision("N285", "Correct the referring person's name."),
    RemarkDecision("N382", "Correct the member id from the card or the 271."),
    RemarkDecision("MA36", "Correct the name as the payer has it."),
    RemarkDecision("N329", "Correct the birth date."),
    RemarkDecision("MA04", "Send the secondary claim with the primary's adjustments and payment."),
    RemarkDecision("M127", "Send the treatment note.", "send_records"),
    RemarkDecision("N706", "Send the documentation that was asked for.", "send_records"),
    RemarkDecision("N522", "Find the original claim.", "find_original_claim"),
    RemarkDecision("N362", "Compare units with the note's minutes; appeal where they are right."),
    RemarkDecision("N130", "Read the benefit's limits in the 271 or ask the payer."),
    RemarkDecision("N657", "Bill the code that describes what the note says."),
)
