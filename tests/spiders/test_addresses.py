"""Short ways through `clean` and `key_of` give what the long way gives."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from spiders.addresses import _clean, clean, key_of

BASES = (
    "http://s.example/", "HTTP://S.Example:80/a/b?c=d", "https://s.example:8443/x", "http://[::1]:8080/", "http://u@h/",
    "ftp://s.example/", "nonsense",
)  # fmt: skip
PATHS = st.text(alphabet="ab/.~-_0;%?#:@ é()", max_size=30).map(lambda text: "/" + text)


@given(PATHS, st.sampled_from(BASES))
@example("/a/../b", BASES[0])
@example("//other.example/x", BASES[0])
@example("/a;jsessionid=1/b", BASES[0])
@example("/a//b/./c/", BASES[1])
def test_a_path_is_cleaned_alike_on_both_ways(path: str, base: str) -> None:
    assert clean(path, base) == _clean(path, base)


@given(st.sampled_from(("http", "https")), st.sampled_from(("s.example", "s.example:8080", "S.example:80")), PATHS)
@example("http", "s.example:80", "/a")
def test_a_key_is_one_for_all_spellings(scheme: str, host: str, path: str) -> None:
    address = f"{scheme}://{host}{path}"
    cleaned = clean(address)
    assert not cleaned or key_of(address) == key_of(cleaned)
