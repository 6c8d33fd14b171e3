"""Tests with PostgreSQL as the store.

    python -m tests.on_postgresql PATH…

hands the paths and options to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tutor.benchmarks.services import postgresql


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="tutor-postgresql-") as name, postgresql(Path(name)) as server:
        environment = {**os.environ, "DATABASE_URL": server.address}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
