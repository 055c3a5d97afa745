"""Documents to and from the bytes that are sealed; every version that was ever written can be read.

A document carries its `schema_version`. One of an older version is taken through the upcasters, a step a version, on
plain JSON values, before it becomes typed. Members that are not known are ignored, so that an older release reads
what a newer one has written, as long as the version is the same; one of a newer version is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
from pydantic import BaseModel

T = TypeVar("T")
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class DocumentUnreadable(ValueError):
    """Stored bytes that no version of the document explains; the text names the version, never a value."""


class _Header(msgspec.Struct):
    schema_version: int


class VersionedCodec(Generic[T]):
    """The codec of one document type. `upcasters[n]` makes of a document of version n one of version n + 1."""

    def __init__(self, document: type[T], *, version: int, upcasters: Mapping[int, Upcaster]) -> None:
        self._type = document
        self._version = version
        self._upcasters = dict(upcasters)
        self._header = msgspec.json.Decoder(_Header)
        self._decoder = msgspec.json.Decoder(document, dec_hook=_read_contract)
        self._encoder = msgspec.json.Encoder(enc_hook=_write_contract)

    def encode(self, value: T) -> bytes:
        """JSON of the present version."""
        return self._encoder.encode(value)

    def decode(self, data: bytes) -> T:
        """Raises DocumentUnreadable for bytes that are none, or of a version this release does not know."""
        try:
            # The version alone first: nearly every document is of the present one, and goes straight into its type.
            written = self._header.decode(data).schema_version
            if written == self._version:
                return self._decoder.decode(data)
            plain = self._upcast(msgspec.json.decode(data), written)
            return msgspec.convert(plain, self._type, dec_hook=_read_contract)
        except msgspec.MsgspecError:
            raise DocumentUnreadable(f"a stored {self._type.__name__} cannot be read") from None  # it may quote PHI

    def _upcast(self, plain: dict[str, Any], written: int) -> dict[str, Any]:
        if not 0 < written <= self._version:
            raise DocumentUnreadable(
                f"a stored {self._type.__name__} has schema version {written}; this release reads up to {self._version}"
            )
        for version in range(written, self._version):
            plain = {**self._upcasters[version](plain), "schema_version": version + 1}
        return plain


def _read_contract(kind: type, value: Any) -> Any:
    """A contract model inside a document; nested members that this release does not know are ignored."""
    if issubclass(kind, BaseModel):
        return kind.model_validate(value, extra="ignore")
    raise NotImplementedError(f"a document holds no {kind.__name__}")


def _write_contract(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise NotImplementedError(f"a document holds no {type(value).__name__}")
