"""Authored Markdown as HTML."""

from __future__ import annotations

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# HTML in the source is shown as text, and links may lead to http(s), mail and places of the site alone.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def render(text: str) -> SafeString:
    """Markdown paragraphs, lists and so on, as HTML that a template may print."""
    return SafeString(MARKDOWN.render(text))


def render_line(text: str) -> SafeString:
    """A line of Markdown as HTML without a paragraph around it."""
    return SafeString(MARKDOWN.renderInline(text))
