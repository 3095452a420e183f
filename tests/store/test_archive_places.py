"""Where payloads lie: the flat table answers as a dictionary would."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from store.archive_places import PayloadPlaces

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.lists(st.tuples(DIGESTS, st.integers(0, 1000), st.integers(0, (1 << 40) - 1)), max_size=60), DIGESTS)
def test_the_first_place_of_a_digest_is_found(added: list[tuple[str, int, int]], other: str) -> None:
    places, expected = PayloadPlaces(), dict[str, tuple[int, int]]()
    for digest, number, offset in added:
        places.add(digest, number, offset)
        expected.setdefault(digest[:16], (number, offset))
    assert all(places.find(digest) == expected[digest[:16]] for digest, _, _ in added)
    assert other[:16] in expected or places.find(other) is None


def test_fifty_thousand_payloads_take_four_megabytes() -> None:
    places = PayloadPlaces()
    for number in range(50_000):
        places.add(hashlib.sha256(str(number).encode()).hexdigest(), number % 7, number)
    assert len(places) == 50_000
    assert places.find(hashlib.sha256(b"49999").hexdigest()) == (49_999 % 7, 49_999)
    held = sum(part.itemsize * len(part) for part in (places._keys, places._places))
    assert held <= 4 * 1024 * 1024
    assert places.find("0" * 64) is None
