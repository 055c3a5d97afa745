"""`handbill demo`: a sample practice's day, from signed notes to posted payments, through the public HTTP API alone."""
