"""Cases: inputs of a run, with what must come of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt, StrictStr, WithJsonSchema

from tutor.protocol.actions import ACTIONS

from .part import Id, Name, Number, Part, Scalar, Text
from .parts import Switched
from .patterns import Moment

DEFAULT = "default"
"""The case that is the lesson's own run."""
APART = " | "
"""What stands between the values of a list, as a claim."""


def known_action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(f"there is no action “{name}”; there are {', '.join(ACTIONS)}")
    return name


class Intervention(Switched):
    """Something done to the lab at a named event."""

    at: Moment = Field(description="Where it is done: a worker's, or any process's, event.")
    action: Annotated[
        StrictStr, AfterValidator(known_action), WithJsonSchema({"type": "string", "enum": list(ACTIONS)})
    ] = Field(description="kill, raise in or slow the task; stop the cluster or its whole group; half a minute passes.")
    seconds: Number = Field(0, ge=0, le=10, description="For slow: how much longer, in seconds.")


class Case(Part):
    """Inputs of a run, and what must come of them."""

    name: Id = Field(description="How claims name it; “default” is the lesson's own run.")
    title: Text = Field(description="What it is, in a few words, as the page offers it.")
    knobs: Mapping[Name, Scalar] = Field({}, description="Knob → value, where it is not the default.")
    interventions: tuple[Intervention, ...] = Field((), description="What is done to the lab, beside the lesson's own.")
    outcome: Literal["finished", "failed", "stopped", "lost"] | None = Field(None, description="How the run ends.")
    path: tuple[Id, ...] | None = Field(None, description="The rules of all steps, in order.")
    statuses: tuple[StrictStr, ...] | None = Field(None, description="The statuses of all steps, in order.")
    results: tuple[StrictStr, ...] | None = Field(None, description="The results of all steps, in order.")
    rows: Mapping[Name, StrictInt] = Field({}, description="Table (OrmQ, Task) → rows in the end.")
    executions: StrictInt | None = Field(None, description="Executions of tasks, whether or not their end was seen.")
    times: Mapping[Id, StrictInt] = Field({}, description="Rule → steps that it makes; where the order varies.")
    tracker: Mapping[Name, tuple[StrictStr, ...]] = Field({}, description="Variable → values, the start's first.")
    printed: StrictStr | None = Field(None, description="A part of what is printed.")

    def expectations(self) -> Iterator[tuple[str, str, str]]:
        """(key in the file, target, value) for everything that must come of it."""
        for key in ("path", "statuses", "results"):
            if (values := getattr(self, key)) is not None:
                yield key, key, APART.join(values)
        for key in ("outcome", "executions", "printed"):
            if (value := getattr(self, key)) is not None:
                yield key, key, str(value)
        yield from (("rows", f"rows:{table}", str(count)) for table, count in self.rows.items())
        yield from (("times", f"times@{rule}", str(count)) for rule, count in self.times.items())
        yield from (("tracker", f"tracker:{name}", APART.join(values)) for name, values in self.tracker.items())
