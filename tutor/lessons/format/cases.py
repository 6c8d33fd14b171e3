"""Cases: the inputs of a run, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field, StrictInt, StrictStr

from tutor.lessons.claims import Outcome

from .lab_rules import GateRule, InterventionRule
from .toml_table import Id, Name, NonEmptyStr, Scalar, TomlTable

DEFAULT = "default"
"""The name of the case that is the lesson's own run."""
APART = " | "
"""The separator of a list's values in a claim."""


class Case(TomlTable):
    """The inputs of a run, and what is expected of it."""

    name: Id = Field(description="Its name in claims; “default” is the lesson's own run.")
    title: NonEmptyStr = Field(description="Its title on the page, in a few words.")
    knobs: Mapping[Name, Scalar] = Field({}, description="Knob → value, for knobs that differ from their default.")
    interventions: tuple[InterventionRule, ...] = Field(
        (), description="Interventions in addition to the lesson's own."
    )
    gates: tuple[GateRule, ...] = Field((), description="Gates in addition to the lesson's own.")
    outcome: Outcome | None = Field(None, description="How the run ends.")
    path: tuple[Id, ...] | None = Field(None, description="The rules of all steps, in order.")
    statuses: tuple[StrictStr, ...] | None = Field(None, description="The statuses of all steps, in order.")
    results: tuple[StrictStr, ...] | None = Field(None, description="The results of all steps, in order.")
    rows: Mapping[Name, StrictInt] = Field(
        {}, description="Table (OrmQ, Task, an own model) → number of rows at the end."
    )
    executions: StrictInt | None = Field(None, description="Number of executions of tasks, finished or not.")
    times: Mapping[Id, StrictInt] = Field({}, description="Rule → number of its steps; for runs whose order varies.")
    tracker: Mapping[Name, tuple[StrictStr, ...]] = Field({}, description="Variable → its values, from the start on.")
    printed: StrictStr | None = Field(None, description="A part of the printed text.")

    @property
    def lab_rules(self) -> tuple[InterventionRule | GateRule, ...]:
        """Its interventions and gates."""
        return (*self.interventions, *self.gates)

    def expectations(self) -> Iterator[tuple[str, str, str]]:
        """Yield the expectations as (key in the file, target of a claim, value)."""
        for key in ("path", "statuses", "results"):
            if (values := getattr(self, key)) is not None:
                yield key, key, APART.join(values)
        for key in ("outcome", "executions", "printed"):
            if (value := getattr(self, key)) is not None:
                yield key, key, str(value)
        yield from (("rows", f"rows:{table}", str(count)) for table, count in self.rows.items())
        yield from (("times", f"times@{rule}", str(count)) for rule, count in self.times.items())
        yield from (("tracker", f"tracker:{name}", APART.join(values)) for name, values in self.tracker.items())
