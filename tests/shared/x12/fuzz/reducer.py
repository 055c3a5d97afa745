"""A smaller file that breaks the same rule: segments first, then bytes, in halves, quarters, eighths and so on."""

import time


def reduced(data, still_breaks, seconds=30.0):
    """Leave out what is not needed, until nothing can go or the time is up."""
    end = time.monotonic() + seconds
    terminator = data[105:106] if data[:3] == b"ISA" and len(data) > 105 else b"~"
    segments = [one + terminator for one in data.split(terminator)]
    segments[-1] = segments[-1].removesuffix(terminator)
    fewer = without(segments, lambda parts: still_breaks(b"".join(parts)), end)
    shorter = without([bytes([byte]) for byte in b"".join(fewer)], lambda parts: still_breaks(b"".join(parts)), end)
    return b"".join(shorter)


def without(parts, still_breaks, end):
    """The fewest parts found that still break the rule."""
    size = max(1, len(parts) // 2)
    while parts:
        at, less = 0, False
        while at < len(parts):
            if time.monotonic() > end:
                return parts
            tried = parts[:at] + parts[at + size :]
            if still_breaks(tried):
                parts, less = tried, True
            else:
                at += size
        if size == 1 and not less:
            return parts
        size = max(1, size // 2)
    return parts
