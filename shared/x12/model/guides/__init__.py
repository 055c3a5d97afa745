"""The guides: every transaction as data that reader, checker, writer, explain mode and tests share.

Guides are parsed when they are first asked for, so that a command that needs one does not pay for nine.
"""

import functools
import importlib

from shared.x12.model.guides.model import Element, Guide, Loop, SegmentUse, parse_guide

_SOURCES: dict[str, tuple[str, str, str, tuple[str, ...], str]] = {
    # type: (module, suffix of its text, GS01, versions, ST01)
    "837P": ("claim", "", "HC", ("005010X222A1", "005010X222", "005010X222A2"), "837"),
    "835": ("remittance", "", "HP", ("005010X221A1", "005010X221"), "835"),
    "270": ("eligibility", "_270", "HS", ("005010X279A1", "005010X279"), "270"),
    "271": ("eligibility", "_271", "HB", ("005010X279A1", "005010X279"), "271"),
    "276": ("status", "_276", "HR", ("005010X212", "005010X212E1"), "276"),
    "277": ("status", "_277", "HN", ("005010X212", "005010X212E1"), "277"),
    "277CA": ("status", "_277CA", "HN", ("005010X214", "005010X214E1", "005010X214E2"), "277"),
    "278": ("review", "", "HI", ("005010X217", "005010X217E1", "005010X217E2"), "278"),
    "999": ("acknowledgement", "", "FA", ("005010X231A1", "005010X231"), "999"),
}
TYPES = tuple(_SOURCES)


@functools.cache
def guide(type_: str) -> Guide:
    """The guide of a transaction type (`837P`, ...); KeyError for a type that is not among `TYPES`."""
    module, suffix, functional_id, versions, code = _SOURCES[type_]
    source = importlib.import_module(f"shared.x12.model.guides.{module}")
    text, title = getattr(source, f"TEXT{suffix}"), getattr(source, f"TITLE{suffix}")
    return parse_guide(type_, code, functional_id, versions, title, text)


def find_type(code: str, version: str) -> str | None:
    """The type for an ST01 and a version (from ST03, or GS08), or None when there is no guide for it."""
    for type_, source in _SOURCES.items():
        if source[4] == code and version in source[3]:
            return type_
    return None


__all__ = ["TYPES", "Element", "Guide", "Loop", "SegmentUse", "find_type", "guide"]
