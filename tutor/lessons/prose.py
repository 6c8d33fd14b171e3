"""The Markdown of lessons: as HTML, as plain text, and the claims in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .claim_values import CARDINALS
from .claims import PLAIN, STATUSES

# HTML in the source is shown as text. Links lead only to http(s) and mail addresses and within the site.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
ADDRESS = re.compile(r"(https?:|mailto:|/|#)")
"""The beginning of a target that is an address and not a claim."""
TEXTS = 1024
"""The number of texts whose tokens a process keeps: those that it rendered last."""
COUNTED = "row|worker|task|execution|step|process|delivery|attempt|result|link|schedule|time|more|second|minute"
UNMARKED = re.compile(
    rf"(?<!\w)\d+(?:\.\d+)?"
    rf"|(?i:\bone(?= (?:{COUNTED})\b)|\b(?:{'|'.join(word for word in CARDINALS if word != 'one')})\b)"
    rf"|(?i:\btwice\b)|\b(?:{'|'.join(STATUSES)})\b"
)
"""The words that must be claims or marked as plain: digits, number words, status words.

A digit within a name, as in django-q2, doesn't count. "One" counts only before a countable noun; elsewhere
it is usually a pronoun.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a claim is true."""

    address: str
    card: str
    """What the card of the claim says, such as “Seen in step 2: …”."""
    step: int | None = None
    """The step of the page's own run, to which the page walks in place; None if the address is another page."""


Locate = Callable[[str], Evidence | None]
"""The target of a claim → what shows it; None if nothing shows it (yet)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim in prose, or a number or status word that should be one."""

    line: int
    """From 1, within the prose."""
    text: str
    target: str | None = None
    """The target of the claim; None for a number or status word without one."""
    title: str = ""


def nowhere(target: str) -> None:
    """Return None: without a run, nothing shows a claim."""
    return


def render(text: str, locate: Locate = nowhere) -> SafeString:
    """Return Markdown with paragraphs, lists and so on as HTML."""
    return SafeString(MARKDOWN.renderer.render(linked(parsed(text), locate), MARKDOWN.options, {}))


def render_line(text: str, locate: Locate = nowhere) -> SafeString:
    """Return a line of Markdown as HTML without a paragraph around it."""
    return SafeString(MARKDOWN.renderer.render(linked(parsed_line(text), locate), MARKDOWN.options, {}))


@lru_cache(maxsize=TEXTS)
def parsed(text: str) -> tuple[Token, ...]:
    """Return the tokens of Markdown. They are shared: nobody may change them."""
    return tuple(MARKDOWN.parse(text))


@lru_cache(maxsize=TEXTS)
def parsed_line(text: str) -> tuple[Token, ...]:
    """Return the tokens of a line of Markdown. They are shared: nobody may change them."""
    return tuple(MARKDOWN.parseInline(text))


def linked(tokens: Sequence[Token], locate: Locate) -> list[Token]:
    """Return `tokens` with each claim as a link to what shows it, or as words if nothing does."""
    return [token.copy(children=list(with_links(token.children, locate))) for token in tokens]


def with_links(children: Sequence[Token] | None, locate: Locate) -> Iterator[Token]:
    tags: list[str] = []
    for child in children or ():
        if child.type == "link_open":
            opening = link_for(child, locate)
            tags.append(opening.tag)
            yield opening
        elif child.type == "link_close":
            yield child.copy(tag=tags.pop())
        else:
            yield child


def link_for(token: Token, locate: Locate) -> Token:
    """Return the opening of a link as it is on the page."""
    target = str(token.attrs["href"])
    if ADDRESS.match(target):
        return token
    if target == PLAIN:
        return token.copy(attrs={}, tag="span")
    if (seen := locate(unquote(target))) is None:
        return token.copy(attrs={"class": "claim"}, tag="span")
    walk = {} if seen.step is None else {"data-walk": "show", "data-of-step": str(seen.step)}
    return token.copy(attrs={"class": "claim", "href": seen.address, "data-card": seen.card, **walk})


def plain(text: str) -> str:
    """Return prose as text without markup, with a space between paragraphs."""
    blocks = (token.children for token in parsed(text) if token.children)
    return " ".join("".join(each.content or " " * (each.type == "softbreak") for each in block) for block in blocks)


def with_code(text: str) -> SafeString:
    """Return plain text as HTML, with what is between backticks as code."""
    backticks = text.count("`")
    if not backticks or backticks % 2:
        return conditional_escape(text)
    parts = enumerate(text.split("`"))
    return SafeString("".join(format_html("<code>{}</code>" if at % 2 else "{}", part) for at, part in parts))


CLAIM = re.compile(r"\[([^\[\]{}]*)\]\([^()\s]+(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)")
"""A claim in a step's template. The template isn't Markdown otherwise: names in braces are filled in."""


@lru_cache(maxsize=4096)
def without_claims(template: str) -> str:
    """Return a step's template with each claim replaced by its words."""
    return CLAIM.sub(r"\1", template)


def statements_in(text: str) -> Iterator[Statement]:
    """Yield the claims in `text`, and the numbers and status words outside claims, in order."""
    for token in parsed(text):
        yield from statements_of(token.children or [], token.map[0] + 1 if token.map else 1)


def statements_of(tokens: Sequence[Token], line: int) -> Iterator[Statement]:
    link: Token | None = None
    began, words = line, ""
    for token in tokens:
        if token.type == "link_open":
            link, began, words = token, line, ""
        elif token.type == "link_close" and link:
            target = unquote(str(link.attrs["href"]))
            if target != PLAIN and not ADDRESS.match(target):
                yield Statement(began, words, target, str(link.attrs.get("title", "")))
            link = None
        elif token.type in ("softbreak", "hardbreak"):
            line, words = line + 1, f"{words} "
        elif link:
            words += token.content
        elif token.type == "text":
            for match in UNMARKED.finditer(token.content):
                yield Statement(line, match[0])
