"""Campaigns of many labs in one host: ordinary ones, which leave nothing, and those that flood whatever they can."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import psutil

from tutor.labs.host.lab_host import LabHost
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import MIB, Limits

from ..labs import lab_host, uss_mib
from ..lesson import default_spec, measured_lesson
from ..load import threads
from .signals import LATE_S, left_of, until_gone
from .trial import Campaign, Trial

AT_ONCE = 4
WARM_UP = 20
"""The runs after which the host has all that it keeps."""
MOST_GROWTH_MIB = 8
"""The MiB that the host and its processes may have grown by in the end."""
MOST_KEPT = 64 * MIB
"""The bytes that the host may have grown by after labs that flood."""
OF_OTHERS = 50
"""The entries in shared memory that other programs may have made meanwhile."""
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (it is only counted what is there)
WALL_S = 6.0
TASK = "from django_q.tasks import async_task\nimport time\nasync_task('shop.tasks.flood')\ntime.sleep(60)\n"
FLOODS: Mapping[str, str] = {
    "prints": "while True: print('x' * 1000)",
    "prints to its descriptor": "import os\n    while True: os.write(1, b'x' * 60_000)",
    "logs": "import logging\n    while True: logging.getLogger('django-q').error('x' * 1000)",
    "lines": "while True:\n        n = 1",
    "locals": "names = {str(n): 'x' * 500 for n in range(10_000)}\n    while True: other = dict(names)",
    "queues": "from django_q.tasks import async_task\n    while True: async_task('shop.tasks.flood')",
    "rows": "from django_q.models import Task\n    from django.utils.timezone import now\n    n = 0\n"
    "    while True:\n        n += 1\n"
    "        Task.objects.create(id=str(n), name='n', func='f', started=now(), stopped=now())",
    "memory": "kept = []\n    while True: kept.append(bytearray(10_000_000))",
    "processes": "import os, time\n    while True:\n        if os.fork() == 0:\n"
    "            os.setsid()\n            time.sleep(60)",
    "threads": "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(60,)).start()",
    "a file": "with open('big', 'wb') as file:\n        while True: file.write(b'x' * 1_000_000)",
    "files": "n = 0\n    while True:\n        n += 1\n        open(f'file-{n}', 'w').close()",
    "folders": "import os\n    while True:\n        os.mkdir('d' * 200)\n        os.chdir('d' * 200)",
    "warnings": "import warnings\n    warnings.simplefilter('always')\n    while True: warnings.warn('x' * 1000)",
    "exceptions": "def deeper(n):\n        raise ValueError('x' * n) if n > 900 else deeper(n + 1)\n    deeper(0)",
    "signals": "import os, signal\n    while True: os.kill(os.getpid(), signal.SIGALRM)",
}
"""What a task floods → its function's body."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a host uses."""

    memory_mib: float
    """Memory that no other process shares, of this process and its children."""
    descriptors: int
    threads: int
    shared: int
    """Entries in the shared memory of the machine."""
    files: int
    """Files and folders in the folder of the host."""

    @classmethod
    def of(cls, host: LabHost) -> Self:
        gc.collect()
        own = psutil.Process()
        shared = len(list(SHARED_MEMORY.iterdir())) if SHARED_MEMORY.exists() else 0
        return cls(uss_mib(own.pid), own.num_fds(), own.num_threads(), shared, len(list(host.folder.rglob("*"))))

    def grown_from(self, before: Use) -> str | None:
        """Return what has grown since `before`, apart from a little memory; None if nothing has."""
        grown = [name for name in ("descriptors", "threads", "shared", "files") if self.more(before, name)]
        memory = self.memory_mib - before.memory_mib
        if grown or memory > MOST_GROWTH_MIB:
            return f"the host has grown by {memory:.1f} MiB, and in {', '.join(grown) or 'nothing else'}: {self}"
        return None

    def more(self, before: Use, name: str) -> bool:
        return bool(getattr(self, name) > getattr(before, name) + (OF_OTHERS if name == "shared" else 0))


def growth(tries: int) -> Iterator[Trial]:
    """Make runs in one host, and compare what it uses after the first ones and in the end."""
    spec = default_spec(measured_lesson())
    with lab_host() as host, threads(AT_ONCE) as pool:
        yield from pool.map(lambda number: ended(host, spec, str(number)), range(min(WARM_UP, tries)))
        before = Use.of(host)
        yield from pool.map(lambda number: ended(host, spec, str(number)), range(WARM_UP, tries))
        if grown := Use.of(host).grown_from(before):
            yield Trial(grown)


def flood(tries: int) -> Iterator[Trial]:
    """Make runs whose task floods one thing after another without end, in one host."""
    names = list(FLOODS)
    with lab_host() as host, threads(2) as pool:
        ended(host, flooding(names[0]), "warm-up")
        before = own_bytes()

        def trial(number: int) -> Trial:
            made = ended(host, flooding(name := names[number % len(names)]), str(number))
            return replace(made, deviation=made.deviation and f"{name}: {made.deviation}")

        yield from pool.map(trial, range(tries))
        if (grown := own_bytes() - before) > MOST_KEPT:
            yield Trial(f"the host has grown by {grown / MIB:.0f} MiB")


def own_bytes() -> int:
    """Return the memory of this process that no other one shares."""
    gc.collect()
    return int(psutil.Process().memory_full_info().uss)


def flooding(name: str) -> LabSpec:
    tasks = {"shop/tasks.py": f"def flood():\n    {FLOODS[name]}\n"}
    settings = {"Q_CLUSTER": {"workers": 2, "timeout": 60, "retry": 90}}
    return LabSpec(TASK, files=tasks, apps=("shop",), settings=settings, limits=Limits(wall_s=WALL_S))


def ended(host: LabHost, spec: LabSpec, name: str) -> Trial:
    """Run a lab to its end, and see that it is within its bound, and that nothing is left."""
    began = time.monotonic()
    try:
        with host.open(spec, name) as lab:
            for batch in lab:
                last = batch[-1]
    except Exception as error:
        return Trial(f"{type(error).__name__}: {error}")
    seconds = until_gone([lab.supervisor], lab.folder, began)
    left = left_of([lab.supervisor]) + lab.folder.exists()
    if last.kind != "ended":
        return Trial(f"the last event was {last.kind}", 0, left, seconds)
    return Trial(f"gone after {seconds:.1f} s" if seconds > spec.limits.wall_s + LATE_S else None, 0, left, seconds)


GROWTH = {
    "growth": Campaign("after thousands of runs a host uses what it used after the first ones", growth, tries=2000),
    "flood": Campaign("whatever a task floods, its lab is gone within its bound, and nothing is left", flood, tries=96),
}
