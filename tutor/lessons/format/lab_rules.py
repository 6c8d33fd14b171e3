"""The rules for a lesson's labs: where processes wait for each other, and what is done to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StrictStr, WithJsonSchema, model_validator

from tutor.lessons.errors import unknown
from tutor.protocol.actions import ACTIONS
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention

from .patterns import Occurrence
from .toml_table import Id, NonEmptyStr, Number, TomlTable


class LabRule(TomlTable):
    """Something that holds for every run of the lesson, or only where a switch knob is on, or off."""

    when: NonEmptyStr | None = Field(
        None, description="A switch knob that must be on, or “not” and one that must be off."
    )

    @property
    def switch(self) -> tuple[str, bool] | None:
        """The knob and the value that it has to have; None for a rule that always holds."""
        return (self.when.removeprefix("not ").strip(), not self.when.startswith("not ")) if self.when else None

    def holds_for(self, values: Mapping[str, Any]) -> bool:
        """Return whether the rule holds for a run with these knob values."""
        return self.switch is None or values[self.switch[0]] is self.switch[1]


class GateRule(LabRule):
    """A point where a process of the lab waits, for milliseconds, for another one's event."""

    name: Id = Field(description="How events name it.")
    at: Occurrence = Field(description="Where a process waits.")
    until: Occurrence = Field(description="What it waits for.")
    bound_s: Number = Field(5, gt=0, le=30, description="Seconds after which the run ends instead.")
    says: NonEmptyStr = Field(description="A sentence for the page: who waits, and why.")

    @property
    def gate(self) -> Gate:
        """The gate as labs know it."""
        return Gate(self.name, self.at.when, self.until.when, self.bound_s)


def known_action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(unknown("action", name, ACTIONS))
    return name


class InterventionRule(LabRule):
    """Something done to the lab at a named event."""

    at: Occurrence = Field(description="Where it is done: a worker's, or any process's, event.")
    action: Annotated[
        StrictStr, AfterValidator(known_action), WithJsonSchema({"type": "string", "enum": list(ACTIONS)})
    ] = Field(description="kill, raise in or slow the task; stop the cluster or its whole group; half a minute passes.")
    seconds: Number = Field(0, ge=0, le=10, description="For slow: how much longer, in seconds.")

    @model_validator(mode="after")
    def can_be_done(self) -> Self:
        """Raise ValueError for an action that can't be done at this event."""
        _ = self.intervention
        return self

    @property
    def intervention(self) -> Intervention:
        """The intervention as labs know it."""
        return Intervention(at=self.at.when, action=self.action, seconds=self.seconds)
