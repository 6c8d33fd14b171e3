"""Parts: HTML as a tree of elements with ids, and the changes that turn one such tree into another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

How: TypeAlias = Literal["replace", "attributes", "remove", "before", "after"]
Change: TypeAlias = tuple[How, str, str]
"""What to do at the element of that id, and the HTML for it.

`replace` it by the HTML, or only its `attributes` by those of the HTML's start tag; `remove` it; insert the HTML
`before` or `after` it.
"""
NOTHING: Mapping[str, str] = {}
START_TAG = re.compile(r"""<(?:[^"'>]++|"[^"]*"|'[^']*')*+>""")


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a page that can change by itself."""

    id: str
    """Its id in the page."""
    pieces: tuple[str | Part, ...]
    """Its HTML from its start tag to its end tag, with the parts in it."""

    def texts(self, own: Mapping[str, str] = NOTHING) -> Iterator[str]:
        """Yield the HTML bit by bit; of the parts whose ids `own` has, the HTML there."""
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece
            elif piece.id in own:
                yield own[piece.id]
            else:
                yield from piece.texts(own)

    def ids(self) -> Iterator[str]:
        """Yield the ids of this part and of all parts in it."""
        yield self.id
        for piece in self.pieces:
            if isinstance(piece, Part):
                yield from piece.ids()

    @property
    def html(self) -> str:
        """The HTML as a whole."""
        return "".join(self.texts())


def split(name: str, marked: str, marker: str) -> Part:
    """Return the part `name` with HTML in which `mark` has marked parts. White space beside a mark isn't kept."""
    first, *rest = marked.split(marker)
    open_parts: list[tuple[str, list[str | Part]]] = [(name, [])]
    add_text(open_parts[-1][1], first)
    for mark, text in zip(rest[::2], rest[1::2], strict=True):
        if mark:
            open_parts.append((mark, []))
        else:
            inner, pieces = open_parts.pop()
            open_parts[-1][1].append(Part(inner, tuple(pieces)))
        add_text(open_parts[-1][1], text)
    ((_, pieces),) = open_parts
    return Part(name, tuple(pieces))


def mark(name: str, html: str, marker: str) -> str:
    """Return `html` marked as the part `name`. `marker` is a text that the HTML can't contain."""
    return f"{marker}{name}{marker}{html}{marker}{marker}"


def add_text(pieces: list[str | Part], text: str) -> None:
    if text := text.strip():
        pieces.append(text)


def changes(before: Part, after: Part) -> list[Change]:
    """Return the changes that turn `before` into `after`, another version of the same part, in this order."""
    if before == after:
        return []
    if any(len(set(ids)) < len(ids) for ids in (list(before.ids()), list(after.ids()))):
        return [replacement(after)]
    return changes_of_version(before, after)


def changes_of_version(before: Part, after: Part) -> list[Change]:
    """Return the changes between two versions, in which each id is unique: inside the part, or its replacement."""
    if before == after:
        return []
    whole = replacement(after)
    found = changes_inside(before, after)
    return [whole] if found is None or length(found) >= length([whole]) else found


def changes_inside(before: Part, after: Part) -> list[Change] | None:
    """Return the changes of the start tag and of the parts in it; None if anything else differs.

    Also None if a part has moved to another part or across a text. One change takes it away and another puts it
    there, so that in between the page could have its id twice.
    """
    (old_tag, old_texts), (new_tag, new_texts) = tag_and_texts(before), tag_and_texts(after)
    if old_texts != new_texts or have_moved(before, after):
        return None
    found: list[Change] = [("attributes", after.id, new_tag)] if old_tag != new_tag else []
    for old, new in zip(groups(before), groups(after), strict=True):
        if (more := changes_of_group(old, new)) is None:
            return None
        found += more
    return found


def have_moved(before: Part, after: Part) -> bool:
    """Return whether a part of both versions is in another part in them, or between other texts."""
    old, new = (dict(places(part)) for part in (before, after))
    return any(old[name] != new[name] for name in old.keys() & new.keys())


def places(part: Part) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield the id of each part in `part`, with the number of the group and the part there in which it is."""
    for number, group in enumerate(groups(part)):
        for each in group:
            yield from ((name, (number, each.id)) for name in each.ids())


def tag_and_texts(part: Part) -> tuple[str, list[str]]:
    """Return the start tag of a part, and the texts between its groups of parts."""
    texts = [piece for piece in part.pieces if isinstance(piece, str)]
    tag = found[0] if texts and (found := START_TAG.match(texts[0])) else ""
    return tag, [text[len(tag) * (at == 0) :] for at, text in enumerate(texts)]


def groups(part: Part) -> list[list[Part]]:
    """Return the parts in a part: those between two texts are a group."""
    found: list[list[Part]] = [[]]
    for piece in part.pieces:
        if isinstance(piece, Part):
            found[-1].append(piece)
        else:
            found.append([])
    return found


def changes_of_group(before: Sequence[Part], after: Sequence[Part]) -> list[Change] | None:
    """Return the changes of parts that stand beside each other; None if none of them stays, or their order changes."""
    if not before and not after:
        return []
    old, new = ({part.id: part for part in each} for each in (before, after))
    stays = [name for name in old if name in new]
    if not stays or stays != [name for name in new if name in old]:
        return None
    found: list[Change] = [("remove", name, "") for name in old if name not in new]
    previous = ""
    for is_old, run in groupby(after, key=lambda part: part.id in old):
        parts = list(run)
        if is_old:
            found += [change for part in parts for change in changes_of_version(old[part.id], part)]
        else:
            html = "".join(part.html for part in parts)
            found.append(("after", previous, html) if previous else ("before", stays[0], html))
        previous = parts[-1].id
    return found


def replacement(part: Part) -> Change:
    return "replace", part.id, part.html


def length(found: Sequence[Change]) -> int:
    """Return about how long changes are in a message."""
    return sum(12 + len(how) + len(name) + len(html) for how, name, html in found)
