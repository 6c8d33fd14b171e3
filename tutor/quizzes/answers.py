"""The answers of a question of any kind: what it offers, and what of it is right. Pure."""

from __future__ import annotations

from .kinds.cell import Cell
from .kinds.choice import Choice
from .kinds.order import Order, indexes_in
from .kinds.point import Point
from .kinds.question import Option, Question


def options_of(question: Question) -> tuple[Option, ...]:
    """Return everything that a question offers or foresees as an answer, right or wrong."""
    match question:
        case Choice():
            return question.options
        case Cell():
            return (*map(Option, question.accepted), *question.known)
        case Point():
            return question.targets
        case Order():
            return question.items
    return ()


def rights_of(question: Question) -> tuple[Option, ...]:
    """Return the right answers; of an order, the items in a right one."""
    match question:
        case Choice():
            return (question.options[question.right],)
        case Cell():
            return tuple(map(Option, question.accepted))
        case Point():
            return tuple(question.targets[index] for index in question.rights)
        case Order():
            return tuple(question.items[index] for index in indexes_in(question.key))
    return ()
