"""Authored Markdown: as HTML, as plain text, and the claims that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .claims import CARDINALS, PLAIN, STATUSES

# HTML in the source is shown as text, and links may lead to http(s), mail and places of the site alone.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
ADDRESS = re.compile(r"(https?:|mailto:|/|#)")
"""How a target begins that is no claim's."""
COUNTED = "row|worker|task|execution|step|process|delivery|attempt|result|link|schedule|time|more|second|minute"
TELLING = re.compile(
    rf"(?<!\w)\d+(?:\.\d+)?"
    rf"|(?i:\bone(?= (?:{COUNTED})\b)|\b(?:{'|'.join(word for word in CARDINALS if word != 'one')})\b)"
    rf"|(?i:\btwice\b)|\b(?:{'|'.join(STATUSES)})\b"
)
"""What has to be a claim, or marked as plain: digits, number words, status words.

A digit within a name, as in django-q2, is none. “One” is a number only before what can be counted; mostly it stands for
a noun.
"""

Locate = Callable[[str], str | None]
"""A claim's target → the address that shows it; None where nothing does (yet)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of prose that says something of a run, or might."""

    line: int
    """From 1, within the prose."""
    text: str
    target: str | None = None
    """What it is claimed of; None for a number or status word that is no claim."""
    title: str = ""


def nowhere(target: str) -> str | None:
    """Locate nothing: for prose without a run."""
    return None


def render(text: str, locate: Locate = nowhere) -> SafeString:
    """Markdown paragraphs, lists and so on, as HTML that a template may print."""
    return SafeString(MARKDOWN.renderer.render(linked(MARKDOWN.parse(text), locate), MARKDOWN.options, {}))


def render_line(text: str, locate: Locate = nowhere) -> SafeString:
    """A line of Markdown as HTML without a paragraph around it."""
    return SafeString(MARKDOWN.renderer.render(linked(MARKDOWN.parseInline(text), locate), MARKDOWN.options, {}))


def linked(tokens: Sequence[Token], locate: Locate) -> Sequence[Token]:
    """`tokens` with each claim as a link to what shows it, or as mere words."""
    for token in tokens:
        ends: list[str] = []
        for child in token.children or ():
            if child.type == "link_open":
                ends.append(open_link(child, locate))
            elif child.type == "link_close":
                child.tag = ends.pop()
    return tokens


def open_link(token: Token, locate: Locate) -> str:
    """Make a link's opening what it is to be on the page; returns the tag."""
    target = str(token.attrs["href"])
    if ADDRESS.match(target):
        return "a"
    token.attrs.clear()
    where = None if target == PLAIN else locate(unquote(target))
    if target != PLAIN:
        token.attrs["class"] = "claim"
    if where is not None:
        token.attrs["href"] = where
    token.tag = "span" if where is None else "a"
    return token.tag


def plain(text: str) -> str:
    """Prose as text without markup, paragraphs apart by a space."""
    blocks = (token.children for token in MARKDOWN.parse(text) if token.children)
    return " ".join("".join(each.content or " " * (each.type == "softbreak") for each in block) for block in blocks)


CLAIM = re.compile(r"\[([^\[\]{}]*)\]\([^()\s]+(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)")
"""A claim in a step's template, which is no Markdown otherwise: braces in it are names to be filled in."""


def without_claims(template: str) -> str:
    """A step's template with the words of its claims alone."""
    return CLAIM.sub(r"\1", template)


def said(text: str) -> Iterator[Said]:
    """The claims in `text`, and the numbers and status words that are none, in order."""
    for token in MARKDOWN.parse(text):
        yield from said_inline(token.children or [], token.map[0] + 1 if token.map else 1)


def said_inline(tokens: Sequence[Token], line: int) -> Iterator[Said]:
    link: Token | None = None
    began, words = line, ""
    for token in tokens:
        if token.type == "link_open":
            link, began, words = token, line, ""
        elif token.type == "link_close" and link:
            target = unquote(str(link.attrs["href"]))
            if target != PLAIN and not ADDRESS.match(target):
                yield Said(began, words, target, str(link.attrs.get("title", "")))
            link = None
        elif token.type in ("softbreak", "hardbreak"):
            line, words = line + 1, f"{words} "
        elif link:
            words += token.content
        elif token.type == "text":
            for match in TELLING.finditer(token.content):
                yield Said(line, match[0])
