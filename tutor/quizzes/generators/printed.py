"""What the processes of a run have printed: how often a line, and all lines in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Print
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .wording import times

LONGEST = 40
"""The maximum length of a line in a question, in characters."""
MOST_LINES = 5
HINT = "Each execution prints for itself, whoever has printed the same before."


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask how often each line is printed, and for all of them if they are few."""
    prints = [each for each in trace.histories.prints if is_short(each)]
    if not trace.ended or len(prints) < len(trace.histories.prints):
        return
    counts = Counter(each.text.strip() for each in prints)
    for text, count in counts.items():
        if count > 1:
            yield from count_of(text, count, [each for each in prints if each.text.strip() == text], case, trace)
    if 2 <= len(prints) <= MOST_LINES:
        yield from whole_output(prints, case, trace)


def is_short(each: Print) -> bool:
    text = each.text.strip()
    return bool(text) and "\n" not in text and len(text) <= LONGEST


def count_of(text: str, count: int, prints: Sequence[Print], case: Case, trace: Trace) -> Iterator[Question]:
    by_hook = any(each.point.lane == Lane.MONITOR for each in prints)
    fact = Fact(
        id=id_of("printed", "count", text),
        text=f"How many times is “{text}” printed in the whole run?",
        key=str(count),
        why=f"{'Each save of the row calls the hook' if by_hook else 'Each execution at that line prints it'}:"
        f" {times(count)} here.",
        hint="A hook is called at every save of its task's row." if by_hook else HINT,
        look="Look at the output at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "printed"),
    )
    once = Option(
        "1",
        "Its hook is called at more than one save." if by_hook else "It is executed more than once.",
        "hooks-run-once" if by_hook else "exactly-once",
    )
    executions = str(len(trace.executions))
    wrong = [
        once,
        Option(executions, "That is the number of executions.", "attempts-are-executions" if count > 1 else ""),
        Option(str(count + 1), f"It is printed {times(count)} only."),
    ]
    yield from fact.cell(wrong, "Times")


def whole_output(prints: Sequence[Print], case: Case, trace: Trace) -> Iterator[Question]:
    lines = [each.text.strip() for each in prints]
    by_process = sorted(prints, key=lambda each: first_of(each, prints))
    fact = Fact(
        id=id_of("printed", "all"),
        text="What stands in the output at the end of the run, from top to bottom?",
        key=quoted(lines),
        why="Each process prints when it comes to that line; nothing sorts the output by task.",
        hint=HINT,
        look="Look at the output at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "printed"),
    )
    wrong = [
        Option(
            quoted(list(dict.fromkeys(lines))),
            "Some of it is printed again, by another execution.",
            "exactly-once",
        ),
        Option(
            quoted([each.text.strip() for each in by_process]),
            "The processes take turns: none waits for another one to be done.",
            "first-in-first-out" if len({each.point.pid for each in prints}) > 1 else "",
        ),
        Option(quoted(lines[::-1]), "The output begins with what is printed first."),
        Option(quoted(lines[:-1]), "There is one more line."),
    ]
    yield from fact.choice(wrong)


def first_of(each: Print, prints: Sequence[Print]) -> int:
    """Return the index of the first line that the same process has printed."""
    return next(index for index, other in enumerate(prints) if other.point.pid == each.point.pid)


def quoted(lines: Sequence[str]) -> str:
    return ", ".join(f"“{each}”" for each in lines)
