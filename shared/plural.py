"""A noun with its number or article, for sentences that people read: one thing, two things."""


def with_article(thing: str) -> str:
    """`a chiropractor`, `an acupuncturist`."""
    return f"{'an' if thing[:1] in 'aeiou' else 'a'} {thing}"


def counted(count: int | str, thing: str, things: str = "") -> str:
    """`1 day`, `2 days`, `0 days`; `things` is the plural where it is not the singular with an s."""
    return f"{count} {thing if str(count) == '1' else things or f'{thing}s'}"
