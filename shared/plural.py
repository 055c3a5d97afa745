"""A number with its noun, for sentences that people read: one thing, two things."""


def counted(count: int | str, thing: str, things: str = "") -> str:
    """`1 day`, `2 days`, `0 days`; `things` is the plural where it is not the singular with an s."""
    return f"{count} {thing if str(count) == '1' else things or f'{thing}s'}"
