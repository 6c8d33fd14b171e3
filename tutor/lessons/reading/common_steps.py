"""Steps that many lessons share: a step with `use = "stored"` begins with the one of that name in `steps.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any

from .references import Mistake, none_such

FILE = File(__file__).parents[1] / "steps.toml"
USE = "use"


@cache
def common_steps() -> Mapping[str, Mapping[str, Any]]:
    """Name → the step as lesson.toml would have it, its id included."""
    return {name: {"id": name, **step} for name, step in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def unknown_uses(written: Mapping[str, Any]) -> Iterator[Mistake]:
    """Every `use` that names no common step."""
    for index, step in steps_of(written):
        if USE in step and step[USE] not in common_steps():
            yield ("steps", index, USE), none_such("common step", str(step[USE]), common_steps())


def with_common_steps(written: Mapping[str, Any]) -> dict[str, Any]:
    """`written` (as read from lesson.toml) with what its steps use filled in; a step's own keys come first."""
    filled = {index: filled_in(step) for index, step in steps_of(written)}
    steps = written.get("steps")
    if not isinstance(steps, list):
        return dict(written)
    return {**written, "steps": [filled.get(index, step) for index, step in enumerate(steps)]}


def filled_in(step: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in step.items() if key != USE}
    return {**common_steps().get(str(step.get(USE)), {}), **own}


def steps_of(written: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    steps = written.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield index, step
