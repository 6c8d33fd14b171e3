from __future__ import annotations

from tests.recording import nothing_remembered, recording, run  # noqa: F401
