"""The format of `run.json`: its models, and the JSON Schema that is made of them.

The schema is stored beside this file, in `run.schema.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FORMAT = 1
"""The version of the format. It rises when a reader of the last one would misread a file."""
SHIPPED = Path(__file__).parent / "run.schema.json"


class Described(BaseModel):
    """An object of the file. It has exactly these fields, and a field that isn't known is null."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class PointFormat(Described):
    """An event of the run: which one, of which process, when."""

    event_number: int
    process: str
    """The role of the process, such as “worker”."""
    pid: int
    at_ms: float
    """Milliseconds since the run's lab was requested, as all times."""


class StepFormat(Described):
    """A step: a row of the execution table."""

    step: int
    action: str
    headline: str
    sentence: str
    task: str | None
    """The name of the task that the step is about."""
    task_label: str | None
    """The label of that task on pages, which is unique in the run."""
    status: str
    """The status of that task after the step."""
    result: str
    note: str
    more: str
    event: str
    """The kind of the event that made the step; docs/events.md lists them."""
    event_number: int
    process: str
    process_label: str
    pid: int
    at_ms: float


class ValueFormat(Described):
    """The value of a variable."""

    after_step: int
    """0 is the start, before the first step."""
    value: str


class DeliveryFormat(Described):
    """A time that the queue gave a task to a cluster."""

    delivery: int
    picked: PointFormat | None
    lock_s: float | None
    """For how many seconds the delivery is locked against another one."""
    not_started: PointFormat | None
    """When a worker took it without running the task's function."""


class ExecutionFormat(Described):
    """An execution of a task by a worker."""

    delivery: int | None
    pid: int
    success: bool | None
    begin_ms: float
    end_ms: float | None


class ExecutionOfTaskFormat(ExecutionFormat):
    """An execution, with the name of its task."""

    task: str


class TaskFormat(Described):
    """A task as it was when the run had ended."""

    name: str
    label: str
    id: str
    func: Any
    args: Any
    kwargs: Any
    options: dict[str, Any]
    queued: PointFormat | None
    deliveries: list[DeliveryFormat]
    executions: list[ExecutionFormat]
    acknowledged: PointFormat | None
    status: str
    success: bool | None
    result: str | None
    """The text in its Task row."""


class ProcessFormat(Described):
    """A process of the lab."""

    role: str
    letter: str
    label: str
    pid: int
    first_ms: float
    last_ms: float
    """When its last event was."""
    died_ms: float | None
    died: str | None
    """How it died."""


class MessageFormat(Described):
    """A hand-over between two processes that was seen at both."""

    kind: Literal["queued", "given", "result", "read"]
    task: str
    task_label: str
    delivery: int | None
    sent: PointFormat
    received: PointFormat


class RunFormat(Described):
    """A finished run of Task Tutor."""

    format: Literal[1]
    lesson: str
    """The slug of its lesson."""
    title: str
    """The title of its lesson."""
    version: str | None
    """The version of the lesson that the run has executed: a hash of it."""
    run: str
    """The id in the address of its page, /runs/RUN/."""
    asked_at: str
    """When it was requested, in ISO 8601."""
    knobs: dict[str, Any]
    """The values of the lesson's knobs."""
    interventions: list[dict[str, Any]]
    """What was done to its processes, apart from what the lesson does itself."""
    outcome: str | None
    reason: str
    """Why it has ended otherwise than by itself; empty if it hasn't."""
    steps: list[StepFormat]
    variables: dict[str, list[ValueFormat]]
    """Name of a variable → its value after each step."""
    rows: dict[str, int]
    """Name of a table → how many rows it had at last."""
    tasks: list[TaskFormat]
    executions: list[ExecutionOfTaskFormat]
    """The executions of all tasks, in the order in which they began."""
    processes: list[ProcessFormat]
    messages: list[MessageFormat]
    notices: list[str]
    printed: str
    """What the processes printed."""


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RunFormat.model_json_schema()}


if __name__ == "__main__":
    print(json.dumps(run_schema(), indent=2, ensure_ascii=False))
