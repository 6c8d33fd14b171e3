from __future__ import annotations

from tests.recording import empty_caches, recording, run  # noqa: F401
