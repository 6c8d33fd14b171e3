"""What a presenter does, one command at a time.

Each command has an id of its device and the number of the last command that the device knew. The first of two that know
the same one is carried out, and the other is refused; one that is sent again gets the answer that it got before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from tutor.lessons.lesson import Lesson
from tutor.runs.execution import interventions_of
from tutor.runs.models import Run
from tutor.runs.service import TooManyRuns, enqueue, store_for_class
from tutor.runs.versions import lesson_of
from tutor.styles.moment import Moment, newest_of
from tutor.styles.registry import styles

from .asking import asked_now
from .models import Command, Question, Room, Seen
from .signals import room_changed
from .state import is_over, place_of

KEY = re.compile(r"[\w-]{8,36}", re.ASCII)
NUMBER = re.compile(r"\d{1,6}", re.ASCII)
PACES = {"0.5": 0.5, "1": 1.0, "2": 2.0}
"""What a form sends → steps a second."""
MOST_COMMANDS = 5000
"""The number of commands of a room."""
State = Question.State


class Refused(Exception):
    """A command that isn't carried out. The message tells the presenter why."""

    status = 409


class Malformed(Refused):
    """A command that no form of the site sends."""

    status = 400


class Over(Refused):
    """The class has ended."""

    status = 410


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as a form sends it."""

    key: str
    saw: str
    """The number of the last command that its device knew."""
    kind: str
    detail: Mapping[str, str]


@dataclass(slots=True)
class Turn:
    """A room while a command is carried out. Nobody else changes it meanwhile."""

    room: Room
    detail: Mapping[str, str]
    now: datetime
    address: str | None

    @property
    def moment(self) -> Moment:
        """The newest moment of the run that the class sees."""
        assert self.room.run
        return newest_of(self.room.run)

    @property
    def step(self) -> int:
        """The step at which the class stands."""
        return place_of(self.room, self.moment.made, self.now).step

    @property
    def question(self) -> Question:
        """The question that the class sees. Raises Refused."""
        if self.room.question is None:
            raise Refused("No question is open any more.")
        return self.room.question

    def stand_at(self, step: int) -> None:
        """Have the class stand at a step, or at the nearest one."""
        self.room.step, self.room.pace, self.room.since = max(1, min(step, self.moment.made)), None, None

    def note_seen(self) -> None:
        """Note how far the class has seen its run."""
        Seen.objects.filter(run=self.room.run, furthest__lt=self.step).update(furthest=self.step)


def begin(turn: Turn) -> None:
    """Show the stage."""
    turn.room.has_begun = True


def go(turn: Turn) -> None:
    """Go to a step; to the one that answers the question, it is revealed."""
    step = number_in(turn, "step")
    turn.stand_at(step)
    question = turn.room.question
    if question and question.answered_in and step >= question.answered_in:
        set_state(question, State.REVEALED)


def play(turn: Turn) -> None:
    """Go on by itself, at a pace."""
    pace = turn.detail.get("pace", "1")
    if pace not in PACES:
        raise Malformed(f"Unknown pace (known: {', '.join(PACES)}).")
    turn.room.step, turn.room.pace, turn.room.since = turn.step, PACES[pace], turn.now


def pause(turn: Turn) -> None:
    """Stand still."""
    turn.stand_at(turn.step)


def show_style(turn: Turn) -> None:
    """Show the run in another style."""
    style = turn.detail.get("style", "")
    if style not in styles():
        raise Malformed(f"Unknown style (known: {', '.join(styles())}).")
    turn.room.style = style


def ask(turn: Turn) -> None:
    """Ask the class a question, and stand still."""
    question = asked_now(turn.moment.at(turn.step, turn.room.style), turn.detail)
    if question is None:
        raise Refused("That question can’t be asked at this step any more.")
    question.room = turn.room
    question.save()
    turn.room.question = question
    pause(turn)


def ask_again(turn: Turn) -> None:
    """Ask the same question in a second round."""
    if turn.question.state == State.REVEALED:
        raise Refused("The class knows the answer already.")
    turn.question.round += 1
    set_state(turn.question, State.OPEN)


def close(turn: Turn) -> None:
    """Take no more answers."""
    if turn.question.state == State.OPEN:
        set_state(turn.question, State.CLOSED)


def show_shares(turn: Turn) -> None:
    """Show the class how it has answered."""
    if turn.question.state in (State.OPEN, State.CLOSED):
        set_state(turn.question, State.SHOWN)


def reveal(turn: Turn) -> None:
    """Show the class the right answer, and walk to the step that answers it."""
    set_state(turn.question, State.REVEALED)
    if turn.question.answered_in:
        turn.stand_at(turn.question.answered_in)


def put_away(turn: Turn) -> None:
    """Show the question no longer."""
    turn.room.question = None


def count_hands(turn: Turn) -> None:
    """Note how many hands were raised for each option."""
    question = turn.question
    counts = [number_in(turn, f"hands-{index}") for index in range(len(question.options))]
    question.hands = {**question.hands, str(question.round): [min(count, 999) for count in counts]}
    question.save()


def run_case(turn: Turn) -> None:
    """Run a case of the lesson. The class stands at the same step of it, and sees the run before beside it."""
    room, lesson = turn.room, lesson_of(turn.moment.run) if turn.moment.run else None
    assert lesson
    try:
        case = lesson.case(turn.detail.get("case", "")[:100])
    except LookupError as error:
        raise Malformed(str(error)) from error
    step, room.beside = turn.step, room.run
    room.question = None
    run_for(room, lesson, case.name, address=turn.address)
    room.step, room.pace, room.since = step, None, None


def hide_name(turn: Turn) -> None:
    """Hide the name of a member."""
    turn.room.members.filter(pk=number_in(turn, "member")).update(is_hidden=True)


def end(turn: Turn) -> None:
    """End the class, and open its runs to everybody who has their address."""
    turn.room.ended_at = turn.now
    turn.room.question = None
    Run.objects.filter(seen__room=turn.room).update(is_closed=False)


KINDS: Mapping[str, Callable[[Turn], None]] = {
    "begin": begin,
    "go": go,
    "play": play,
    "pause": pause,
    "style": show_style,
    "ask": ask,
    "again": ask_again,
    "close": close,
    "shares": show_shares,
    "reveal": reveal,
    "away": put_away,
    "hands": count_hands,
    "case": run_case,
    "hide": hide_name,
    "end": end,
}


def carry_out(secret: str, sent: Sent, address: str | None) -> Room:
    """Carry out a command in the room of a secret, or find that it already was; return the room.

    When this returns, it is committed. Raises Refused, and Room.DoesNotExist.
    """
    if not KEY.fullmatch(sent.key) or sent.kind not in KINDS or not NUMBER.fullmatch(sent.saw):
        raise Malformed("This isn’t a command of this page. Load the page again.")
    with transaction.atomic():
        room = Room.objects.select_for_update().select_related("run", "question").get(secret=secret)
        if room.commands.filter(key=sent.key).exists():
            return room
        check(room, sent)
        turn = Turn(room, sent.detail, timezone.now(), address)
        turn.note_seen()
        KINDS[sent.kind](turn)
        turn.note_seen()
        room.number += 1
        room.used_at = turn.now
        room.save()
        Command.objects.create(
            room=room, number=room.number, key=sent.key, kind=sent.kind, detail=dict(sent.detail), at=turn.now
        )
        transaction.on_commit(partial(room_changed.send, sender=Room, room=room))
    return room


def check(room: Room, sent: Sent) -> None:
    """Raise Refused if a command can't be carried out now, whatever it is."""
    if is_over(room, timezone.now()):
        raise Over("This class has ended.")
    if int(sent.saw) != room.number:
        raise Refused("Another device was faster. This page now shows what it did; press again if you still want to.")
    if room.number >= MOST_COMMANDS:
        raise Refused("This class has had all the commands that a class can have. Open another one.")


def run_for(room: Room, lesson: Lesson, case_name: str, *, address: str | None) -> None:
    """Start a run of a case for a class, which then sees it. Raises Refused."""
    case = lesson.case(case_name)
    try:
        room.run = store_for_class(
            lesson,
            lesson.case_knobs(case),
            owner=room.code,
            address=address,
            interventions=interventions_of(case),
        )
    except TooManyRuns as error:
        raise Refused(str(error)) from error
    Seen.objects.create(room=room, run=room.run, title=case.title if case_name else "")
    transaction.on_commit(partial(enqueue, room.run))


def set_state(question: Question, state: Question.State) -> None:
    question.state = state
    question.save()


def number_in(turn: Turn, name: str) -> int:
    """Return a number that the form has sent. Raises Malformed."""
    text = turn.detail.get(name, "")
    if not NUMBER.fullmatch(text):
        raise Malformed(f"{name} must be a whole number.")
    return int(text)
