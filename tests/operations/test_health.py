"""A balancer learns whether a process is alive, and whether it is ready."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.operations.requests import PATIENCE_S, ask, new_site
from tutor.benchmarks import services
from tutor.operations import question
from tutor.operations.question import Question
from tutor.operations.readiness import NO_REDIS, PENDING, SILENT
from tutor.request_threads import THREADS, RequestThreads

stored = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hanging() -> Iterator[Any]:
    """A store that hangs: a function that returns once the test is over."""
    over = threading.Event()
    asked: list[None] = []

    def hang() -> bool:
        asked.append(None)
        over.wait(PATIENCE_S)
        return False

    hang.asked = asked  # type: ignore[attr-defined]
    yield hang
    over.set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "WAIT_S", 0.05)


async def test_a_process_is_alive_without_asking_its_store() -> None:
    """Without the marker, this test fails if it opens a connection."""
    answer = await ask(new_site(), "/live/")
    assert (answer.status, answer.text) == (200, "alive\n")


@stored
async def test_a_process_is_ready_when_its_store_answers_and_is_migrated() -> None:
    answer = await ask(new_site(), "/ready/")
    assert (answer.status, answer.text) == (200, "ready\n")


@pytest.mark.parametrize("path", ["/live/", "/live"])
async def test_a_balancer_gets_no_cookie_no_redirect_and_nothing_to_keep(path: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["tutor.example.org"]
    answer = await ask(new_site(), path)
    assert answer.status == 200 and answer.headers[b"Cache-Control"] == b"no-store"
    assert not {b"Set-Cookie", b"Location", b"Vary"} & set(answer.headers)


@pytest.mark.parametrize("path", ["/live/", "/ready/"])
async def test_health_is_only_read(path: str) -> None:
    assert (await ask(new_site(), path, method="POST")).status == 405


async def test_other_addresses_are_those_of_the_site() -> None:
    for path in ("/", "/alive/", "/live/now/", "/runs/ready/"):
        assert (await ask(new_site(), path)).text == "no page"


@stored
async def test_a_store_without_the_migrations_of_this_version_is_not_ready() -> None:
    ((app, newest),) = MigrationLoader(None).graph.leaf_nodes("runs")

    def forget(connection: Any) -> None:
        MigrationRecorder(connection).record_unapplied(app, newest)

    def remember(connection: Any) -> None:
        MigrationRecorder(connection).record_applied(app, newest)

    await in_thread(forget)
    try:
        answer = await ask(new_site(), "/ready/")
    finally:
        await in_thread(remember)
    assert (answer.status, answer.text) == (503, f"not ready\n{PENDING}\n")


async def in_thread(do: Any) -> None:
    def work() -> None:
        try:
            do(connections["default"])
        finally:
            connections.close_all()

    await asyncio.to_thread(work)


@stored
async def test_a_store_that_can_not_be_opened_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {**connections.settings["default"], "NAME": tmp_path / "gone" / "site.sqlite3", "PORT": "1"}
    monkeypatch.setitem(connections.settings, "default", nowhere)
    answer = await ask(new_site(), "/ready/")
    assert (answer.status, answer.text) == (503, f"not ready\n{SILENT}\n")


async def test_a_store_that_hangs_is_not_ready_and_takes_one_thread(hanging: Any, impatient: None) -> None:
    site = new_site()
    site.readiness.migrations_are_pending = Question(hanging)
    answers = [*await asyncio.gather(*(ask(site, "/ready/") for _ in range(50))), await ask(site, "/ready/")]
    assert {(answer.status, answer.text) for answer in answers} == {(503, f"not ready\n{SILENT}\n")}
    assert len(hanging.asked) == 1


@pytest.mark.django_db
async def test_a_process_is_alive_and_says_that_it_is_not_ready_while_all_its_threads_hang(
    hanging: Any, impatient: None
) -> None:
    threads = RequestThreads()
    for pool in (threads.reading, threads.writing):
        for _ in range(2 * THREADS):
            pool.submit(hanging)
    site = new_site(threads)
    site.readiness.migrations_are_pending = Question(hanging)
    assert (await ask(site, "/live/")).status == 200
    assert (await ask(site, "/ready/")).status == 503
    for pool in (threads.reading, threads.writing):
        pool.shutdown(wait=False, cancel_futures=True)


async def test_a_process_is_ready_again_once_its_store_is(hanging: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "KEPT_S", 0.0)
    answers = iter([OSError("The store is away."), False])

    def ask_store() -> bool:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    site = new_site()
    site.readiness.migrations_are_pending = Question(ask_store)
    assert [(await ask(site, "/ready/")).status for _ in range(2)] == [503, 200]


async def test_many_who_ask_cause_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "KEPT_S", float(PATIENCE_S))
    asked: list[None] = []
    site = new_site()
    site.readiness.migrations_are_pending = Question(lambda: bool(asked.append(None)))
    assert {answer.status for answer in await asyncio.gather(*(ask(site, "/ready/") for _ in range(50)))} == {200}
    assert (await ask(site, "/ready/")).status == 200 and len(asked) == 1


async def test_an_answer_that_fails_too_late_is_logged_once(impatient: None, caplog: pytest.LogCaptureFixture) -> None:
    over = threading.Event()

    def fail() -> None:
        over.wait(PATIENCE_S)
        raise OSError("The store is away.")

    asked = Question(fail)
    with pytest.raises(TimeoutError):
        await asked.answer()
    over.set()
    assert asked.result
    await asyncio.to_thread(asked.result.exception, PATIENCE_S)
    await asyncio.sleep(0)  # The event loop hears of it.
    asked.result = None
    gc.collect()
    assert [record.name for record in caplog.records] == ["tutor.operations.question"]


def test_a_question_that_hangs_does_not_keep_a_process_from_ending() -> None:
    code = (
        "import asyncio, threading, django\n"
        "django.setup()\n"
        "from tutor.operations import question\n"
        "question.WAIT_S = 0.05\n"
        "try:\n"
        "    asyncio.run(question.Question(threading.Event().wait).answer())\n"
        "except TimeoutError:\n"
        "    print('No answer.')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.returncode, done.stdout) == (0, "No answer.\n")


@stored
async def test_redis_is_named_if_it_does_not_answer_and_the_site_is_ready_without_it(settings: Any) -> None:
    settings.REDIS = f"redis://127.0.0.1:{services.free_port()}/0"
    answer = await ask(new_site(), "/ready/")
    assert (answer.status, answer.text) == (200, f"ready\n{NO_REDIS}\n")


@stored
async def test_redis_is_not_named_if_it_answers(settings: Any, tmp_path: Path) -> None:
    with services.redis(tmp_path) as server:
        settings.REDIS = server.address
        answer = await ask(new_site(), "/ready/")
    assert (answer.status, answer.text) == (200, "ready\n")


@stored
async def test_each_thing_that_is_missing_has_a_sentence(hanging: Any, impatient: None, settings: Any) -> None:
    settings.REDIS = "redis://[an address that nobody can read"
    site = new_site()
    site.readiness.migrations_are_pending = Question(hanging)
    answer = await ask(site, "/ready/")
    assert (answer.status, answer.text) == (503, f"not ready\n{SILENT}\n{NO_REDIS}\n")
