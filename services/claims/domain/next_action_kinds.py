"""The closed list of next actions: who owns each, and the operation of the API that does it.

A kind that nobody has to do anything about (Handbill sends, somebody is waited for) names no operation. Of the body
the answer gives what is known of the claim; `needs` are the members that the person adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

HANDBILL, THERAPIST, BILLER, PAYER, PATIENT = "handbill", "therapist", "biller", "payer", "patient"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service. `path` has `{claim_id}` or `{note_id}`; `body` says for each member which fact of the
    claim it takes: `kind`, `therapist_id`, `rule` (the code of the rule that stops it), `pointer` (where it does)."""

    operation_id: str
    path: str
    body: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("actor",)
    service: str = "claims"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One row: the kind, its owner, and what does it."""

    kind: str
    owner: str
    operation: Operation | None = None


SIGN_NOTE = Operation("sign_note", "/v1/notes/{note_id}/sign", body={"therapist_id": "therapist_id"}, service="notes")
REFRESH = Operation("refresh_claim", "/v1/claims/{claim_id}/refresh")
OVERRIDE = Operation(
    "override_finding",
    "/v1/claims/{claim_id}/overrides",
    body={"rule_code": "rule", "pointer": "pointer"},
    needs=("reason", "actor"),
)
DISPUTE_UNDERPAYMENT = Operation(
    "dispute_underpayment", "/v1/claims/{claim_id}/dispute-underpayment", needs=("decision", "reason", "actor")
)
BILL_PATIENT = Operation("bill_patient", "/v1/claims/{claim_id}/bill-patient")
PATIENT_PAYS = Operation(
    "record_patient_payment",
    "/v1/claims/{claim_id}/patient-payments",
    needs=("amount_cents", "received_on", "method", "actor"),
)
WRITE_OFF = Operation(
    "write_off", "/v1/claims/{claim_id}/write-offs", needs=("amount_cents", "account", "kind", "reason", "actor")
)
REFUND = Operation("refund", "/v1/claims/{claim_id}/refunds", needs=("amount_cents", "payee", "reason", "actor"))
BILL_SECONDARY = Operation("bill_secondary", "/v1/claims/{claim_id}/bill-secondary")
SUBMIT = Operation("submit_claim", "/v1/claims/{claim_id}/submit")
POST_WAITING = Operation(
    "post_waiting_payments", "/v1/claims/{claim_id}/post-waiting-payments", needs=("reason", "actor")
)

_ROWS = (
    ActionKind("none", HANDBILL),
    ActionKind("send", HANDBILL),
    ActionKind("await_acknowledgement", HANDBILL),
    ActionKind("await_payer", PAYER),
    ActionKind("await_remittance", PAYER),
    ActionKind("sign_note", THERAPIST, SIGN_NOTE),
    ActionKind("fix_claim", BILLER, REFRESH),
    ActionKind("release_hold", BILLER, OVERRIDE),
    ActionKind("submit", BILLER, SUBMIT),
    ActionKind("resolve_payment", BILLER, POST_WAITING),
    ActionKind("fix_and_resubmit", BILLER, REFRESH),
    ActionKind("print_and_mail", BILLER),
    ActionKind("check_file_status", BILLER),
    ActionKind("check_claim_status", BILLER),
    ActionKind("review", BILLER),
    ActionKind("appeal", BILLER),
    ActionKind("appeal_if_proof", BILLER),
    ActionKind("correct_claim", BILLER),
    ActionKind("send_records", BILLER),
    ActionKind("verify_eligibility", BILLER),
    ActionKind("check_credentialing", BILLER),
    ActionKind("find_original_claim", BILLER),
    ActionKind("bill_other_payer", BILLER),
    ActionKind("dispute_underpayment", BILLER, DISPUTE_UNDERPAYMENT),
    ActionKind("await_dispute", PAYER, DISPUTE_UNDERPAYMENT),
    ActionKind("bill_secondary", BILLER, BILL_SECONDARY),
    ActionKind("bill_patient", BILLER, BILL_PATIENT),
    ActionKind("await_patient_payment", PATIENT, PATIENT_PAYS),
    ActionKind("write_off_or_collect", BILLER, WRITE_OFF),
    ActionKind("refund_patient", BILLER, REFUND),
)
KINDS: Mapping[str, ActionKind] = {row.kind: row for row in _ROWS}
PATIENT_IS_ASKED = frozenset({"bill_patient", "await_patient_payment", "write_off_or_collect"})
"""What is left of a claim is the patient's alone, whatever has been done about it yet."""
