from __future__ import annotations

from tests.pages.waiting_queue import queue  # noqa: F401
from tests.recording import empty_caches, recording, run  # noqa: F401
