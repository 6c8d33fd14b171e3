"""Models built from stored values, without the checks for authors.

A stored lesson passed the checks of its day. Later checks must not make it unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from .toml_table import TomlTable

Table = TypeVar("Table", bound=TomlTable)


def table_of(model: type[Table], values: Mapping[str, Any]) -> Table:
    """Return a `model` with `values` as its fields, as `model_dump(mode="json")` returns them.

    A missing field gets its default. Raise ValueError for an unknown field, and for a missing one without a default.
    """
    fields = model.model_fields
    if unknown := values.keys() - fields:
        raise ValueError(f"unknown fields of {model.__name__}: {', '.join(sorted(unknown))}")
    if missing := {name for name, field in fields.items() if field.is_required()} - values.keys():
        raise ValueError(f"missing fields of {model.__name__}: {', '.join(sorted(missing))}")
    built = {name: value_of(fields[name].annotation, value) for name, value in values.items()}
    return cast(Table, model.model_construct(**built))


def value_of(annotation: Any, value: Any) -> Any:
    """Return `value`, read from JSON, with the tables and tuples that `annotation` says."""
    for each in alternatives(annotation):
        kind = get_origin(each) or each
        if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, TomlTable):
            return table_of(kind, value)
        if isinstance(value, dict) and kind is Mapping:
            return {key: value_of(get_args(each)[1], item) for key, item in value.items()}
        if isinstance(value, list) and kind is tuple:
            return tuple(value_of(get_args(each)[0], item) for item in value)
    return value


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the types that `annotation` allows, without their constraints."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from alternatives(each)
    else:
        yield annotation
