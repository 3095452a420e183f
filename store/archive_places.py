"""Where each payload of a WARC set lies, by digest, in little memory.

Belongs here: a table from digest to file number and offset that takes some 30 bytes a payload, however many there are.
Does not belong here: reading or writing records (`archive`).

The first 64 bits of a digest stand for it: whoever finds a place must look whether the payload there is the one.
"""

from __future__ import annotations

from array import array

_FIRST_SIZE = 1 << 12
_FULL = 0.6
_OFFSET_BITS = 40
"""Bits of an offset: files are closed long before they reach a terabyte."""


class PayloadPlaces:
    """Digest to the place of the first record that holds the payload; open addressing in two flat arrays."""

    def __init__(self) -> None:
        """Begin empty."""
        self._keys = array("Q", bytes(8 * _FIRST_SIZE))
        self._places = array("Q", bytes(8 * _FIRST_SIZE))
        self._held = 0

    def __len__(self) -> int:
        """Return the number of payloads."""
        return self._held

    def add(self, digest: str, number: int, offset: int) -> None:
        """Keep file number and offset of a payload; the first place of a digest stays."""
        if self._held >= _FULL * len(self._keys):
            self._grow()
        self._put(_key(digest), number << _OFFSET_BITS | offset)

    def find(self, digest: str) -> tuple[int, int] | None:
        """Return file number and offset of a payload that begins like this digest, or None."""
        slot = self._slot(_key(digest))
        if not self._keys[slot]:
            return None
        place = self._places[slot]
        return place >> _OFFSET_BITS, place & ((1 << _OFFSET_BITS) - 1)

    def _put(self, key: int, place: int) -> None:
        slot = self._slot(key)
        if not self._keys[slot]:
            self._keys[slot], self._places[slot] = key, place
            self._held += 1

    def _slot(self, key: int) -> int:
        """Return the slot that holds a key, or the free one where it belongs."""
        keys, mask = self._keys, len(self._keys) - 1
        slot = key & mask
        while keys[slot] and keys[slot] != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        keys, places = self._keys, self._places
        self._keys = array("Q", bytes(16 * len(keys)))
        self._places = array("Q", bytes(16 * len(keys)))
        self._held = 0
        for key, place in zip(keys, places, strict=True):
            if key:
                self._put(key, place)


def _key(digest: str) -> int:
    """Return the first 64 bits of a hexadecimal digest; never 0, which marks a free slot."""
    return int(digest[:16], 16) or 1
