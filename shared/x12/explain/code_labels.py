"""The labels of code sets that are kept outside the codec, passed in by the caller as the lists are for validation."""

from typing import Protocol


class CodeLabels(Protocol):
    """Short labels of codes, in the caller's words."""

    def label(self, code_set: str, code: str) -> str:
        """The label, or "" where there is none. `code_set` is `adjustment_reason`, `filing_indicator`,
        `place_of_service` or `related_cause`."""


class NoLabels:
    """Every code is shown as it is."""

    def label(self, code_set: str, code: str) -> str:  # noqa: ARG002  (the protocol's)
        """Always the empty text, which means: no label."""
        return ""
