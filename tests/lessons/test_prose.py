"""Prose is Markdown with claims; HTML in it is shown as text."""

from __future__ import annotations

from tutor.lessons.prose import Evidence, Statement, parsed, plain, render, render_line, statements_in, without_claims


def test_markdown_becomes_html() -> None:
    assert render("One *word*.\n\n- a\n- b") == "<p>One <em>word</em>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    assert render_line("`x` is **1**") == "<code>x</code> is <strong>1</strong>"


def test_a_text_is_parsed_once_and_its_claims_lead_where_each_page_says() -> None:
    text = "is [Pending](status@queued), not ![a row](/row.png)"
    addresses = ("/runs/a/", "/runs/b/", "/runs/a/")
    pages = [render(text, {"status@queued": Evidence(each, "Seen in step 1.")}.get) for each in addresses]
    assert parsed(text) is parsed(text)
    assert pages[0] == pages[2] == pages[1].replace("/runs/b/", "/runs/a/")
    assert 'class="claim">Pending</span>' in render(text)


def test_html_is_shown_as_text() -> None:
    assert "<script" not in render("<script>alert(1)</script>")
    assert "<img" not in render_line("<img src=x onerror=alert(1)>")


def test_a_link_that_would_run_a_script_is_not_a_link() -> None:
    assert "<a" not in render("[here](javascript:alert(1))")


def test_prose_has_claims_and_numbers_outside_them() -> None:
    text = (
        'It is [Pending](status@queued),\nand [later](order@read,stored "after") three of `4`.\n\n[2 s](plain), Failed'
    )
    assert list(statements_in(text)) == [
        Statement(1, "Pending", "status@queued"),
        Statement(2, "later", "order@read,stored", "after"),
        Statement(2, "three"),
        Statement(4, "Failed"),
    ]


def test_one_is_a_number_only_before_what_can_be_counted() -> None:
    assert [each.text for each in statements_in("the one that has one row and one idea")] == ["one"]


def test_a_claim_links_to_what_shows_it_or_is_only_words() -> None:
    line = "is [Pending](status@queued)"
    assert render_line(line) == 'is <span class="claim">Pending</span>'
    shown = render_line(line, lambda target: Evidence(f"?{target}", "Seen in step 1: It waits.", 1))
    link = '<a class="claim" href="?status@queued" data-card="Seen in step 1: It waits."'
    assert shown == f'is {link} data-walk="show" data-of-step="1">Pending</a>'
    elsewhere = render_line(line, lambda target: Evidence("/claim/", "Seen in the case “Slow”."))
    assert elsewhere == 'is <a class="claim" href="/claim/" data-card="Seen in the case “Slow”.">Pending</a>'


def test_a_link_to_a_page_stays_and_one_to_a_script_is_removed() -> None:
    assert 'href="https://example.org"' in render_line("[there](https://example.org)")
    assert "href" not in render_line("[x](javascript:alert)")


def test_markup_can_be_taken_away() -> None:
    assert plain("It is [Pending](status@queued) *now*.\n\nAnd `x`.") == "It is Pending now. And x."
    assert without_claims("[one](rows@queued:OrmQ) of {event.rows}") == "one of {event.rows}"


def test_a_digit_within_a_name_is_not_a_number() -> None:
    assert [each.text for each in statements_in("django-q2 has 2 of them, workers² aside")] == ["2"]
