"""Runs that lab hosts execute, and what becomes of them when something of it ends."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engine.site import EngineSite, cluster_of
from tutor.benchmarks import services
from tutor.benchmarks.measured_process import Process
from tutor.runs.reaper import ENDED

WHOLE = "failed", "The task failed."
"""The end of a run that nothing has disturbed: its task fails again and again, for seconds."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineSite]:
    folder = tmp_path_factory.mktemp("engine")
    with tempfile.TemporaryDirectory(prefix="tutor-postgresql-") as files, services.redis(folder) as redis:
        with services.postgresql(Path(files)) as store:
            yield EngineSite(store, redis, folder)


@pytest.fixture(scope="module")
def asker(site: EngineSite) -> Iterator[Process]:
    """A process of the site that asks for runs, which last for seconds, and executes none."""
    with Process("asking_process", environment=site.environment("web")) as asker:
        asker.read()
        yield asker


def begun(site: EngineSite, run: str) -> str:
    """Wait until the task of a run has started."""
    site.until(lambda: "started" in site.kinds(run))
    return run


@pytest.mark.thorough
def test_runs_are_executed_as_the_site_itself_does_and_those_that_wait_have_their_turn(
    site: EngineSite, asker: Process
) -> None:
    with site.lab_host():
        runs = [asker.ask() for _ in range(3)]
        assert {site.ending(run) for run in runs} == {WHOLE}
        for run in runs:
            assert site.kinds(run)[0] == "asked"
            assert {"queued", "picked", "started", "finished", "stored"} <= set(site.kinds(run))


@pytest.mark.thorough
def test_a_run_is_ended_when_the_process_that_asked_for_it_wants_that(site: EngineSite, asker: Process) -> None:
    with site.lab_host():
        run = begun(site, asker.ask())
        site.do("UPDATE runs_run SET stop_reason = 'Enough.' WHERE public_id = %s", run)
        assert site.ending(run) == ("stopped", "Enough.")


@pytest.mark.thorough
def test_a_lab_host_that_is_told_to_end_finishes_its_runs_and_leaves_those_that_wait(
    site: EngineSite, asker: Process
) -> None:
    with site.lab_host() as host:
        at_work = [begun(site, asker.ask()) for _ in range(2)]
        waiting = asker.ask()
        host.terminate()
        assert host.wait(60) == 0
        assert [site.ending(run) for run in at_work] == [WHOLE] * 2
        assert site.state(waiting) == "waiting"
    with site.lab_host():
        assert site.ending(waiting) == WHOLE


@pytest.mark.thorough
def test_the_run_of_a_worker_that_is_killed_ends_at_once_and_the_next_one_has_its_turn(
    site: EngineSite, asker: Process
) -> None:
    with site.lab_host() as host:
        run = begun(site, asker.ask())
        lost = worker_with_lab(host)
        lost.kill()
        assert site.ending(run) == ("lost", ENDED)
        assert site.ending(asker.ask()) == WHOLE


def worker_with_lab(host: subprocess.Popen[str]) -> psutil.Process:
    """Return the worker that has a lab: it has a thread that stores its events."""
    _, sentinel, *_ = cluster_of(host)
    return max(sentinel.children(), key=lambda each: each.num_threads())


@pytest.mark.thorough
def test_workers_that_have_ended_are_started_again(site: EngineSite, asker: Process) -> None:
    with site.lab_host() as host:
        run = begun(site, asker.ask())
        before = cluster_of(host)
        before[0].kill()
        assert site.ending(run) == ("lost", ENDED)
        assert site.ending(asker.ask()) == WHOLE
        assert not [each for each in before if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.thorough
def test_workers_that_no_ticket_reaches_are_started_again(site: EngineSite, asker: Process) -> None:
    with site.lab_host() as host:
        _, sentinel, *_ = cluster_of(host)
        for each in sentinel.children():  # One of them holds the lock of the queue from which all read.
            each.kill()
        assert site.ending(asker.ask()) == WHOLE


def test_the_run_of_a_lab_host_that_is_killed_is_ended_by_another_and_nothing_of_it_is_left(
    site: EngineSite, asker: Process
) -> None:
    with site.lab_host() as dying:
        run = begun(site, asker.ask())
        left = psutil.Process(dying.pid).children(recursive=True)
        dying.kill()
        psutil.wait_procs(left, 30)
        assert not [each for each in left if each.is_running()]
    with site.lab_host():
        assert site.ending(run) == ("lost", ENDED)
        assert site.ending(asker.ask()) == WHOLE


@pytest.mark.thorough
def test_a_redis_that_has_lost_everything_delays_runs_and_loses_none(site: EngineSite, asker: Process) -> None:
    waiting = [asker.ask() for _ in range(3)]
    site.redis.kill()
    site.redis.start()
    with site.lab_host():
        assert {site.ending(run) for run in waiting} == {WHOLE}


@pytest.mark.thorough
def test_without_redis_lab_hosts_look_at_the_run_queue_by_themselves(site: EngineSite, asker: Process) -> None:
    with site.lab_host():
        site.redis.stop()
        try:
            assert site.ending(asker.ask()) == WHOLE
        finally:
            site.redis.start()
        assert site.ending(asker.ask()) == WHOLE


@pytest.mark.thorough
def test_a_store_that_is_killed_in_the_middle_of_runs_gets_all_of_their_events(
    site: EngineSite, asker: Process
) -> None:
    with site.lab_host():
        runs = [begun(site, asker.ask()) for _ in range(2)]
        site.store.kill()
        site.store.start()
        assert {site.ending(run) for run in runs} == {WHOLE}
        assert site.kinds(runs[0]).count("started") == site.kinds(runs[1]).count("started")
