"""The names of a lesson's own models."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tutor.lessons.program import SourceFile


def own_models(sources: Mapping[str, SourceFile | None]) -> list[str]:
    """Return the names of the top classes of `models.py`. A class that is no model is never in a snapshot."""
    files = [source for name, source in sources.items() if name.endswith("/models.py") and source]
    return [each.name for file in files for each in ast.parse(file.text).body if isinstance(each, ast.ClassDef)]
