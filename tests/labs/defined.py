"""Whether observations are as `tutor.protocol.events` defines them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tutor.protocol.event_fields import ADDED_FIELDS, OF_CLUSTER, SNAPSHOT, TABLE, Fields, FieldType
from tutor.protocol.events import KINDS
from tutor.protocol.observation import Observation

SCALARS = {"text": str, "number": (int, float), "yes or no": bool, "list": list}


def undefined(observations: Iterable[Observation]) -> list[str]:
    """Return what isn't as it is defined: "kind.field: value" or "kind comes from lane", each once."""
    return sorted({mistake for each in observations for mistake in mistakes(each)})


def mistakes(seen: Observation) -> Iterator[str]:
    kind = KINDS[seen.kind]
    if seen.lane not in kind.lanes:
        yield f"{seen.kind} comes from {seen.lane}"
    for name, value in wrong(seen.payload, {**kind.fields, **ADDED_FIELDS, **OF_CLUSTER, **SNAPSHOT}):
        yield f"{seen.kind}.{name}: {value!r}"


def wrong(payload: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, Any]]:
    """The fields of `payload`, with their values, that aren't in `fields` or are of another type."""
    for name, value in payload.items():
        if name not in fields or not is_of_type(value, fields[name]):
            yield name, value


def is_of_type(value: Any, expected: FieldType) -> bool:
    if value is None:
        return True
    if isinstance(expected, Mapping):
        return isinstance(value, dict) and not list(wrong(value, expected))
    if expected == "tables":
        return isinstance(value, dict) and all(is_of_type(each, TABLE) for each in value.values())
    if expected == "names":
        return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    return isinstance(value, SCALARS[expected]) and isinstance(value, bool) == (expected == "yes or no")
