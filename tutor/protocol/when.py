"""Moments of a run: an event kind, a lane, values of the payload, and the number of the hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

MISSING = object()
"""The value of a field that an event doesn't have."""


def look_up(values: Mapping[str, Any], name: str) -> Any:
    """Return the value at the dotted `name` in nested mappings, or `MISSING`."""
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return MISSING
        found = found[part]
    return found


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a field other than being equal to a value."""

    min: float | None = None
    """The value is a number and at least this."""
    max: float | None = None
    """The value is a number and at most this."""
    is_not: Any = None
    """The field has a value other than this."""
    present: bool | None = None
    """True: the field has a value. False: it has none."""
    optional: bool = False
    """Whether a field without a value meets the condition, too."""

    def holds(self, value: Any) -> bool:
        """Return whether `value`, a value of a payload or `MISSING`, meets the condition."""
        has_value = value is not MISSING and value is not None
        if self.optional and not has_value:
            return True
        if self.present is not None and has_value != self.present:
            return False
        if self.min is not None and not (has_value and value >= self.min):
            return False
        if self.max is not None and not (has_value and value <= self.max):
            return False
        return self.is_not is None or (has_value and value != self.is_not)


@dataclass(frozen=True, slots=True)
class When:
    """A pattern for events of one kind, optionally of one lane and with given values."""

    event: str
    """The kind of event; see `tutor.protocol.events`."""
    lane: str | None = None
    """The role of the process that it comes from; None for any."""
    count: int | None = 1
    """The number of the matching event, from 1; None for every matching event."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """Field (dotted where nested) → its value, or a `Condition`."""

    def matches(self, kind: str, lane: str, payload: Mapping[str, Any]) -> bool:
        """Return whether an event matches, regardless of `count`."""
        if kind != self.event or self.lane not in (None, lane):
            return False
        return all(is_wanted(look_up(payload, name), wanted) for name, wanted in self.where.items())

    def to_json(self) -> dict[str, Any]:
        """Return the moment as plain data. A `Condition` becomes a mapping and can't be read back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the moment that `to_json` returned as `data`."""
        return cls(**data)


def is_wanted(value: Any, wanted: Any) -> bool:
    """Return whether `value` meets `wanted` if that is a `Condition`, or else equals it."""
    return wanted.holds(value) if isinstance(wanted, Condition) else bool(value == wanted)
