"""Keys from passphrases, by scrypt (RFC 7914). What one costs is written beside what it seals, so it can be raised."""

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

N, R, P = 2**16, 8, 1
"""64 MB and a fifth of a second for each passphrase that somebody tries."""
MAX_N = 2**20
SALT_BYTES = 16
KEY_BYTES = 32
MIN_PASSPHRASE_CHARACTERS = 12


def is_cost(n: object, r: object, p: object) -> bool:
    """Whether somebody else's file may ask for this much: a power of two, and no more than we can pay."""
    return type(n) is int and 2 <= n <= MAX_N and not n & (n - 1) and r == R and p == P


def derive(passphrase: str, salt: bytes, n: int) -> bytes:
    """32 bytes."""
    return Scrypt(salt=salt, length=KEY_BYTES, n=n, r=R, p=P).derive(passphrase.encode())
