from __future__ import annotations

from tutor.styles.byte_cache import ByteCache


def test_the_values_used_last_are_kept_up_to_the_number_of_bytes() -> None:
    cache: ByteCache[str] = ByteCache(30)
    for name in "abc":
        cache.put(name, name, 10)
    assert cache.get("a") == "a"
    cache.put("d", "d", 10)
    assert [cache.get(name) for name in "abcd"] == ["a", None, "c", "d"]
    assert cache.bytes == 30


def test_a_value_that_has_grown_counts_once() -> None:
    cache: ByteCache[str] = ByteCache(30)
    cache.put("a", "small", 10)
    cache.put("a", "large", 25)
    assert (cache.get("a"), cache.bytes) == ("large", 25)


def test_the_value_put_last_is_kept_alone_if_it_is_larger_than_the_cache() -> None:
    cache: ByteCache[str] = ByteCache(30)
    cache.put("a", "a", 10)
    cache.put("b", "b", 1000)
    assert (cache.get("a"), cache.get("b")) == (None, "b")
    cache.put("c", "c", 10)
    assert (cache.get("b"), cache.bytes) == (None, 10)


def test_an_empty_cache_has_no_bytes() -> None:
    cache: ByteCache[str] = ByteCache(30)
    cache.put("a", "a", 10)
    cache.clear()
    assert (cache.get("a"), cache.bytes) == (None, 0)


def test_a_value_is_made_once_and_has_the_size_that_is_told() -> None:
    cache: ByteCache[str] = ByteCache(30)
    made = [cache.get_or_set("a", lambda each=each: each, len) for each in ("first", "second")]
    assert (made, cache.bytes) == (["first", "first"], 5)
