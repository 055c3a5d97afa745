"""What clearinghouse and payers answer: received, kept, applied once, released by a person."""
