"""Cases: the inputs of a run, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field, StrictInt, StrictStr

from tutor.lessons.claims import Outcome

from .lab_rules import InterventionRule
from .toml_table import Id, Name, NonEmptyStr, Scalar, TomlTable

DEFAULT = "default"
"""The name of the case that is the lesson's own run."""
APART = " | "
"""Separates the values of a list where a claim has them as one text."""


class Case(TomlTable):
    """The inputs of a run, and what is expected of it."""

    name: Id = Field(description="How claims name it; “default” is the lesson's own run.")
    title: NonEmptyStr = Field(description="What it is, in a few words, as the page offers it.")
    knobs: Mapping[Name, Scalar] = Field({}, description="Knob → value, where it is not the default.")
    interventions: tuple[InterventionRule, ...] = Field(
        (), description="What is done to the lab, beside the lesson's own."
    )
    outcome: Outcome | None = Field(None, description="How the run ends.")
    path: tuple[Id, ...] | None = Field(None, description="The rules of all steps, in order.")
    statuses: tuple[StrictStr, ...] | None = Field(None, description="The statuses of all steps, in order.")
    results: tuple[StrictStr, ...] | None = Field(None, description="The results of all steps, in order.")
    rows: Mapping[Name, StrictInt] = Field({}, description="Table (OrmQ, Task) → rows in the end.")
    executions: StrictInt | None = Field(None, description="Executions of tasks, whether or not their end was seen.")
    times: Mapping[Id, StrictInt] = Field({}, description="Rule → steps that it makes; where the order varies.")
    tracker: Mapping[Name, tuple[StrictStr, ...]] = Field({}, description="Variable → values, the start's first.")
    printed: StrictStr | None = Field(None, description="A part of what is printed.")

    def expectations(self) -> Iterator[tuple[str, str, str]]:
        """Yield what is expected of the run as (key in the file, target of a claim, value)."""
        for key in ("path", "statuses", "results"):
            if (values := getattr(self, key)) is not None:
                yield key, key, APART.join(values)
        for key in ("outcome", "executions", "printed"):
            if (value := getattr(self, key)) is not None:
                yield key, key, str(value)
        yield from (("rows", f"rows:{table}", str(count)) for table, count in self.rows.items())
        yield from (("times", f"times@{rule}", str(count)) for rule, count in self.times.items())
        yield from (("tracker", f"tracker:{name}", APART.join(values)) for name, values in self.tracker.items())
