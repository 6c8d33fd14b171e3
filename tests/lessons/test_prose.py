"""Prose is Markdown; HTML in it is only text."""

from __future__ import annotations

from tutor.lessons.prose import render, render_line


def test_markdown_becomes_html() -> None:
    assert render("One *word*.\n\n- a\n- b") == "<p>One <em>word</em>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    assert render_line("`x` is **1**") == "<code>x</code> is <strong>1</strong>"


def test_html_is_shown_and_not_obeyed() -> None:
    assert "<script" not in render("<script>alert(1)</script>")
    assert "<img" not in render_line("<img src=x onerror=alert(1)>")


def test_a_link_that_would_run_a_script_is_no_link() -> None:
    assert "<a" not in render("[here](javascript:alert(1))")
