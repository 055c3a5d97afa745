"""The timeline of a claim: the events of the claim and of the files it was sent in, and who or what caused them."""

from enum import StrEnum


class TimelineKind(StrEnum):
    """What happened. A claim is checked by the rules whenever it is created or refreshed."""

    CLAIM_CREATED = "claim_created"
    OPENING_BALANCE_ENTERED = "opening_balance_entered"
    OPENING_BALANCE_WITHDRAWN = "opening_balance_withdrawn"
    CLAIM_REFRESHED = "claim_refreshed"
    LINES_MOVED = "lines_moved"
    FINDING_OVERRIDDEN = "finding_overridden"
    CLAIM_SUBMITTED = "claim_submitted"
    CLAIM_CORRECTED = "claim_corrected"
    CORRECTION_WITHDRAWN = "correction_withdrawn"
    VOID_SUBMITTED = "void_submitted"
    CLAIM_VOIDED = "claim_voided"
    NEXT_PAYER_BILLED = "next_payer_billed"
    CLAIM_FORWARDED = "claim_forwarded"
    PATIENT_BILLED = "patient_billed"
    PATIENT_PAID = "patient_paid"
    REFUNDED = "refunded"
    WRITTEN_OFF = "written_off"
    TRANSFERRED = "transferred"
    ENTRY_REVERSED = "entry_reversed"
    UNDERPAYMENT_DECIDED = "underpayment_decided"
    APPEAL_OPENED = "appeal_opened"
    APPEAL_EDITED = "appeal_edited"
    APPEAL_SENT = "appeal_sent"
    APPEAL_ESCALATED = "appeal_escalated"
    APPEAL_DECIDED = "appeal_decided"
    APPEAL_WITHDRAWN = "appeal_withdrawn"
    FILE_FORMED = "file_formed"
    FILE_SENT = "file_sent"
    FILE_ACKNOWLEDGED = "file_acknowledged"
    FILE_ACCEPTED = "file_accepted"
    FILE_REFUSED = "file_refused"
    CLAIM_ACCEPTED = "claim_accepted"
    CLAIM_REJECTED = "claim_rejected"
    STATUS_ASKED = "status_asked"
    STATUS_RECEIVED = "status_received"
    PAYMENT_POSTED = "payment_posted"
    PAYMENT_NOT_POSTED = "payment_not_posted"
    PAYMENT_MATCHED = "payment_matched"
    PAYMENT_SET_ASIDE = "payment_set_aside"
    PAYMENT_UNMATCHED = "payment_unmatched"
    MESSAGE_QUARANTINED = "message_quarantined"
    MESSAGE_RELEASED = "message_released"
    NEXT_ACTION_CHANGED = "next_action_changed"
    NEXT_ACTION_DONE = "next_action_done"
    NEXT_ACTION_PUT_OFF = "next_action_put_off"
    CLAIM_ASSIGNED = "claim_assigned"
    CLAIM_NOTE_ADDED = "claim_note_added"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"


BUILT_ANEW = frozenset(
    {
        TimelineKind.CLAIM_CREATED,
        TimelineKind.CLAIM_REFRESHED,
        TimelineKind.CLAIM_CORRECTED,
        TimelineKind.CORRECTION_WITHDRAWN,
    }
)
"""After these a claim may be about another payer or another day than before."""


class SourceType(StrEnum):
    """Where an entry comes from: a write of an API client, a file, a message, or a rule whose time has come."""

    API_CLIENT = "api_client"
    FILE = "file"
    MESSAGE = "message"
    RULE = "rule"
