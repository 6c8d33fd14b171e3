"""The JSON Schema of `lesson.toml`, which editors use to complete and check the file.

The schema is stored beside this file, in `lesson.schema.json`. The first line of each lesson names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .format.lesson_file import LessonFile
from .reading.common_notes import NOTES, common_notes
from .reading.common_steps import USE, common_steps

SHIPPED = Path(__file__).parent / "lesson.schema.json"


def lesson_schema() -> dict[str, Any]:
    """Return the schema of the models, with what common steps and notes replace before they validate."""
    schema = LessonFile.model_json_schema(by_alias=True)
    step = schema["$defs"]["StepRule"]
    step["properties"][USE] = {"enum": sorted(common_steps()), "description": "The common step that this step extends."}
    schema["properties"][NOTES]["items"] = {"enum": sorted(common_notes())}
    needed = step.pop("required")
    step["anyOf"] = [{"required": needed}, {"required": [USE]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
