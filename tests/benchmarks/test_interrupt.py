from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tutor.benchmarks.interrupt import INTERRUPTED

ROOT = Path(__file__).resolve().parent.parent.parent


def wait_for(path: Path, pattern: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for a file below `path` with a name of that pattern."""
    until = time.monotonic() + 60
    while not any(path.glob(pattern)):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


def processes_in(folder: Path) -> list[list[str]]:
    """The command lines that name `folder`."""
    found = (each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"]))
    return [line for line in found if any(str(folder) in part for part in line)]


def heed_interrupts() -> None:
    """Undo what a shell does to a command in the background: its children would ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sent", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    ("command", "at_work"),
    [
        pytest.param(["bench", "--only", "class"], "tutor-bench-*/labs/*/*/program.py", marks=pytest.mark.thorough),
        (["bench", "--only", "fork"], "tutor-bench-*/default.sqlite3"),
        pytest.param(["campaign", "later"], "tutor-bench-*/*/*/program.py", marks=pytest.mark.thorough),
    ],
    ids=["site", "cold cluster", "campaign"],
)
def test_a_command_that_is_interrupted_leaves_nothing(
    command: list[str], at_work: str, sent: signal.Signals, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "TUTOR_VAR": str(tmp_path / "var")}
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "tutor.settings"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # So that a signal reaches what it is sent to, and nothing else.
        preexec_fn=heed_interrupts,
    )
    try:
        wait_for(temporary, at_work, process)
        process.send_signal(sent)
        assert process.wait(60) == INTERRUPTED
    finally:
        process.kill()
        process.wait()
    assert list(temporary.iterdir()) == []
    assert processes_in(temporary) == []
