"""The part of an 837P file that is about some claims: its envelope, submitter and receiver, and those claims alone.

For files that Handbill has written itself: what its writer wrote, its reader reads and its writer writes again.
"""

from collections.abc import Collection

from shared import x12


def claims_of_file(content: str, claim_numbers: Collection[str]) -> str:
    """The 837P with these claims (CLM01) alone; empty where the file has none of them. Raises x12.WriteError."""
    for one in x12.read_all(content.encode()).transactions:
        kept = tuple(
            record
            for record in one.records
            if isinstance(record, x12.Claim837P) and record.claim_number in claim_numbers
        )
        if kept and isinstance(one.header, x12.Submission):
            transaction = x12.Transaction(
                type=one.opened.type, control_number=one.opened.control_number, header=one.header, records=kept
            )
            envelope = x12.Envelope(interchange=one.opened.interchange, group=one.opened.group)
            return x12.write(envelope, [transaction]).decode()
    return ""
