"""The rules for a lesson's labs: gates and interventions."""

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
    """A rule for every run of the lesson, or only for runs with a switch knob on or off."""

    when: NonEmptyStr | None = Field(
        None, description="A switch knob that must be on; with “not ” before it, a switch knob that must be off."
    )

    @property
    def switch(self) -> tuple[str, bool] | None:
        """The knob and its required value; None for a rule that always holds."""
        return (self.when.removeprefix("not ").strip(), not self.when.startswith("not ")) if self.when else None

    def holds_for(self, values: Mapping[str, Any]) -> bool:
        """Return whether the rule holds for a run with these knob values."""
        return self.switch is None or values[self.switch[0]] is self.switch[1]


class GateRule(LabRule):
    """A point at which a process of the lab waits, usually for milliseconds, for an event of another process."""

    name: Id = Field(description="Its name in events.")
    at: Occurrence = Field(description="The event at which a process waits.")
    until: Occurrence = Field(description="The event that it waits for.")
    bound_s: Number = Field(5, gt=0, le=30, description="The longest wait in seconds; after it, the run ends.")
    says: NonEmptyStr = Field(description="A sentence for the page: which process waits, and why.")

    @model_validator(mode="after")
    def can_be_reached(self) -> Self:
        """Raise ValueError for a gate at an event at which no process can wait."""
        _ = self.gate
        return self

    @property
    def gate(self) -> Gate:
        """The gate in the form that labs use."""
        return Gate(self.name, self.at.when, self.until.when, self.bound_s)


def known_action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(unknown("action", name, ACTIONS))
    return name


class InterventionRule(LabRule):
    """An action in the lab at an event."""

    at: Occurrence = Field(description="The event at which it happens.")
    action: Annotated[
        StrictStr, AfterValidator(known_action), WithJsonSchema({"type": "string", "enum": list(ACTIONS)})
    ] = Field(
        description="kill, raise and slow: the task; skip-gate: a gate; kill-caller: the program; stop and stop-group:"
        " the cluster; half-minute: the clock."
    )
    seconds: Number = Field(0, ge=0, le=10, description="For slow: the additional seconds.")

    @model_validator(mode="after")
    def can_be_done(self) -> Self:
        """Raise ValueError for an action that can't be done at this event."""
        _ = self.intervention
        return self

    @property
    def intervention(self) -> Intervention:
        """The intervention in the form that labs use."""
        return Intervention(at=self.at.when, action=self.action, seconds=self.seconds)
