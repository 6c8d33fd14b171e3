"""The site's file for nginx."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tutor.benchmarks.fleet.deploy_files import deploy_file, exchanged
from tutor.benchmarks.fleet.proxy import Proxy

LOCATION = re.compile(r"^    location (?P<pattern>[^{]+?) \{(?P<rules>[^}]*)\}", re.MULTILINE)
KEYED = [
    "/lessons/a/quiz/b/",
    "/lessons/a/again/b/",
    "/runs/a/quiz/b/",
    "/runs/a/predict/3/",
    "/quizzes/a/b/c/",
    "/q/a/answers/1/",
    "/q/a/drafts/1/",
    "/rooms/a/",
    "/teach/a/commands/",
]
"""Addresses to which pages post what counts once, however often it is sent."""
ONCE = [
    "/lessons/a/run/",
    "/lessons/a/teach/",
    "/runs/a/break/",
    "/runs/a/repair/",
    "/runs/a/back/1/",
    "/runs/delete/",
    "/rooms/a/run/",
    "/quizzes/a/",
    "/give/",
    "/given/a/again/",
    "/q/a/begin/",
]
"""Addresses to which pages post what would be done twice."""


def test_nginx_accepts_the_file(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path / "nginx", [8001, 8002, 8003])
    tested = subprocess.run([*proxy.command, "-t"], capture_output=True, text=True)
    assert (tested.returncode, "warn" in tested.stderr) == (0, False), tested.stderr


def test_the_file_is_what_is_tested() -> None:
    with pytest.raises(ValueError, match="“listen 8080;” isn't in the file any more"):
        exchanged(deploy_file("nginx.conf"), {"listen 8080;": "listen 1234;"})


def sends_again(path: str) -> bool:
    """Return whether nginx sends a POST to another process if the first one has received it and dies."""
    patterns = {
        found["pattern"].removeprefix("~ ").strip('"'): "non_idempotent" in found["rules"]
        for found in LOCATION.finditer(deploy_file("nginx.conf"))
        if found["pattern"].startswith("~ ")
    }
    return any(again for pattern, again in patterns.items() if re.search(pattern, path))


@pytest.mark.parametrize("path", KEYED)
def test_what_counts_once_may_be_sent_to_another_process(path: str) -> None:
    assert sends_again(path)


@pytest.mark.parametrize("path", ONCE)
def test_what_would_be_done_twice_is_sent_once(path: str) -> None:
    assert not sends_again(path)
