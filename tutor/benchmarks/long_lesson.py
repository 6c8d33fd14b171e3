"""A lesson whose run has many steps, for benchmarks of walks. It asks no question."""

from __future__ import annotations

from pathlib import Path

SLUG = "many-steps"
TASKS = 40
"""Each has three steps."""
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
PROGRAM = f"""
from django_q.tasks import async_task

for number in range({TASKS}):
    async_task('doubling.tasks.double', number, task_name=f'number {{number}}')
"""
TASKS_FILE = """
def double(number):
    return 2 * number
"""
SETTINGS = """
[Q_CLUSTER]
workers = 2
timeout = 5
retry = 60
"""


def write_long_lesson(folder: Path) -> None:
    """Write the files of the lesson into a new folder in `folder`."""
    lesson = folder / SLUG
    lesson.mkdir(parents=True)
    files = {"lesson.toml": LESSON, "program.py": PROGRAM, "tasks.py": TASKS_FILE, "settings.toml": SETTINGS}
    for name, text in files.items():
        (lesson / name).write_text(text.lstrip())
