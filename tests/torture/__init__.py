"""All processes of an installation are killed at random while a practice's day runs: nothing may be lost or doubled."""
