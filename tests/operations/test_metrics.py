"""Figures of a process and of its store, in the format that Prometheus reads."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings as site_settings
from django.db import connections
from django.test import Client
from django.utils import timezone
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.operations.requests import PATIENCE_S, Answer, ask, new_site
from tests.recording import Recording
from tutor.asgi import application
from tutor.classroom.models import Room
from tutor.live.watch import watches
from tutor.operations import counts, question
from tutor.operations.metrics import exposition
from tutor.operations.question import Question
from tutor.operations.store_figures import StoreFigures, store_figures
from tutor.protocol.limits import MIB
from tutor.request_threads import RequestThreads
from tutor.runs.models import Host, Run

TOKEN = "a-token-of-the-operator"
DOCUMENT = Path(__file__).parents[2] / "docs/metrics.md"
FIGURES = StoreFigures(waiting=3, running=2, oldest_waits_s=1.5, hosts=4, labs=16, bytes=5000)
stored = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(settings: Any) -> None:
    settings.TUTOR_METRICS_TOKEN = TOKEN


async def scrape(site: Any) -> Answer:
    return await ask(site, "/metrics", authorization=f"Bearer {TOKEN}")


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(text: str) -> dict[str, float]:
    """Return each sample, such as `tutor_runs waiting`, with its value."""
    samples = (sample for family in families(text).values() for sample in family.samples)
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


async def test_without_a_token_in_the_settings_there_are_no_metrics(settings: Any) -> None:
    settings.TUTOR_METRICS_TOKEN = ""
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}"}):
        assert (await ask(new_site(), "/metrics", **headers)).text == "no page"


@pytest.mark.parametrize(
    "sent", ["", TOKEN, "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer \xe9", "Basic x"]
)
async def test_who_has_another_token_gets_no_metrics_and_asks_the_store_nothing(sent: str, token: None) -> None:
    answer = await ask(new_site(), "/metrics", **({"authorization": sent} if sent else {}))
    assert (answer.status, answer.text) == (401, "")
    assert answer.headers[b"WWW-Authenticate"].startswith(b"Bearer ")


@stored
async def test_who_has_the_token_gets_metrics_that_prometheus_reads(token: None) -> None:
    answer = await scrape(new_site())
    assert answer.status == 200
    assert answer.headers[b"Content-Type"].startswith(b"application/openmetrics-text")
    found = values(answer.text)
    assert found["tutor_store_up"] == 1
    assert found["process_cpu_seconds_total"] > 0 and found["process_resident_memory_bytes"] > MIB


def test_metrics_are_named_by_the_conventions_and_say_what_they_are() -> None:
    for name, family in families(exposition(FIGURES).decode()).items():
        assert re.fullmatch("(tutor|process)(_[a-z]+)+", name)
        assert family.documentation.endswith(".")
        assert not family.unit or name.endswith(f"_{family.unit}")


def test_the_figures_of_the_store_are_metrics(settings: Any) -> None:
    settings.TUTOR_MAX_STORE_MIB = 3
    found = values(exposition(FIGURES).decode())
    assert {
        name: found[name]
        for name in found
        if name.startswith(("tutor_runs", "tutor_o", "tutor_ho", "tutor_labs", "tutor_st"))
    } == {
        "tutor_store_up": 1,
        "tutor_runs waiting": 3,
        "tutor_runs running": 2,
        "tutor_oldest_waiting_run_seconds": 1.5,
        "tutor_hosts": 4,
        "tutor_labs": 16,
        "tutor_store_bytes": 5000,
        "tutor_store_limit_bytes": 3 * MIB,
    }


@stored
def test_runs_are_counted_by_state_and_the_oldest_wait_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("tutor.operations.store_figures.timezone.now", lambda: now)
    for name, labs in (("here", 4), ("there", 8), ("pages alone", 0)):
        Host.objects.create(name=name, folder="of a machine", labs=labs)
    for state, seconds in (("waiting", 5), ("waiting", 40), ("running", 90), ("ended", 500)):
        run = Run.objects.create(lesson="any", state=state)
        Run.objects.filter(pk=run.pk).update(asked_at=now - timedelta(seconds=seconds))
    figures = store_figures()
    assert (figures.waiting, figures.running, figures.oldest_waits_s) == (2, 1, 40.0)
    assert (figures.hosts, figures.labs) == (2, 12)
    assert figures.bytes > 0


@stored
def test_a_store_without_runs_has_figures_too() -> None:
    figures = store_figures()
    assert figures == StoreFigures(0, 0, 0.0, 0, 0, figures.bytes)


@stored
def test_the_store_is_asked_three_questions(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        store_figures()


async def test_a_process_without_its_store_has_figures_of_its_own(token: None) -> None:
    def fail() -> StoreFigures:
        raise OSError("The store is away.")

    site = new_site()
    site.metrics.store_figures = Question(fail)
    found = values((await scrape(site)).text)
    assert found["tutor_store_up"] == 0 and found["process_cpu_seconds_total"] > 0
    assert not [name for name in found if name.startswith(("tutor_runs", "tutor_hosts", "tutor_store_bytes"))]


async def test_a_store_that_hangs_does_not_keep_a_scrape_waiting(token: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "WAIT_S", 0.05)
    over = threading.Event()

    def hang() -> StoreFigures:
        over.wait(PATIENCE_S)
        return FIGURES

    site = new_site()
    site.metrics.store_figures = Question(hang)
    try:
        assert values((await scrape(site)).text)["tutor_store_up"] == 0
    finally:
        over.set()


def counted(prefix: str) -> dict[str, float]:
    found = values(exposition(None).decode())
    return {name.partition(" ")[2]: value for name, value in found.items() if name.startswith(prefix)}


def since(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: value - before[name] for name, value in after.items() if value != before[name]}


@pytest.fixture
def sockets(recording: Recording, queue: object, client: Client) -> list[str]:
    """The addresses of two pages of a run, and of a member and the presenter of a class."""
    recording.go_on()
    client.post(f"/lessons/{recording.run.lesson}/teach/")
    room = Room.objects.get()
    return [f"/ws/runs/{recording.run.public_id}/"] * 2 + [f"/ws/rooms/{room.code}/", f"/ws/teach/{room.secret}/"]


@stored
async def test_websockets_are_counted_by_kind_while_they_are_open(sockets: list[str]) -> None:
    headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
    opened = [WebsocketCommunicator(application, address, headers=headers) for address in sockets]
    for socket in opened:
        assert (await socket.connect())[0]
    assert counted("tutor_websockets") == {"run": 2, "room": 1, "presenter": 1, "results": 0}
    assert counted("tutor_watches") == {"run": 1, "room": 1, "results": 0}
    for socket in opened:
        await socket.disconnect()
    assert not watches and set(counted("tutor_websockets").values()) == {0}


def test_records_of_the_log_are_counted_by_level() -> None:
    before, logger = counted("tutor_log_records"), logging.getLogger("tutor.any")
    handler = counts.CountingHandler()
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.ERROR, logging.CRITICAL):
        handler.handle(logger.makeRecord("tutor.any", level, "", 1, "Something happened.", (), None))
    assert since(before, counted("tutor_log_records")) == {"warning": 1, "error": 2, "critical": 1}


def test_the_log_has_the_handler_that_counts() -> None:
    assert "counts" in site_settings.LOGGING["root"]["handlers"]


@pytest.fixture
def pages() -> Iterator[RequestThreads]:
    pages = RequestThreads()
    pages.reading = ThreadPoolExecutor(1)
    yield pages
    pages.reading.submit(connections.close_all).result(PATIENCE_S)


@stored
async def test_responses_are_counted_by_the_class_of_their_status(pages: RequestThreads) -> None:
    before, site = counted("tutor_http_responses"), new_site(pages)
    for path in ("/robots.txt", "/robots.txt", "/nothing/", "/live/"):
        await ask(site, path, host="127.0.0.1")
    assert since(before, counted("tutor_http_responses")) == {"2xx": 2, "4xx": 1}


def rows(metrics: Iterable[Metric]) -> list[str]:
    """Return the rows of the table in the document."""
    found = []
    for metric in metrics:
        name = f"{metric.name}_total" if metric.type == "counter" else metric.name
        labels = {key: [each.labels[key] for each in metric.samples] for key in metric.samples[0].labels}
        told = "; ".join(f"`{key}`: {', '.join(names)}" for key, names in labels.items())
        found.append(f"| `{name}` | {metric.type} | {told} | {metric.documentation} |")
    return found


def test_the_document_lists_all_metrics_as_they_are() -> None:
    """After a change, paste the rows that this test prints."""
    real = rows(families(exposition(FIGURES).decode()).values())
    print("\n".join(real))
    assert [line for line in DOCUMENT.read_text().splitlines() if line.startswith(("| `tutor_", "| `process_"))] == real


def test_the_document_mentions_no_metric_that_there_is_not() -> None:
    real = {line.split("`")[1] for line in rows(families(exposition(FIGURES).decode()).values())}
    assert set(re.findall(r"\b(?:tutor|process)_[a-z_]+", DOCUMENT.read_text())) <= real
