"""The rules that a practice writes: put as drafts, replayed on stored claims, put into force from a day on."""
