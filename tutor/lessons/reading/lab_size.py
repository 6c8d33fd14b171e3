"""The size of what a lesson sends to its labs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tutor.lessons.program import PROGRAM, SourceFile

from .folder import SETTINGS

LARGEST = 28 * 1024
"""The maximum bytes, as JSON, of the program, and of the other Python files together with the settings.

Each of the two travels to a lab in one datagram of at most 32 KiB (`DATAGRAM_BYTES` in `tutor.protocol.limits`). The
rest of the datagram is for other fields, such as gates.
"""


def too_large(sources: Mapping[str, SourceFile | None], settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (name of the largest file, message) for each datagram that would be too large."""
    texts = {name: source.text for name, source in sources.items() if source}
    program = texts.pop(PROGRAM, "")
    if (size := json_bytes(program)) > LARGEST:
        yield PROGRAM, f"the program has {size:,} bytes as JSON (at most {LARGEST:,})"
    if (size := json_bytes([texts, settings])) > LARGEST:
        sizes = {name: json_bytes(text) for name, text in texts.items()} | {SETTINGS: json_bytes(settings)}
        message = f"{SETTINGS} and all Python files but {PROGRAM} have {size:,} bytes as JSON (at most {LARGEST:,})"
        yield max(sizes, key=sizes.__getitem__), message


def json_bytes(value: Any) -> int:
    return len(json.dumps(value, default=str, ensure_ascii=False).encode())
