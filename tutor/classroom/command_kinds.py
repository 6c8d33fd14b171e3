"""What each kind of command does to a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tutor.pages.typed import one_line
from tutor.runs.models import Run

from .asking import asked_now, chances_here, class_styles
from .class_runs import loss_of, run_again, run_broken, run_for
from .lectures import next_item
from .models import LONGEST_NAME, Question, Ticket, new_secret
from .tickets import questions_for, ticket_of
from .turn import Malformed, Refused, Turn

PACES = {"0.5": 0.5, "1": 1.0, "2": 2.0}
"""What a form sends → steps a second."""
State = Question.State


def begin(turn: Turn) -> None:
    """Show the stage."""
    turn.room.has_begun = True


def go(turn: Turn) -> None:
    """Go to a step. At the one that answers the question it is revealed, and further on it is put away."""
    step = turn.number("step")
    turn.stand_at(step)
    if turn.room.question is None or turn.question.answered_in is None:
        return
    if turn.question.state == State.REVEALED and step > turn.question.answered_in:
        put_away(turn)
    elif step >= turn.question.answered_in:
        set_state(turn.question, State.REVEALED)


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
    if style not in class_styles():
        raise Malformed(f"Unknown style (known: {', '.join(class_styles())}).")
    turn.room.style = style


def ask(turn: Turn) -> None:
    """Ask the class a question, and stand still."""
    question = asked_now(turn.moment.at(turn.step, turn.room.style), turn.detail)
    if question is None:
        raise Refused("That question can’t be asked at this step any more.")
    question.room = turn.room
    question.save()
    turn.detail = {**turn.detail, "text": question.text}
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
    question = turn.question
    if question.answered_in is None:
        raise Refused("The run hasn’t come to the answer yet. It goes on; try again in a moment.")
    set_state(question, State.REVEALED)
    turn.stand_at(question.answered_in)


def put_away(turn: Turn) -> None:
    """Show the question no longer."""
    turn.room.question = None


def count_hands(turn: Turn) -> None:
    """Note how many hands were raised for each option."""
    question = turn.question
    counts = [turn.number(f"hands-{index}") for index in range(len(question.options))]
    question.tally = {**question.tally, str(question.round): [min(count, 999) for count in counts]}
    question.save()


def run_case(turn: Turn) -> None:
    """Run a case of the lesson. The class stands at the same step of it, and sees the run before beside it."""
    room, lesson = turn.room, turn.moment.lesson
    try:
        case = lesson.case(turn.detail.get("case", "")[:100])
    except LookupError as error:
        raise Malformed(str(error)) from error
    turn.detail = {**turn.detail, "title": case.title}
    step, room.beside = turn.step, room.run
    room.question = None
    run_for(room, lesson, case.name, address=turn.address)
    room.step, room.pace, room.since = step, None, None


def break_it(turn: Turn) -> None:
    """Run it once more, with something done to it at this step. The class sees it from there, the old one beside."""
    room, here = turn.room, turn.moment.at(turn.step, turn.room.style)
    chance = next((each for each in chances_here(here) if each.action == turn.detail.get("action")), None)
    if chance is None:
        raise Refused("That can’t be done at this step any more.")
    turn.detail = {**turn.detail, "title": chance.title}
    step, before = here.position, room.run
    run_broken(room, here.lesson, step, chance, address=turn.address)
    room.beside, room.question = before, None
    room.step, room.pace, room.since = step, None, None


def rerun(turn: Turn) -> None:
    """Run it once more with the same inputs, because it was lost with the machine that executed it."""
    if not loss_of(turn.moment.trace):
        raise Refused("This run wasn’t lost. Choose a case to run another one.")
    room, step = turn.room, turn.step
    room.question = None
    run_again(room, turn.moment.lesson, address=turn.address)
    room.step, room.pace, room.since = step, None, None


def invite_runs(turn: Turn) -> None:
    """Let members run the lesson with inputs of their own, or no longer."""
    turn.room.invites_runs = not turn.room.invites_runs


def hand_out_ticket(turn: Turn) -> None:
    """Ask everybody two questions, and what is still unclear."""
    if ticket_of(turn.room) is None:
        Ticket.objects.create(room=turn.room, questions=questions_for(turn.room, turn.moment))
    turn.room.question = None


def go_on_with_lecture(turn: Turn) -> None:
    """Show or ask what the lecture has next."""
    item = next_item(turn.room)
    if item is None:
        raise Refused("The lecture has no more items.")
    turn.detail = item.detail
    turn.room.next_item += 1
    KINDS[item.kind](turn)


def set_word(turn: Turn) -> None:
    """Set the word that members have to enter; without one, none."""
    turn.room.word = one_line(turn.detail.get("word", ""), LONGEST_NAME)


def hand_over(turn: Turn) -> None:
    """Give the class a new secret. The addresses that devices had until now lead nowhere."""
    turn.room.secret = new_secret()


def hide_name(turn: Turn) -> None:
    """Hide the name of a member."""
    turn.room.members.filter(pk=turn.number("member")).update(is_hidden=True)


def end(turn: Turn) -> None:
    """End the class, and open its runs to everybody who has their address."""
    turn.room.ended_at = turn.now
    turn.room.question = None
    Run.objects.filter(seen__room=turn.room).update(closed_until=None)


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
    "break": break_it,
    "rerun": rerun,
    "runs": invite_runs,
    "ticket": hand_out_ticket,
    "item": go_on_with_lecture,
    "word": set_word,
    "seat": hand_over,
    "hide": hide_name,
    "end": end,
}


def set_state(question: Question, state: Question.State) -> None:
    question.state = state
    question.save()
