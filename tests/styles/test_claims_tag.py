from __future__ import annotations

import pytest

from tutor.styles.templatetags.claims import with_code


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the id of `letter`", "the id of <code>letter</code>"),
        ("`<b>` & more", "<code>&lt;b&gt;</code> &amp; more"),
        ("one ` alone", "one ` alone"),
        ("success_is_right *", "success_is_right *"),
    ],
)
def test_what_is_between_backticks_is_code(text: str, html: str) -> None:
    assert with_code(text) == html
