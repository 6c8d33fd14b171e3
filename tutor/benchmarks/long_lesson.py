"""A lesson whose run has many steps, for benchmarks of walks. It asks no question."""

from __future__ import annotations

from pathlib import Path

from tutor.protocol.limits import FULL_HITS

SLUG = "many-steps"
TASKS = 40
LESSON = """
title = "Many steps"
category = "Benchmarks"
kind = "benchmark"
minutes = 1
order = 900
summary = "Many tasks, each of which is queued, started and stored."
knob_summary = ""
closing = "All are stored."
closing_after = "idle"
truth = "Each row was observed."
[program]
app = "doubling"
[flow]
caption = "What happens to each task."
nodes = [
    { id = "queue", label = "Queue it", shape = "terminal", at = [0, 0] },
    { id = "run", label = "Run it", at = [1, 0] },
    { id = "store", label = "Store its result", shape = "terminal", at = [2, 0] },
]
edges = [{ from = "queue", to = "run" }, { from = "run", to = "store" }]
[[variables]]
name = "task_status"
kind = "derived"
[[steps]]
id = "queued"
on = { event = "queued" }
short = "Queued"
action = "A task is queued"
note = "It waits for a worker."
say = "The program queued {task.label}."
node = "queue"
set = { task_status = "Pending" }
[[steps]]
id = "started"
on = { event = "started" }
short = "Running"
action = "A task starts"
note = "A worker has entered its function."
say = "A worker started {task.label}."
node = "run"
set = { task_status = "Running" }
[[steps]]
id = "stored"
on = { event = "stored" }
short = "Stored"
action = "A result is stored"
note = "The monitor has added a row."
say = "The monitor stored the result of {task.label}."
node = "store"
set = { task_status = "Success" }
[[steps]]
id = "idle"
on = { event = "idle" }
short = "Idle"
action = "No new tasks"
note = "Nothing is left in the queue."
say = "Nothing is left in the queue."
"""
LINE = """
[[steps]]
id = "line"
on = { event = "line", file = "doubling/tasks.py" }
short = "Line"
action = "Line {event.ran} has run"
note = "A worker executes the function."
say = "In {who}, line {event.ran} has run."
node = "run"
"""
PROGRAM = """
from django_q.tasks import async_task

for number in range({tasks}):
    async_task('doubling.tasks.double', number, task_name=f'number {{number}}')
"""
TASKS_FILE = """
def double(number):
{lines}
    return 2 * number
"""
WAITING_TASKS_FILE = """
import time

def double(number):
    time.sleep({seconds})
    return 2 * number
"""
SETTINGS = f"""
[Q_CLUSTER]
workers = 2
timeout = 5
retry = 60
recycle = {FULL_HITS - 1}
"""
"""A worker is replaced before it has run a line so often that not every time is an event."""


def write_long_lesson(folder: Path, tasks: int = TASKS, lines: int = 0, seconds: float = 0) -> None:
    """Write the files of the lesson into a new folder in `folder`.

    Its tasks have three steps each. With `seconds` they wait for so long, or else with `lines` they execute that many
    more lines, and each line is a step.
    """
    executed = "\n".join(f"    line = {each}" for each in range(lines))
    lesson = folder / SLUG
    lesson.mkdir(parents=True)
    files = {
        "lesson.toml": LESSON + (LINE if lines else ""),
        "program.py": PROGRAM.format(tasks=tasks),
        "tasks.py": (WAITING_TASKS_FILE if seconds else TASKS_FILE).format(seconds=seconds, lines=executed),
        "settings.toml": SETTINGS,
    }
    for name, text in files.items():
        (lesson / name).write_text(text.lstrip())
