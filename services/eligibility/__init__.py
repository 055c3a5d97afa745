"""The eligibility service: who is covered by whom, what payers say of massage, and what they want before a visit."""
