from __future__ import annotations

import pytest

from tutor.protocol.texts import amount, length_of, number_text, shortened


@pytest.mark.parametrize(
    ("number", "text"), [(30.0, "30"), (0.25, "0.25"), (12.5, "12.5"), (10_000, "10,000"), (1_234_567.8, "1,234,568")]
)
def test_numbers_are_as_people_write_them(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (4_000_000, "bytes of stored events", "4 MB of stored events"),
        (40_000_000, "bytes", "40 MB"),
        (1500, "bytes", "1.5 kB"),
        (12, "bytes", "12 bytes"),
        (30.0, "seconds", "30 seconds"),
        (512, "MiB of memory", "512 MiB of memory"),
        (10_000, "events", "10,000 events"),
    ],
)
def test_bytes_have_a_unit_that_suits_them(number: float, unit: str, text: str) -> None:
    assert amount(number, unit) == text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("[1, 2]", "[1, 2]"),
        ("[('by_buffer', True), ('by_fileno', True)]", "[('by_buffer', True), …"),
        ("{'name': 'Ada', 'note': 'one, two, three'}", "{'name': 'Ada', …"),
        ("The monitor stores what it returned", "The monitor stores what it…"),
        ("'one, two, three, four, five, six'", "'one, two, three, four,…"),
        ("x" * 40, "x" * 27 + "…"),
        ("a, " + "x" * 40, "a, " + "x" * 24 + "…"),
    ],
)
def test_a_long_text_is_cut_between_values_or_words(text: str, short: str) -> None:
    assert shortened(text, 28) == short


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("[0, 1, 2]", 3),
        ("'four'", 4),
        ("{'a': 1}", 1),
        ("()", 0),
        ("[0, 0, … (40 values)", 40),
        ("'xxx'… (1,200 characters)", 1200),
        ("<OrderedDict of 31>", 31),
        ("12", None),
        ("None", None),
        ("<Order object (3)>", None),
        ("[0, 0, …", None),
    ],
)
def test_the_length_of_a_value_is_known_from_its_text(text: str, length: int | None) -> None:
    assert length_of(text) == length
