"""A page that applies changes as `changes.js` does, and keeps its HTML byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from html.parser import HTMLParser

from tutor.styles.parts import Change

VOID = {"input", "br", "img", "link", "meta"}


class Element:
    """An element with its HTML, bit by bit."""

    def __init__(self, start: str, parent: Element | None = None) -> None:
        self.start, self.end = start, ""
        self.parent = parent
        self.children: list[Element | str] = []

    @property
    def id(self) -> str:
        found = re.search(r'\sid="([^"]*)"', self.start)
        return unescape(found[1]) if found else ""

    @property
    def html(self) -> str:
        inner = "".join(each if isinstance(each, str) else each.html for each in self.children)
        return f"{self.start}{inner}{self.end}"

    def elements(self) -> Iterator[Element]:
        """Yield the elements in this one."""
        for each in self.children:
            if isinstance(each, Element):
                yield each
                yield from each.elements()


class Reader(HTMLParser):
    """Reads HTML as the children of one element without tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = self.at = Element("")

    def handle_starttag(self, tag: str, attrs: object) -> None:
        element = Element(str(self.get_starttag_text()), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.at.children.append(Element(str(self.get_starttag_text()), self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.start.lower().startswith(f"<{tag}"), (self.at.start, tag)
        self.at.end = f"</{self.at.start[1 : 1 + len(tag)]}>"  # In SVG the case of names matters.
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def read(html: str) -> Element:
    """Return an element without tags that contains `html`; the elements in it may lack their end tags."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class ShownPage:
    """The HTML of a page, or of a part of it."""

    def __init__(self, html: str) -> None:
        self.root = read(html)

    @property
    def html(self) -> str:
        return self.root.html

    def apply(self, changes: Sequence[Change] | Sequence[list[str]]) -> None:
        """Apply `changes`. Raise ValueError unless there is exactly one element with the id of each."""
        for how, name, html in changes:
            (element,) = (each for each in self.root.elements() if each.id == name)
            parent = element.parent
            assert parent
            if how == "attributes":
                element.start = html
                assert element.id == name
                continue
            new = read(html).children
            for each in new:
                if isinstance(each, Element):
                    each.parent = parent
            at = parent.children.index(element)
            first, last = {"before": (at, at), "after": (at + 1, at + 1)}.get(how, (at, at + 1))
            parent.children[first:last] = new
