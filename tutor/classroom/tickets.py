"""Exit tickets: two questions that the class hasn't been asked, and what is still unclear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.pages.typed import one_line
from tutor.quizzes.authored import CLASS_QUESTION
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.of_run import quiz_of_run
from tutor.styles.moment import Moment

from .models import LONGEST_UNCLEAR, Member, Room, Ticket, TicketAnswer

QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class TicketShare:
    """A question of a ticket, and how the class has answered it."""

    text: str
    shares: tuple[tuple[str, int, bool], ...]
    """Option, how many chose it, and whether it is right."""


def questions_for(room: Room, moment: Moment) -> list[dict[str, Any]]:
    """Return two questions about the run of a moment that the class hasn't been asked; fewer if there are no more."""
    asked = set(room.questions.values_list("text", flat=True))
    items = quiz_of_run(moment.lesson, moment.run, moment.trace).items
    found = [item.question for id, item in items.items() if id != CLASS_QUESTION]
    choices = [each for each in found if isinstance(each, Choice) and each.text not in asked and not each.other_case]
    return [shown(each, room.code) for each in choices[:QUESTIONS]]


def shown(choice: Choice, seed: str) -> dict[str, Any]:
    order = choice.order(seed)
    options = [choice.options[index].text for index in order]
    return {"text": choice.text, "options": options, "right": order.index(choice.right)}


def ticket_of(room: Room) -> Ticket | None:
    """Return the ticket that a class is asked; None as long as it isn't."""
    return Ticket.objects.filter(room=room).first()


def hand_in(ticket: Ticket, member: Member, sent: Mapping[str, str]) -> None:
    """Store what a member answers. Answers that no form sends count as none."""
    options = [option_in(sent.get(f"ticket-{index}", ""), each) for index, each in enumerate(ticket.questions)]
    unclear = one_line(sent.get("unclear", ""), LONGEST_UNCLEAR)
    TicketAnswer.objects.update_or_create(
        ticket=ticket, member=member, defaults={"options": options, "unclear": unclear}
    )


def option_in(text: str, question: Mapping[str, Any]) -> int | None:
    is_option = len(text) == 1 and text.isdecimal() and int(text) < len(question["options"])
    return int(text) if is_option else None


def shares_of(ticket: Ticket) -> list[TicketShare]:
    """Return how a class has answered each question of its ticket."""
    asked = zip(ticket.questions, counts_in(ticket), strict=True)
    return [TicketShare(question["text"], shares_in(question, counts)) for question, counts in asked]


def counts_in(ticket: Ticket) -> list[list[int]]:
    """Return how many chose each option of each question of a ticket."""
    answers = list(ticket.answers.values_list("options", flat=True))
    more = ticket.tally or [[0] * len(each["options"]) for each in ticket.questions]
    chosen = [Counter(options[index] for options in answers) for index in range(len(ticket.questions))]
    return [
        [counts[option] + old for option, old in enumerate(each)] for counts, each in zip(chosen, more, strict=True)
    ]


def shares_in(question: Mapping[str, Any], counts: Sequence[int]) -> tuple[tuple[str, int, bool], ...]:
    options = enumerate(zip(question["options"], counts, strict=True))
    return tuple((text, count, index == question["right"]) for index, (text, count) in options)


def unclear_in(ticket: Ticket) -> list[str]:
    """Return what is still unclear, in no order that tells who wrote it."""
    return sorted(ticket.answers.exclude(unclear="").values_list("unclear", flat=True))
