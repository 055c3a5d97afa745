"""What a setting is: a field with a sentence for docs/settings.md, and the processes that read it."""

from typing import Any

from pydantic import Field

PREFIX = "HANDBILL_"
EVERY = ("every process",)
HTTP = ("every service",)
SERVICES = ("every service", "claims worker")
CLAIMS = ("claims", "claims worker")
SIMULATOR = ("clearinghouse",)
WIRE = ("eligibility", *CLAIMS)


def setting(read_by: tuple[str, ...], meaning: str, **options: Any) -> Any:
    """A field with the words that docs/settings.md says of it."""
    return Field(description=meaning, json_schema_extra={"read_by": list(read_by)}, validate_default=True, **options)
