"""The texts of questions as HTML that stands alone: code as <code>, claims as words, no address of this site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it.token import Token

from tutor.lessons.prose import MARKDOWN, parsed, parsed_line, with_code

ELSEWHERE = re.compile(r"https?://")
"""The beginning of an address that leads away from the site."""
UNFIT = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that an XML document can't contain."""


def paragraphs(text: str) -> SafeString:
    """Return Markdown with paragraphs, lists and so on as HTML."""
    return html_of(parsed(text))


def line(text: str) -> SafeString:
    """Return a line of Markdown as HTML without a paragraph around it."""
    return html_of(parsed_line(text))


def html_of(tokens: Sequence[Token]) -> SafeString:
    words = [token.copy(children=list(without_claims(token.children))) for token in tokens]
    return SafeString(fit(MARKDOWN.renderer.render(words, MARKDOWN.options, {})).strip())


def without_claims(children: Sequence[Token] | None) -> Iterator[Token]:
    """Yield the tokens of a line, those of claims and of links within the site as their words."""
    stays: list[bool] = []
    for child in children or ():
        match child.type:
            case "link_open":
                stays.append(bool(ELSEWHERE.match(str(child.attrs["href"]))))
                if stays[-1]:
                    yield child
            case "link_close":
                if stays.pop():
                    yield child
            case "image":
                yield Token("text", "", 0, content=child.content)
            case _:
                yield child


def option(text: str) -> SafeString:
    """Return the plain text of an option as a paragraph, with what is between backticks as code."""
    return format_html("<p>{}</p>", with_code(fit(text).strip()))


def code_line(where: str, source: str) -> SafeString:
    """Return a line of a file as a paragraph."""
    return format_html("<p>{} <code>{}</code></p>", fit(where), fit(source))


def listing(title: str, text: str) -> SafeString:
    """Return a text with its title, line by line as it stands."""
    return format_html("<p><b>{}</b></p><pre><code>{}</code></pre>", fit(title), fit(text))


def fit(text: str) -> str:
    """Return `text` with a sign for each character that can't travel, and with line feeds as line breaks."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
