"""The site that a benchmark serves."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil

TIMEOUT_S = 20
BENCHMARK = """
import django
django.setup()
from tutor.benchmarks.served_site import new_site, serving
with new_site() as site, serving(site, module="http.server") as process:
    print(process.pid, flush=True)
    input()
"""


def test_a_served_site_ends_with_a_benchmark_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BENCHMARK],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tutor.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as benchmark:
        assert benchmark.stdout
        site = psutil.Process(int(benchmark.stdout.readline()))
        benchmark.kill()
    until = time.monotonic() + TIMEOUT_S
    while is_running(site) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_running(site)


def is_running(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
