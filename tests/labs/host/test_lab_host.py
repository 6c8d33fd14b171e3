from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.labs.host.endings import run_in
from tests.labs.observed import descriptors, in_order, lab, outcome, soon, the
from tutor.labs.host.lab_host import LabHost, LabUnavailable


def test_a_host_that_is_closed_leaves_nothing_and_can_be_closed_again(root: Path) -> None:
    before, threads = descriptors(), threading.active_count()
    host = LabHost(root)
    assert outcome(run_in(host, lab("pass"))) == "finished"
    host.close()
    assert list(root.iterdir()) == []
    assert descriptors() == before
    assert threading.active_count() == threads
    host.close()


def test_a_host_that_opened_nothing_can_be_closed(root: Path) -> None:
    LabHost(root).close()
    assert list(root.iterdir()) == []


def test_a_closed_host_opens_no_labs(root: Path) -> None:
    host = LabHost(root)
    host.close()
    with pytest.raises(LabUnavailable):
        host.open(lab("pass"), "run")


def test_many_labs_leave_no_descriptors_behind(shared: LabHost) -> None:
    run_in(shared, lab("pass"))
    before = descriptors()
    for _ in range(10):
        run_in(shared, lab("pass"))
    assert descriptors() == before


def test_a_name_that_is_taken_is_refused_without_harm_to_its_lab(shared: LabHost) -> None:
    with shared.open(lab("from django_q.tasks import async_task; async_task('time.sleep', 0.2)"), "run") as opened:
        with pytest.raises(LabUnavailable):
            shared.open(lab("pass"), "run")
        assert opened.folder.exists()
        assert outcome(in_order(each for batch in opened for each in batch)) == "finished"


@contextmanager
def limited_to(limit: int, most: int) -> Iterator[None]:
    """Limit this process, but none that is running already."""
    before = resource.getrlimit(limit)
    resource.setrlimit(limit, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(limit, before)


def no_lab_is_left(shared: LabHost) -> None:
    for template in shared.pool.templates.values():
        assert template.process
        assert soon(lambda process=template.process: not process.children())
        assert not template.labs
    assert [folder.name for folder in shared.folder.iterdir() if folder.name.startswith("run")] == []


@pytest.mark.parametrize("left", range(9))
def test_a_lab_that_finds_too_few_descriptors_says_so_and_leaves_nothing(shared: LabHost, left: int) -> None:
    run_in(shared, lab("pass"))
    before = descriptors()
    with Path(os.devnull).open() as next_free:
        most = next_free.fileno() + left
    with limited_to(resource.RLIMIT_NOFILE, most):
        try:
            shared.open(lab("pass"), "run").close()
        except LabUnavailable as error:
            assert "Too many open files" in str(error)
    assert descriptors() == before
    no_lab_is_left(shared)
    assert outcome(run_in(shared, lab("pass"))) == "finished"


def test_a_lab_whose_session_cannot_be_recorded_says_so_and_leaves_nothing(shared: LabHost) -> None:
    run_in(shared, lab("pass"))
    before = descriptors()
    with limited_to(resource.RLIMIT_FSIZE, 0), pytest.raises(LabUnavailable, match="File too large"):
        shared.open(lab("pass"), "run")
    assert descriptors() == before
    no_lab_is_left(shared)


def test_a_configuration_that_finds_too_few_descriptors_says_so(shared: LabHost) -> None:
    shared.warm_up(lab("pass"))
    with limited_to(resource.RLIMIT_NOFILE, 3), pytest.raises(LabUnavailable, match="Too many open files"):
        shared.warm_up(lab("pass", {"workers": 2}))


def test_labs_can_be_opened_from_many_threads_at_once(shared: LabHost) -> None:
    specs = [lab(f"print({n})", {"workers": 1, "timeout": 1, "retry": 2 + n % 3}) for n in range(9)]
    with ThreadPoolExecutor(9) as threads:
        runs = list(threads.map(lambda spec: run_in(shared, spec), specs))
    assert [the(seen, "printed").payload["text"] for seen in runs] == [f"{n}\n" for n in range(9)]
    pids = [each.pid for seen in runs for each in {each.pid: each for each in seen}.values() if each.pid != os.getpid()]
    assert len(pids) == len(set(pids))
