"""The site as Daphne serves it: pages over HTTP, runs over websockets from the site's own pages alone."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutor.settings")
pages = get_asgi_application()

from tutor.runs.consumers import RunConsumer  # noqa: E402  (needs the apps)
from tutor.runs.line import prepare  # noqa: E402

sockets = URLRouter([path("ws/runs/<slug:public_id>/", RunConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": pages, "websocket": AllowedHostsOriginValidator(sockets)})
prepare()
