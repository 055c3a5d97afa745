"""The history of the notes database."""
