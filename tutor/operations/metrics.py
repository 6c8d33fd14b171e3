"""The metrics of this process and of its store, in the text format of OpenMetrics. docs/metrics.md lists them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector

from .question import Question
from .site_collector import SiteCollector
from .store_figures import StoreFigures, store_figures


class Metrics:
    """The metrics, for those who have the token. The store is asked at each scrape."""

    def __init__(self) -> None:
        self.store_figures = Question(store_figures)

    async def response(self, authorization: str) -> HttpResponse:
        """Return the metrics; status 401 if the header `Authorization` doesn't have the token."""
        if not constant_time_compare(authorization, f"Bearer {settings.TUTOR_METRICS_TOKEN}"):
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        return HttpResponse(exposition(await self.figures()), content_type=CONTENT_TYPE_LATEST)

    async def figures(self) -> StoreFigures | None:
        """Return the figures of the store; None if it doesn't answer."""
        try:
            return await self.store_figures.answer()
        except Exception:  # The question has logged it.
            return None


def exposition(figures: StoreFigures | None) -> bytes:
    """Return the metrics as text. Called on the event loop, whose sockets it counts; takes about a millisecond."""
    registry = CollectorRegistry()
    registry.register(SiteCollector(figures))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
