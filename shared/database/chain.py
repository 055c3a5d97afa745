"""The audit trail as a chain: each entry's MAC covers the entry and the MAC of the one before, under the organization's
key. An entry that is changed, left out or put in between is seen (`handbill audit verify`).

Entries are linked in the last moment before the commit, so that each names the protected rows that its transaction
wrote, with their MACs (`shared.database.row_macs`): the chain is also the journal by which a row is seen that was taken
back, removed or put there. A transaction that writes such rows and leaves no entry gets one, `system`.
"""

import json
from datetime import UTC, datetime

from sqlmodel import Session

from shared.database.heads import Anchor, head_of, write_heads
from shared.database.keys import Vault
from shared.database.operations import AUDIT, HANDBILL, AuditEntry
from shared.database.row_macs import CHANGES, Changes
from shared.ids import random_ids

PURPOSE = "audit"
SYSTEM = "system"


def canonical_entry(service: str, entry: AuditEntry) -> bytes:
    """What the MAC of an entry is made over: every member but the MAC itself, the same on every database."""
    members = [
        service,
        entry.organization_id,
        entry.sequence,
        entry.id,
        _moment(entry.at),
        _moment(entry.wall_at),
        entry.client_id,
        entry.action,
        entry.subject_id,
        entry.patient_id,
        entry.actor,
        entry.purpose,
        entry.reason,
        entry.outcome,
        entry.request_id,
        entry.changes,
        entry.previous_mac,
    ]
    return json.dumps(members, separators=(",", ":"), sort_keys=True).encode()


def _moment(moment: datetime) -> str:
    # In UTC and always with its microseconds: databases keep these, and some of them no zone.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def append_entries(session: Session, vault: Vault, service: str) -> dict[str, Anchor]:
    """Link the transaction's audit entries to their organizations' chains, in the order in which they were added; the
    last thing before the commit. Answers where the chains end that became longer, by organization."""
    session.flush()  # which makes the MACs of rows that are still to be written
    entries: list[AuditEntry] = session.info.pop(AUDIT, [])
    changes: Changes = session.info.pop(CHANGES, {})
    for organization_id, rows in changes.items():
        _entry_for(entries, organization_id).changes = [[table, row, mac] for (table, row), mac in rows.items()]
    for entry in entries:
        head = head_of(session, entry.organization_id)
        entry.sequence = head.sequence + 1
        entry.previous_mac = head.mac
        entry.mac = vault.mac(entry.organization_id, PURPOSE, canonical_entry(service, entry))
        head.sequence, head.mac, head.changed = entry.sequence, entry.mac, True
        session.add(entry)
    session.flush()
    return write_heads(session)


def _entry_for(entries: list[AuditEntry], organization_id: str) -> AuditEntry:
    """The organization's last entry, or a new one at the end of the list."""
    for entry in reversed(entries):
        if entry.organization_id == organization_id:
            return entry
    now = datetime.now(UTC)
    entries.append(
        AuditEntry(
            organization_id=organization_id,
            id=random_ids("aud"),
            at=now,
            wall_at=now,
            client_id=HANDBILL,
            action=SYSTEM,
            subject_id=organization_id,
        )
    )
    return entries[-1]
