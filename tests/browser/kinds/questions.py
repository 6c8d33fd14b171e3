"""A question of each kind. What they ask has nothing to do with the lesson."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.point import Point
from tutor.quizzes.kinds.question import Option, Question

LONG = "The monitor stores the result, and with it the time at which the worker began"
ORDER = Order(
    id="1",
    text="In which order do these happen?",
    why="A worker can only take what is in the queue.",
    hint="What does the worker need?",
    look="The lanes.",
    items=tuple(map(Option, ("async_task is called", "A worker starts the task", LONG, "The row leaves the queue"))),
    before=frozenset({(0, 1), (1, 2), (1, 3)}),
    reasons=((0, 1, "Only what is in the queue can be started."), (1, 2, "What isn't done has no result.")),
)
CELL = Cell(
    id="2",
    text="How many rows does the table have?",
    why="One for each task.",
    accepted=("2",),
    known=(Option("1", "That was a step earlier.", "attempts-are-executions"),),
    heading="Rows in OrmQ",
)
LINES = Point(
    id="3",
    text="At which line does the caller stand?",
    why="It is called there.",
    targets=(
        Option("program.py:1 · from django_q.tasks import async_task", "That line is over."),
        Option(
            "program.py:4 · report = async_task('shop.tasks.export', 2.6, task_name='report', hook='shop.hooks.done')"
        ),
        Option("tasks.py:12 ·     sleep(seconds)", "The caller never enters a task."),
    ),
    rights=(1,),
    shown="lines",
)
LANES = Point(
    id="4",
    text="Which process runs the function?",
    why="Workers do.",
    targets=tuple(
        Option(text, f"The {text} doesn't.") for text in ("caller", "pusher", "worker A", "worker B", "monitor")
    ),
    rights=(2, 3),
    shown="lanes",
)
NODES = Point(
    id="5",
    text="Where is the task now?",
    why="It is delivered.",
    targets=tuple(map(Option, ("Queue the task", "Deliver: lock = now + retry", "Work", "A success stored already?"))),
    rights=(1,),
    shown="nodes",
)
QUEUED, STARTED, STORED, LEFT = (each.text for each in ORDER.items)
QUESTIONS: Mapping[str, Question] = {each.id: each for each in (ORDER, CELL, LINES, LANES, NODES)}
