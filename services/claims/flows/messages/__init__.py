"""Messages of clearinghouse and payers: received, stored, applied once, released by a person."""
