"""Versions of what is edited, and the conditions under which a caller wants to read or write one.

A version is an integer that starts at 1 and grows by one with every change; its ETag is the integer in quotes, `"3"`.
Conditions follow RFC 9110 §13: without one, who writes last wins.
"""

from dataclasses import dataclass

from shared.errors import PreconditionFailed


def etag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Precondition:
    """The conditional headers of one request, as they came; None where a header was not sent."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, version: int | None) -> None:
        """Raises PreconditionFailed unless the conditions allow to write over `version`, which is None where nothing
        is there yet. If-Match compares strongly, If-None-Match weakly (RFC 9110 §13.1.1 and §13.1.2)."""
        if self.if_match is not None and not _names(self.if_match, version):
            raise PreconditionFailed(
                "it is not at the version that If-Match names; read it again, then write", current_version=version
            )
        if self.is_known(version):
            raise PreconditionFailed(
                "it exists already, at a version that If-None-Match excludes; read it, then write",
                code="already_exists",
                current_version=version,
            )

    def is_known(self, version: int | None) -> bool:
        """Whether If-None-Match names `version`: a read then has nothing new to answer."""
        return self.if_none_match is not None and _names(self.if_none_match.replace("W/", ""), version)


UNCONDITIONAL = Precondition()
"""Write whatever is there."""


def _names(tags: str, version: int | None) -> bool:
    """Whether a list of ETags, or `*`, holds the version."""
    wanted = {tag.strip() for tag in tags.split(",")}
    return version is not None and ("*" in wanted or etag_of(version) in wanted)
