"""Text from outside, on its way into plain columns: not every database takes every sign or any length.

A message can hold anything. What cannot be one of our keys is not asked for, and what is kept in the clear is cut to
its column and rid of what is no sign at all, so that no message stands in the way of the others.
"""


def can_be_ours(key: str) -> bool:
    """Whether it looks like a number that was given here: ASCII letters and digits alone."""
    return key.isascii() and key.isalnum()


def plain(text: str, signs: int) -> str:
    """At most so many signs of the text, what does not print left out."""
    return "".join(sign for sign in text if sign.isprintable())[:signs]
