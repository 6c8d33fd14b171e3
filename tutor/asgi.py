"""The ASGI application: pages over HTTP, and the websockets of runs for the site's own pages."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.urls import path, re_path

from tutor.request_threads import RequestThreads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutor.settings")
django.setup(set_prefix=False)
pages = RequestThreads()

from tutor.assignments.watch import ResultsConsumer  # noqa: E402
from tutor.classroom.consumers import MemberConsumer, PresenterConsumer  # noqa: E402  (these need loaded apps)
from tutor.live.consumers import RunConsumer  # noqa: E402
from tutor.operations.application import Operated  # noqa: E402

RUN = RunConsumer.as_asgi()
sockets = URLRouter(
    [
        path("ws/runs/<slug:public_id>/", RUN),
        path("ws/rooms/<slug:code>/", MemberConsumer.as_asgi()),
        path("ws/given/<slug:secret>/", ResultsConsumer.as_asgi()),
        path("ws/teach/<slug:secret>/", PresenterConsumer.as_asgi()),
        re_path("", RUN),
    ]
)


async def well_formed(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Replace an invalid `Origin` header with one that isn't allowed, as the validator would raise ValueError."""
    headers = dict(scope["headers"])
    try:
        _ = urlsplit(headers.get(b"origin", b"").decode("latin1")).port
    except ValueError:
        headers[b"origin"] = b"null"
    await own_pages_alone({**scope, "headers": list(headers.items())}, receive, send)


own_pages_alone = AllowedHostsOriginValidator(sockets)
application = ProtocolTypeRouter({"http": Operated(pages), "websocket": well_formed})

# Modules stay for the life of the process. The longest garbage collection takes 20 ms without them, 150 ms with them.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
