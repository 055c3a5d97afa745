"""Sanitizes text from outside for unsealed columns and for terminals: databases limit characters and length, and a
terminal obeys control characters.

A message can contain anything. A key that cannot be one of ours is not looked up, and text that is stored unsealed is
cut to the length of its column and loses unprintable characters, so that no message delays the others.
"""


def can_be_ours(key: str) -> bool:
    """Whether the key has the form of a number that we issue: ASCII letters and digits only."""
    return key.isascii() and key.isalnum()


def sanitize(text: str, max_length: int) -> str:
    """The printable characters of the text, at most `max_length` of them."""
    return "".join(character for character in text if character.isprintable())[:max_length]
