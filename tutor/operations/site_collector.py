"""The metrics of the site's own, named by Prometheus' conventions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.conf import settings
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tutor.assignments.watch import ResultsConsumer, ResultsWatch
from tutor.classroom.consumers import MemberConsumer, PresenterConsumer
from tutor.classroom.room_watch import RoomWatch
from tutor.live.consumers import RunConsumer
from tutor.live.run_watch import RunWatch
from tutor.live.watch import watches
from tutor.protocol.limits import MIB

from . import counts
from .store_figures import StoreFigures

SOCKETS: Mapping[str, type] = {
    "run": RunConsumer,
    "room": MemberConsumer,
    "presenter": PresenterConsumer,
    "results": ResultsConsumer,
}
"""The kinds of websockets, and their consumers."""
WATCHES: Mapping[str, type] = {"run": RunWatch, "room": RoomWatch, "results": ResultsWatch}
"""The kinds of what pages watch."""


class SiteCollector(Collector):
    """Collects what the store has said, or None, and what this process knows."""

    def __init__(self, figures: StoreFigures | None) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        yield gauge("tutor_store_up", "Whether the store has answered this scrape, 1 or 0.", self.figures is not None)
        if self.figures:
            yield from of_store(self.figures)
        yield from of_process()


def of_store(figures: StoreFigures) -> Iterator[Metric]:
    runs = {"waiting": figures.waiting, "running": figures.running}
    yield gauges("tutor_runs", "Runs that wait for a lab, and runs that have one.", "state", runs)
    yield gauge(
        "tutor_oldest_waiting_run_seconds",
        "Time since the oldest waiting run was asked for; 0 without one.",
        figures.oldest_waits_s,
        "seconds",
    )
    yield gauge("tutor_hosts", "Processes that execute runs, by their heartbeats.", figures.hosts)
    yield gauge("tutor_labs", "Labs that these processes have at the same time, at most.", figures.labs)
    yield gauge("tutor_store_bytes", "Size of the store, with SQLite’s write-ahead log.", figures.bytes, "bytes")
    limit = settings.TUTOR_MAX_STORE_MIB * MIB
    yield gauge("tutor_store_limit_bytes", "Size at which the site accepts no more runs.", limit, "bytes")


def of_process() -> Iterator[Metric]:
    sockets: Counter[type] = Counter(type(page) for watch in watches.values() for page in watch.pages)
    by_kind = {kind: sockets[consumer] for kind, consumer in SOCKETS.items()}
    yield gauges("tutor_websockets", "Open websockets, by the kind of their page.", "kind", by_kind)
    watched: Counter[type] = Counter(type(watch) for watch in watches.values())
    by_kind = {kind: watched[watch] for kind, watch in WATCHES.items()}
    yield gauges("tutor_watches", "Runs, rooms and results that open pages watch.", "kind", by_kind)
    responses = {each: counts.responses[each] for each in counts.CLASSES}
    yield counter(
        "tutor_http_responses", "Responses to HTTP requests, by the class of their status.", "status", responses
    )
    records = {each: counts.log_records[each] for each in counts.LEVELS}
    yield counter("tutor_log_records", "Records of the log, also those left out because they repeat.", "level", records)


def gauge(name: str, documentation: str, value: float, unit: str = "") -> Metric:
    return GaugeMetricFamily(name, documentation, value=float(value), unit=unit)


def gauges(name: str, documentation: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def counter(name: str, documentation: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
