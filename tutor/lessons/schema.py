"""The JSON Schema of `lesson.toml`, made from the models that read it, for editors that complete and check.

`lesson.schema.json` beside this file is what it gives; each lesson names it in its first line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .format.lesson_file import LessonFile
from .reading.common_steps import USE, common_steps

SHIPPED = Path(__file__).parent / "lesson.schema.json"


def lesson_schema() -> dict[str, Any]:
    """The schema: that of the models, and `use`, which fills a step in before they see it."""
    schema = LessonFile.model_json_schema(by_alias=True)
    step = schema["$defs"]["StepRule"]
    step["properties"][USE] = {"enum": sorted(common_steps()), "description": "The common step that this begins with."}
    needed = step.pop("required")
    step["anyOf"] = [{"required": needed}, {"required": [USE]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
