"""The code walk: where the processes stand at a step, and at the lines between two steps."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html import unescape

from tests.trace.events import MadeUpEvent, asked, event, lesson, trace_of
from tests.trace.life import by, finished, gate, line, picked, program_ended, queued, started
from tutor.lessons.lesson import Lesson
from tutor.protocol.limits import FULL_HITS
from tutor.runs.models import Run
from tutor.styles.code import PANES, context
from tutor.styles.moment import Moment, without_run
from tutor.styles.position import Position, position_of
from tutor.styles.rendering import stage
from tutor.trace.model import Trace

RUN = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs=lesson().defaults)
TASKS = "def charge(n):\n    total = n\n    return total\n"
ENDED = event("ended", "host", outcome="finished", reason="")


def lesson_with_tasks() -> Lesson:
    return replace(lesson(), files={"shop/tasks.py": TASKS})


def at(to: int | None, ran: int | None, task: str = "t1", **names: str) -> MadeUpEvent:
    return line(to, ran, "worker", file="shop/tasks.py", function="charge", task=task, locals=names)


EVENTS = [
    line(1, None),
    line(4, 1),
    queued(),
    line(7, 4, locals={"task": "'t1'"}),
    picked(),
    started(),
    at(2, None, n="5"),
    at(3, 2, n="5", total="5"),
    at(None, 3, n="5", total="5"),
    finished(),
    line(None, 7, locals={"task": "'t1'", "result": "5"}),
    program_ended(task="'t1'"),
    ENDED,
]


def moment(trace: Trace, step: int, line: int = 0) -> Moment:
    there = Moment(lesson_with_tasks(), RUN, trace, trace.number, step, style="code")
    return there.at_line(line) if line else there


def run() -> Trace:
    return trace_of([asked(), *EVENTS], lesson_with_tasks())


def text(there: Moment) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", stage(there)).split()))


def test_a_step_shows_each_process_with_its_line() -> None:
    trace = run()
    shown = context(moment(trace, trace.step_at(9)))
    assert [(pane.label, pane.visit.frame.file, pane.visit.frame.line) for pane in shown["panes"]] == [
        ("caller", "program.py", 7),
    ]
    later = context(moment(trace, 0, line=9))
    assert [(pane.label, pane.visit.frame.line) for pane in later["panes"]] == [("caller", 7), ("worker A", 3)]


def test_a_line_between_two_steps_is_told_in_a_sentence() -> None:
    trace = run()
    assert "Worker A is about to run line 3 of shop/tasks.py." in text(moment(trace, 0, line=9))
    assert "Worker A has left charge() in shop/tasks.py, after line 3." in text(moment(trace, 0, line=10))
    assert "The caller has reached the end of program.py, after line 7." in text(moment(trace, 0, line=12))
    assert "2nd line after step 2" in text(moment(trace, 0, line=9))
    assert "2nd line before the first step" in text(moment(trace, 0, line=3))


def test_a_walk_by_line_goes_to_every_line_and_back() -> None:
    trace = run()
    there, seen = moment(trace, 0), []
    while following := there.next_line:
        there = there.at_line(following.number)
        seen.append(there.event_number)
    numbers = [frame.number for frame in trace.code.frames]
    assert seen == numbers
    back = []
    while before := trace.code.before(there.event_number):
        there = there.at_line(before.number)
        back.append(there.event_number)
    assert back == numbers[-2::-1]


def test_the_lines_of_a_run_that_goes_on_end_at_its_last_step() -> None:
    trace = trace_of([asked(), *EVENTS[:-1]], lesson_with_tasks())
    assert moment(trace, len(trace.steps)).next_line is None


def test_an_event_has_the_position_that_shows_it() -> None:
    trace = run()
    assert position_of(trace, 4) == Position(1)
    assert position_of(trace, 9) == Position(2, line=9)
    assert position_of(trace, 2) == Position(0, line=2)
    assert position_of(trace, 6).line == 0
    assert position_of(trace, 6, latest=6) == Position(1)
    assert Position(2, 9).address == "2&line=9"


def test_the_line_of_an_address_decides_the_step() -> None:
    there = moment(run(), 1, line=9)
    assert (there.position, there.line) == (2, 9)
    nearest = moment(run(), 1, line=6)
    assert nearest.event_number == 5
    assert moment(run(), 1, line=1).line == 0


def test_nothing_of_later_events_is_shown() -> None:
    whole = run()
    for number in (frame.number for frame in whole.code.frames):
        so_far = replace(trace_of([asked(), *EVENTS[: number - 1]], lesson_with_tasks()), ended=whole.ended)
        alone = replace(moment(so_far, 0, line=number), number=-number)  # Not the key of the whole run's part.
        assert without_next(stage(moment(whole, 0, line=number))) == without_next(stage(alone))


def without_next(html: str) -> str:
    """Return a stage without the link to the next line, which only the whole run has."""
    html = re.sub(r' data-next-line="[^"]*"', "", html)
    return re.sub(r'<a class="button" id="next-line"[^>]*>', "", html)


def test_without_a_run_the_files_are_shown() -> None:
    shown = text(without_run(lesson_with_tasks(), "code"))
    assert "Run the lesson, and see where each process stands in these files." in shown
    assert "def charge(n):" in shown
    assert "Next line" not in shown


def test_a_process_that_has_left_is_named_with_how() -> None:
    trace = run()
    shown = context(moment(trace, 0, line=12))
    assert [(each.label, each.text) for each in shown["elsewhere"]] == [
        ("worker A", "left shop/tasks.py after line 3: the function has ended"),
    ]


def test_a_task_whose_function_is_not_in_the_files_is_named() -> None:
    trace = trace_of([asked(), line(1, None), queued(), picked(), started(), queued("t2")])
    there = Moment(lesson(), RUN, trace, trace.number, len(trace.steps), style="code")
    (other,) = context(there)["elsewhere"]
    assert other.text == "executes charge: shop.tasks.charge isn't in the lesson's files"


def test_a_process_that_has_just_got_a_task_is_about_to_enter_its_file() -> None:
    delivered = [asked(), line(1, None), queued(), picked(), started()]
    trace = trace_of(delivered, lesson_with_tasks())
    there = moment(trace, len(trace.steps))
    (other,) = context(there)["elsewhere"]
    assert other.text == "executes charge, and is about to enter shop/tasks.py"
    assert "Worker A is about to enter shop/tasks.py." in text(there)


def test_a_process_that_has_run_a_line_many_times_may_be_at_lines_that_are_not_recorded() -> None:
    often = [at(2, None), replace(at(None, 2), payload={**at(None, 2).payload, "hits": FULL_HITS}), finished()]
    again = [queued("t2"), picked("t2"), started("t2")]
    delivered = [asked(), line(1, None), queued(), picked(), started()]
    trace = trace_of([*delivered, *often, *again], lesson_with_tasks())
    there = moment(trace, len(trace.steps))
    (other,) = context(there)["elsewhere"]
    assert other.text == "executes charge #2; a line that a process runs more than 16 times isn't recorded each time"


def test_of_many_processes_those_that_moved_last_have_panes() -> None:
    trace = trace_of([asked(), line(1, None), *(by(pid, at(2, None)) for pid in range(80, 90))], lesson_with_tasks())
    shown = context(moment(replace(trace, ended=run().ended), 0, line=12))
    assert [pane.visit.pid for pane in shown["panes"]][1:] == [87, 88, 89]
    assert len(shown["panes"]) == PANES
    assert len(shown["elsewhere"]) == 7


@cache
def long_trace() -> Trace:
    """Return the trace of a run of 4,000 lines, in which each of 20 processes has the most variables in its frames."""
    names = {f"name_{n}": "<" * 2000 for n in range(30)}
    lines = [
        by(80 + n % 20, at(2 + n // 20 % 2, 2 + (n // 20 + 1) % 2 if n >= 20 else None, n=str(n), **names))
        for n in range(3990)
    ]
    return trace_of([asked(), line(1, None), queued(), *lines, ENDED], lesson_with_tasks())


def test_a_line_of_a_long_run_is_bounded() -> None:
    trace = long_trace()
    assert len(stage(moment(trace, 0, line=trace.number - 1)).encode()) < 200_000


def test_a_step_of_a_process_that_runs_no_file_of_the_lesson_says_so() -> None:
    monitor = event(
        "stored", "monitor", task="t1", name="one", func="math.copysign", success=True, result="-1.0", attempt_count=1
    )
    trace = trace_of([asked(), *EVENTS[:-1], monitor, ENDED], lesson_with_tasks())
    said = "The monitor runs none of the lesson’s files."
    told = {step.process: said in text(moment(trace, step.number)) for step in trace.steps}
    assert told["monitor"]
    assert not told["caller"]


LOOP = "def charge(n):\n    for each in range(n):\n        total = each\n    return total\n"


def looping(rounds: int) -> Moment:
    """Return the moment in the middle of the last of so many rounds, of which a lab sends the first ones."""
    of = replace(lesson(), files={"shop/tasks.py": LOOP})
    hits = range(1, min(rounds, FULL_HITS) + 1)
    lines = [each for n in hits for each in (in_loop(2, 3 if n > 1 else None, n), in_loop(3, 2, n))]
    trace = trace_of([asked(), line(1, None), queued(), picked(), started(), *lines, ENDED], of)
    return Moment(of, RUN, trace, trace.number, 0, style="code").at_line(trace.number - 1)


def in_loop(to: int, ran: int | None, hits: int) -> MadeUpEvent:
    return line(to, ran, "worker", file="shop/tasks.py", function="charge", task="t1", hits=hits, locals={})


def test_a_loop_says_how_many_rounds_it_made_and_that_there_may_be_more_than_were_recorded() -> None:
    few, many = text(looping(3)), text(looping(40))
    assert "Loop of line 2: 3 rounds so far" in few
    assert "not each time is recorded" not in few
    assert f"Loop of line 2: {FULL_HITS} rounds so far" in many.replace(" or more", "")
    assert "The last recorded ones:" in many


def test_what_the_looks_of_lines_mean_is_said_where_there_are_such_lines() -> None:
    first, later = text(moment(run(), 0, line=2)), text(moment(run(), 0, line=9))
    assert "a process stands here" in first
    assert "has run this line" not in first
    assert "the process of the card has run this line" in later


def test_a_process_that_waits_at_a_gate_says_so() -> None:
    reached, passed = gate("caller")
    events = [line(1, None), line(4, 1), queued(), line(7, 4), reached, picked(), started(), passed, line(None, 7)]
    trace = trace_of([asked(), *events, program_ended(), ENDED], lesson_with_tasks())
    running = next(each for each in trace.steps if each.event == "started")
    assert "waits at a gate in line 7 for" in text(moment(trace, running.number))
    left = moment(trace, running.number, running.event_number + 2)
    assert "waits at a gate" not in text(left)
