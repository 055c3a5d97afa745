"""What the vault costs: seal and open beside the bare cipher with a kept key, a MAC beside the bare HMAC, by size."""

import hmac
import os
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.database.keys import DataKey, Place, Vault

SIZES = (100, 5_000, 100_000)
TURNS, CALLS = 15, 400
PLACE = Place("org_00000001", "claims", "document", "clm_00000001", 7)


class Keys:
    """One key, as it is remembered."""

    def __init__(self) -> None:
        self.key = DataKey(1, os.urandom(32))

    def current(self, _organization_id: str) -> DataKey:
        return self.key

    def of(self, _organization_id: str, _generation: int) -> DataKey:
        return self.key


def microseconds(act: Callable[[], object]) -> float:
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        for _ in range(CALLS):
            act()
        times.append((time.perf_counter() - start) / CALLS * 1e6)
    # The fastest turn: others on the machine only ever add to it.
    return min(times)


def main() -> None:
    vault, cipher, key, nonce = Vault("claims", Keys()), AESGCM(os.urandom(32)), os.urandom(32), os.urandom(12)
    for size in SIZES:
        value = os.urandom(size)
        sealed, bare = vault.seal(PLACE, value), cipher.encrypt(nonce, value, b"place")
        rows = {
            "seal": (lambda v=value: vault.seal(PLACE, v), lambda v=value: cipher.encrypt(nonce, v, b"place")),
            "open": (lambda s=sealed: vault.open(PLACE, s), lambda b=bare: cipher.decrypt(nonce, b, b"place")),
            "mac": (lambda v=value: vault.mac("org_1", "row", v), lambda v=value: hmac.digest(key, v, "sha256")),
        }
        for name, (ours, floor) in rows.items():
            took, least = microseconds(ours), microseconds(floor)
            print(f"{name:5} {size:7} bytes  {took:7.2f} us  {took / least:5.2f}x the bare primitive")


if __name__ == "__main__":
    main()
