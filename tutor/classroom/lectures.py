"""Lectures: what was shown and asked in a class, saved to be shown again to another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from tutor.styles.moment import Moment
from tutor.styles.registry import styles

from .models import Command, Lecture, Room

SAVED = ("go", "ask", "case", "style")
"""The kinds of commands that a lecture consists of."""
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Item:
    """Something to show or to ask."""

    kind: str
    """The kind of the command."""
    detail: Mapping[str, str]
    """What belongs to the command."""
    rule: str = ""
    """The rule that made the step at which the class was afterwards; "" if it wasn't known."""

    @property
    def text(self) -> str:
        """What it is, in a few words."""
        style = styles().get(self.detail.get("style", ""))
        said = {
            "go": f"Step {self.detail.get('step')}",
            "ask": f"Ask: {self.detail.get('text') or self.detail.get('what')}",
            "case": f"Run: {self.detail.get('title') or self.detail.get('case') or 'the lesson’s own'}",
            "style": f"View: {style.title if style else ''}",
        }
        return said[self.kind]


def save(room: Room) -> Lecture:
    """Save what was shown and asked in a class, without what was shown for a moment only."""
    items = list(items_of(room))[:MOST_ITEMS]
    return Lecture.objects.create(version_id=room.version_id, items=[asdict(each) for each in items])


def items_of(room: Room) -> Iterator[Item]:
    """Yield what a class was shown and asked. Of several steps one after another, each is an item."""
    for each in room.commands.all():
        if each.kind in SAVED:
            yield Item(each.kind, own_detail(each), each.detail.get("rule", ""))


def own_detail(command: Command) -> dict[str, str]:
    names = {"go": ("step",), "ask": ("what", "text", "options"), "case": ("case", "title"), "style": ("style",)}
    return {name: command.detail[name] for name in names[command.kind] if command.detail.get(name)}


def items(lecture: Lecture) -> list[Item]:
    return [Item(**each) for each in lecture.items]


def next_item(room: Room) -> Item | None:
    """Return what the lecture of a class has next; None after the last, or without a lecture."""
    if room.lecture is None or room.next_item >= len(room.lecture.items):
        return None
    return Item(**room.lecture.items[room.next_item])


def departure(item: Item | None, moment: Moment) -> str:
    """Return how this class's run departs from the one of the lecture at its next step; "" if it doesn't."""
    if item is None or item.kind != "go" or not item.rule or not moment.trace.ended:
        return ""
    number = int(item.detail["step"])
    if number > moment.made:
        return f"This run has only {moment.made} steps."
    step = moment.trace.steps[number - 1]
    return "" if step.id == item.rule else f"This run departs: its step {number} is “{step.action}”."
