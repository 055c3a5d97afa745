"""Whether the sentence of a fix names what an act does: the members that it changes, or the act itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.journeys.claim_rules.case import Act, Changing, nothing, override, submit, void, void_the_earlier_claim
from tests.journeys.claim_rules.office import Facts, merged

MEMBER = re.compile(r"`([a-z_]+)`")
WORDS = {
    override: ("override", "acknowledge"),
    void: ("void",),
    void_the_earlier_claim: ("void",),
    submit: ("submit",),
    nothing: ("nothing to do",),
}
ENTERED = {"referrals": "referral", "authorizations": "authorization"}
"""What is entered whole; the kind of thing is named then, not its members."""


def unnamed(fix: str, act: Act, before: Facts) -> list[str]:
    """What the act does and the fix does not say; empty where it says everything."""
    said = fix.lower()
    if not isinstance(act, Changing):
        return [] if any(word in said for word in WORDS[act]) else [" or ".join(WORDS[act])]
    return [what for what, is_said in _done(fix, act.change, before) if not is_said]


def _done(fix: str, change: Facts, before: Facts) -> Iterator[tuple[str, bool]]:
    said, members = fix.lower(), set(MEMBER.findall(fix))
    after = merged(before, change)
    for kind in change:
        changed = list(_changed(before.get(kind), after[kind]))
        if kind == "note":
            yield "new note", "new note" in said and "void" in said
            yield f"a member of {changed}", any(set(path) & members for path in changed)
        elif kind == "signed_by":
            yield "sign the note", "sign the note" in said
        elif kind == "asked":
            yield "check eligibility", "check eligibility" in said
        elif kind in ENTERED and before[kind].keys() != after[kind].keys():
            yield ENTERED[kind], ENTERED[kind] in said
        else:
            for path in changed:
                yield ".".join((kind, *path)), bool(set(path) & members)


def _changed(old: Any, new: Any) -> Iterator[tuple[str, ...]]:
    """The paths of the members that differ. Of a list the elements' members stand behind the list's own name."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in new:
            if name not in old or old[name] != new[name]:
                for path in _changed(old.get(name), new[name]):
                    yield (name, *path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        names = {name for one, other in zip(old, new, strict=True) for path in _changed(one, other) for name in path}
        yield tuple(sorted(names))
    else:
        yield ()
