"""The closed list of next actions: who owns each, and the operation of the API that does it.

A kind that nobody has to do anything about (Handbill sends, somebody is waited for) names no operation. Of the body
the answer gives what is known of the claim; `needs` are the members that the person adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

HANDBILL, THERAPIST, BILLER, PAYER, PATIENT = "handbill", "therapist", "biller", "payer", "patient"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service. `path` has `{claim_id}`, `{appeal_id}`, `{note_id}`, the `{subject_id}` of a task,
    the `{renewal_id}` of what follows its subject, or the `{remittance_id}` and `{payment_number}` of a payment that
    waits; `body` says for each member which fact it takes: `kind`, `subject_id`, `therapist_id`, `rule` (the code of
    the rule that stops a claim), `pointer` (where it does)."""

    operation_id: str
    path: str
    body: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("actor",)
    service: str = "claims"
    method: str = "POST"


class Dated(Enum):
    """What the day of a claim's next action counts from: a payer's remittance, a day of our own clock, or that and then
    it is worked out anew when the day has passed without an answer."""

    BY_OTHERS = auto()
    BY_US = auto()
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One row: the kind, its owner, and what does it.

    Of what a person does outside and then reports, `done` says so in words, `then` is what comes when it has brought
    no answer (without it, the same again), and `waits` whether there is an answer to wait for at all. `asks_patient`:
    what is left of the claim is hers alone."""

    kind: str
    owner: str
    operation: Operation | None = None
    done: str = ""
    then: str = ""
    waits: bool = True
    dated: Dated = Dated.BY_OTHERS
    asks_patient: bool = False

    @property
    def after(self) -> str:
        """The kind that follows once this one is done and any wait is over."""
        return self.then or self.kind


SIGN_NOTE = Operation("sign_note", "/v1/notes/{note_id}/sign", body={"therapist_id": "therapist_id"}, service="notes")
REFRESH = Operation("refresh_claim", "/v1/claims/{claim_id}/refresh")
OVERRIDE = Operation(
    "override_finding",
    "/v1/claims/{claim_id}/overrides",
    body={"rule_code": "rule", "pointer": "pointer"},
    needs=("reason", "actor"),
)
CORRECT = Operation("correct_claim", "/v1/claims/{claim_id}/correct", needs=("reason", "actor"))
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
OPEN_APPEAL = Operation("open_appeal", "/v1/claims/{claim_id}/appeals")
SEND_APPEAL = Operation(
    "send_appeal", "/v1/claims/{claim_id}/appeals/{appeal_id}/send", needs=("by", "recipient", "actor")
)
RECORD_APPEAL_OUTCOME = Operation(
    "record_appeal_outcome",
    "/v1/claims/{claim_id}/appeals/{appeal_id}/outcome",
    needs=("outcome", "decided_on", "reason", "actor"),
)
ESCALATE_APPEAL = Operation(
    "escalate_appeal",
    "/v1/claims/{claim_id}/appeals/{appeal_id}/escalate",
    needs=("to", "by", "recipient", "actor"),
)
NAME_NEXT_PAYER = Operation("bill_secondary", "/v1/claims/{claim_id}/bill-secondary", needs=("coverage_id", "actor"))
CORRECT_NEXT_PAYER = Operation(
    "correct_next_payer", "/v1/claims/{claim_id}/correct-next-payer", needs=("reason", "actor")
)
SUBMIT = Operation("submit_claim", "/v1/claims/{claim_id}/submit")
POST_WAITING = Operation(
    "post_waiting_payments", "/v1/claims/{claim_id}/post-waiting-payments", needs=("reason", "actor")
)
CHECK_STATUS = Operation("check_claim_status", "/v1/claims/{claim_id}/check-status")
MOVE_LINES = Operation("move_lines", "/v1/claims/{claim_id}/move-lines", needs=("coverage_id", "reason", "actor"))
CHECK_FILE = Operation("check_file_status", "/v1/claims/{claim_id}/check-file")
COMPLETE = Operation("complete_next_action", "/v1/claims/{claim_id}/next-action/done", body={"kind": "kind"})
"""For what a person does by mail, telephone or portal, and then reports."""
CREATE_CLAIM = Operation("create_claim", "/v1/claims", body={"note_id": "subject_id"}, needs=("coverage_id", "actor"))
RENEW_AUTHORIZATION = Operation(
    "put_authorization",
    "/v1/authorizations/{renewal_id}",
    needs=("coverage_id", "number", "effective_from", "effective_to", "actor"),
    service="eligibility",
    method="PUT",
)
"""Another authorization, or a longer one under the id of the present one."""
REPORT_TASK = Operation("work_in_bulk", "/v1/worklist/bulk", needs=("act", "items", "actor"))
"""For what a person does outside about what is no claim, and then reports (`act` is `done`)."""
MATCH_PAYMENT = Operation(
    "match_payment",
    "/v1/remittances/{remittance_id}/payments/{payment_number}/match",
    needs=("claim_id", "reason", "actor"),
)
"""For the first payment of a remittance that waits; the next one is named once that is decided."""
RELEASE_MESSAGE = Operation("release_message", "/v1/messages/{subject_id}/release", needs=("reason", "actor"))
RETRY_MESSAGE = Operation("retry_message", "/v1/messages/{subject_id}/retry")

_ROWS = (
    ActionKind("none", HANDBILL),
    ActionKind("send", HANDBILL),
    ActionKind("await_acknowledgement", HANDBILL, dated=Dated.WAIT),
    ActionKind("await_payer", PAYER, dated=Dated.WAIT),
    ActionKind("await_remittance", PAYER, dated=Dated.WAIT),
    ActionKind("sign_note", THERAPIST, SIGN_NOTE, dated=Dated.BY_US),
    ActionKind("fix_claim", BILLER, REFRESH, dated=Dated.BY_US),
    ActionKind("release_hold", BILLER, OVERRIDE, dated=Dated.BY_US),
    ActionKind("submit", BILLER, SUBMIT, dated=Dated.BY_US),
    ActionKind("resolve_payment", BILLER, POST_WAITING, dated=Dated.BY_US),
    ActionKind("fix_and_resubmit", BILLER, CORRECT, dated=Dated.BY_US),
    ActionKind(
        "print_and_mail", BILLER, COMPLETE, done="Printed and mailed", then="check_claim_status", dated=Dated.WAIT
    ),
    ActionKind(
        "check_file_status",
        BILLER,
        CHECK_FILE,
        done="The clearinghouse was asked",
        then="check_claim_status",
        dated=Dated.BY_US,
    ),
    ActionKind("check_claim_status", BILLER, CHECK_STATUS, done="The payer was asked", dated=Dated.BY_US),
    ActionKind("call_payer", BILLER, COMPLETE, done="The payer was called", dated=Dated.BY_US),
    ActionKind("review", BILLER, COMPLETE, done="Reviewed", dated=Dated.BY_US),
    ActionKind("appeal", BILLER, OPEN_APPEAL),
    ActionKind("appeal_if_proof", BILLER, OPEN_APPEAL),
    ActionKind("send_appeal", BILLER, SEND_APPEAL, dated=Dated.BY_US),
    ActionKind("await_appeal", PAYER, RECORD_APPEAL_OUTCOME, dated=Dated.WAIT),
    ActionKind("record_appeal_outcome", BILLER, RECORD_APPEAL_OUTCOME, dated=Dated.BY_US),
    ActionKind("escalate_appeal", BILLER, ESCALATE_APPEAL, dated=Dated.BY_US),
    ActionKind("await_appeal_payment", PAYER, dated=Dated.WAIT),
    ActionKind("write_off", BILLER, WRITE_OFF),
    ActionKind("request_reopening", BILLER, COMPLETE, done="A reopening was asked for", then="check_claim_status"),
    ActionKind("send_records", BILLER, COMPLETE, done="The records were sent", then="check_claim_status"),
    ActionKind("find_original_claim", BILLER, COMPLETE, done="The original claim was looked for", then="review"),
    ActionKind("bill_other_payer", BILLER, MOVE_LINES, done="The other payer was billed", then="review"),
    ActionKind(
        "verify_eligibility", BILLER, COMPLETE, done="The coverage was verified", then="correct_claim", waits=False
    ),
    ActionKind(
        "check_credentialing", BILLER, COMPLETE, done="Credentialing was checked", then="correct_claim", waits=False
    ),
    ActionKind("await_answer", PAYER, dated=Dated.WAIT),
    ActionKind("correct_claim", BILLER, CORRECT),
    ActionKind("dispute_underpayment", BILLER, DISPUTE_UNDERPAYMENT),
    ActionKind("await_dispute", PAYER, DISPUTE_UNDERPAYMENT, dated=Dated.WAIT),
    ActionKind("bill_secondary", BILLER, BILL_SECONDARY, dated=Dated.BY_US),
    ActionKind("correct_next_payer", BILLER, CORRECT_NEXT_PAYER, dated=Dated.BY_US),
    ActionKind("await_next_payer", PAYER, NAME_NEXT_PAYER, dated=Dated.WAIT),
    ActionKind(
        "find_next_payer",
        BILLER,
        NAME_NEXT_PAYER,
        done="No other coverage was found",
        then="bill_patient",
        waits=False,
        dated=Dated.BY_US,
    ),
    ActionKind("bill_patient", BILLER, BILL_PATIENT, dated=Dated.BY_US, asks_patient=True),
    ActionKind("await_patient_payment", PATIENT, PATIENT_PAYS, dated=Dated.WAIT, asks_patient=True),
    ActionKind("write_off_or_collect", BILLER, WRITE_OFF, dated=Dated.BY_US, asks_patient=True),
    ActionKind("refund_patient", BILLER, REFUND, dated=Dated.BY_US),
    ActionKind("create_claim", BILLER, CREATE_CLAIM, done="The visit is billed to nobody", waits=False),
    ActionKind(
        "settle_provider_balance", BILLER, REPORT_TASK, done="The balance was settled with the payer", waits=False
    ),
    ActionKind(
        "renew_authorization", BILLER, RENEW_AUTHORIZATION, done="No more visits are planned under it", waits=False
    ),
    ActionKind("match_payment", BILLER, MATCH_PAYMENT),
    ActionKind("release_message", BILLER, RELEASE_MESSAGE),
    ActionKind("retry_message", BILLER, RETRY_MESSAGE),
)
KINDS: Mapping[str, ActionKind] = {row.kind: row for row in _ROWS}
PATIENT_IS_ASKED = frozenset(row.kind for row in _ROWS if row.asks_patient)
"""What is left of a claim is the patient's alone, whatever has been done about it yet."""
WAITS = tuple(row.kind for row in _ROWS if row.dated is Dated.WAIT)
"""What is worked out anew when its time has passed without an answer."""
DATED_BY_US = tuple(row.kind for row in _ROWS if row.dated is not Dated.BY_OTHERS)
"""What is due some days after a day of our own clock."""
