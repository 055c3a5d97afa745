"""The rule profiles that a payer can have, as callers read them."""

from shared.contracts.payer_profiles import RuleProfile, RuleProfilePage
from shared.paging import Cursor, page_of
from shared.payer_profiles import profile_named, profile_names


def list_profiles(*, after: str | None, limit: int) -> RuleProfilePage:
    """Profiles in order of their names. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(after, (str,))
    last = str(key[0]) if key else ""
    names = [name for name in profile_names() if name > last][: limit + 1]
    page, following = page_of(names, limit, lambda name: (name,))
    return RuleProfilePage(items=[_profile_view(name) for name in page], next=following)


def _profile_view(name: str) -> RuleProfile:
    found = profile_named(name)
    return RuleProfile(
        name=name,
        title=found.name,
        program=found.program,
        state=found.state or None,
        source=found.source,
        unit_method=found.unit_method,
        authorization=found.authorization,
        referral=found.referral,
    )
