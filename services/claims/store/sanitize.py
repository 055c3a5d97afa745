"""Text from outside on its way into unsealed columns: no database takes every character or any length.

A message can hold anything. A key that cannot be one of ours is not looked up, and text that is kept in the clear is
cut to the length of its column and loses what does not print, so that no message holds up the others.
"""


def can_be_ours(key: str) -> bool:
    """Whether the key has the form of a number that is given here: ASCII letters and digits alone."""
    return key.isascii() and key.isalnum()


def sanitize(text: str, max_length: int) -> str:
    """The printable characters of the text, at most `max_length` of them."""
    return "".join(character for character in text if character.isprintable())[:max_length]
