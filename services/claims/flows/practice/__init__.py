"""The practice's own data: billing provider, therapists, fee schedules, what payers allow."""
