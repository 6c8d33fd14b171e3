"""What the executions of a run have printed: how often a line, and all lines in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Execution, Print, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .repeats import has_no_totals
from .wording import code, listed, times

LONGEST = 40
"""The maximum length of a line in a question, in characters."""
MOST_LINES = 5
HINT = "Each execution prints its own lines, even if another one has printed the same."


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask how often each line is printed, and for all of them where executions print them in turn."""
    prints = [each for each in trace.histories.prints if is_short(each)]
    if has_no_totals(trace) or len(prints) < len(trace.histories.prints):
        return
    counts = Counter(each.text.strip() for each in prints)
    for text, count in counts.items():
        same = [each for each in prints if each.text.strip() == text]
        if count > 1 and all(each.point.lane == Lane.MONITOR for each in same):
            yield from count_of(text, count, of_hook(count, trace), case, trace, HOOK_HINT)
        elif count > 1 and all(execution_of(each, trace) for each in same):
            yield from count_of(text, count, of_executions(same, trace), case, trace, HINT)
    if 2 <= len(prints) <= MOST_LINES and len(counts) > 1:
        yield from whole_output(prints, case, trace)


HOOK_HINT = "A hook is called at every save of its task's row."
Reasons = tuple[str, list[Option]]
"""Why a number is right, and the others."""


def is_short(each: Print) -> bool:
    text = each.text.strip()
    return bool(text) and "\n" not in text and len(text) <= LONGEST


def execution_of(each: Print, trace: Trace) -> Execution | None:
    """Return the execution that has printed a line; None for a line of another origin."""
    begun = [one for one in trace.executions if one.started.pid == each.point.pid]
    inside = [one for one in begun if one.started.number < each.point.number]
    last = inside[-1] if inside else None
    return last if last and not (last.ended and last.ended.number < each.point.number) else None


def of_hook(count: int, trace: Trace) -> Reasons:
    wrong = [
        Option("1", "Its hook is called at more than one save.", "hooks-run-once"),
        Option(str(len(trace.executions)), "That is the number of executions. Saves are what counts."),
    ]
    return f"Each save of the row calls the hook: {times(count)} here.", wrong


def of_executions(prints: Sequence[Print], trace: Trace) -> Reasons:
    executions = [each for each in (execution_of(one, trace) for one in prints) if each]
    by_task = Counter(each.task for each in executions)
    tasks = [trace.histories.tasks[each] for each in by_task]
    names = listed([code(each) for each in dict.fromkeys(each.label.partition(" #")[0] for each in tasks)])
    wrong = [Option("1", "Each execution prints it again.", "exactly-once")]
    if len(tasks) > 1 and all(each.queued and each.queued.lane == Lane.MONITOR for each in tasks):
        why = f"The monitor queues {names} again at each execution of the link before, failed or not."
        wrong = [
            Option("1", "Each execution of the link before queued it again.", "exactly-once"),
            Option("0", "The monitor doesn't look whether the link before has succeeded.", "chains-depend"),
        ]
    elif len(tasks) == 1 and len(tasks[0].executions) == len(prints):
        why = f"{names} is executed {times(len(prints))}, and prints it each time{end_of(tasks[0])}."
    else:
        why = f"Each execution of {names} that comes to this line prints it."
    others = len(trace.executions)
    wrong.append(Option(str(others), f"That is how often tasks are executed in all: {times(others)}."))
    return why, wrong


def end_of(task: TaskHistory) -> str:
    """Return that an execution was cut off, if one was."""
    return ", even where its worker dies after that" if any(is_dead(each) for each in task.executions) else ""


def is_dead(execution: Execution) -> bool:
    return bool(execution.ended and not execution.finished)


def count_of(text: str, count: int, reasons: Reasons, case: Case, trace: Trace, hint: str) -> Iterator[Question]:
    why, wrong = reasons
    fact = Fact(
        id=id_of("printed", "count", text),
        text=f"How many times is “{text}” printed in the whole run?",
        key=str(count),
        why=why,
        hint=hint,
        look="Look at the output at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "printed"),
    )
    yield from fact.cell(wrong, "Times")


def whole_output(prints: Sequence[Print], case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for all lines, if they are those of several executions of one task."""
    executions = {found.started.number: found for each in prints if (found := execution_of(each, trace))}
    by_execution: dict[int, list[str]] = {number: [] for number in executions}
    for each in prints:
        if execution := execution_of(each, trace):
            by_execution[execution.started.number].append(each.text.strip())
    printed = [each for lines in by_execution.values() for each in lines]
    if len(executions) < 2 or len(printed) < len(prints) or len({each.task for each in executions.values()}) > 1:
        return
    apart = all(one.ended and one.ended.number < other.started.number for one, other in pairwise(executions.values()))
    fact = Fact(
        id=id_of("printed", "all"),
        text="What stands in the output at the end of the run, from top to bottom?",
        key=quoted([each.text.strip() for each in prints]),
        why="One execution is over before the next one begins, and each prints for itself."
        if apart
        else "The executions go on at the same time, and each prints when it comes to that line.",
        hint=HINT,
        look="Look at the output at the last step.",
        step=trace.steps[-1].number if trace.steps else None,
        claim=claim_of(case, "printed"),
    )
    yield from fact.choice(other_outputs(by_execution, apart=apart))


def other_outputs(by_execution: Mapping[int, Sequence[str]], *, apart: bool) -> Iterator[Option]:
    lines = list(by_execution.values())
    printed = [each for one in lines for each in one]
    yield Option(quoted(lines[0]), "It is executed again, and prints again.", "exactly-once")
    if apart:
        together = sorted(printed, key=printed.index)
        yield Option(quoted(together), "The executions don't go on at the same time.", "enqueued-is-started")
    else:
        yield Option(quoted(printed), "The second execution doesn't wait for the first.", "retry-after-failure")
    if any(each != lines[0] for each in lines):
        yield Option(quoted([*lines[0]] * len(lines)), "A later execution finds something else, and says so.")
    else:
        yield Option(quoted([*lines[0], lines[0][0]]), "The second execution comes to its end, too.")


def quoted(lines: Sequence[str]) -> str:
    return ", ".join(f"“{each}”" for each in lines)
