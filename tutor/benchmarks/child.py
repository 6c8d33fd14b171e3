"""Programs that end with the process that has started them, also if that is killed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import partial
from typing import Any

from tutor.labs.inside.processes import end_with_parent


def start_child(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a program, in a session of its own by default. The kernel kills it when the calling thread ends.

    `options` are those of `subprocess.Popen`.
    """
    end = partial(end_with_parent, os.getpid())
    return subprocess.Popen(command, **{"start_new_session": True, **options}, preexec_fn=end)  # noqa: PLW1509  (it takes no lock)
