"""One thing changed in a good file, and the finding that has to come of it, at its place.

A mutation replaces the first `old` by `new`; the finding is expected at the segment that begins with `at` (the changed one
when empty), at `element` and `component`, with `code`, as an error in strict reading and with a fix.
"""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import dataclasses

from shared import x12


@dataclasses.dataclass(frozen=True)
class Mutation:
    name: str
    old: str
    new: str
    code: str
    element: int = 0
    component: int = 0
    at: str = ""
    loop: str = ""

    def apply(self, data):
        assert data.count(self.old.encode()) >= 1, self.old
        return data.replace(self.old.encode(), self.new.encode(), 1)

    def number(self, data):
        """The number of the segment that the finding has to name."""
        start = data.index(self.old.encode())
        changed = self.apply(data)
        if self.at:
            marker = b"~" + self.at.encode()
            at = changed.find(marker, max(0, start - 1))
            return changed[: (at if at >= 0 else changed.index(marker)) + 1].count(b"~") + 1
        lead = len(self.old) - len(self.old.lstrip("~"))
        return changed[: start + lead].count(b"~") + 1


def expect_finding(mutation, data, codes=None):
    """The finding is there, at the right place, and the file is refused; the good file has no finding at all."""
    assert x12.check(data, strict=True, codes=codes).findings == ()
    changed = mutation.apply(data)
    report = x12.check(changed, strict=True, codes=codes)
    assert not report.ok
    found = [one for one in report.findings if one.code == mutation.code]
    assert found, [(one.code, one.segment, one.element) for one in report.findings]
    places = [(one.segment_number, one.element, one.component) for one in found]
    assert (mutation.number(data), mutation.element, mutation.component) in places, places
    finding = found[places.index((mutation.number(data), mutation.element, mutation.component))]
    assert finding.severity == "error"
    assert len(finding.fix) > 15
    assert finding.ack
    segment = changed.split(b"~")[finding.segment_number - 1]
    assert changed[finding.offset :].startswith(segment)
    if mutation.element:
        assert segment.split(b"*")[0].decode() == finding.segment
    if mutation.loop:
        assert finding.loop == mutation.loop
    assert finding.value is None
    return changed
