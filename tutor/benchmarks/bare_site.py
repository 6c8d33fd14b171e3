"""A bare Django view that writes one row, to compare the site's answers with.

    python -m tutor.benchmarks.bare_site PORT DATABASE

serves it with the site's server and the site's settings of SQLite, without any middleware. Once it is served, it prints
an empty line. It ends when its input does.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tutor.serve import ADDRESS
from tutor.settings import SQLITE_OPTIONS


def main(port: str, database: str) -> None:
    """Serve the view until the standard input ends."""
    settings.configure(
        ALLOWED_HOSTS=[ADDRESS],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": SQLITE_OPTIONS}},
        ROOT_URLCONF=__name__,
        USE_TZ=True,
    )
    django.setup()
    # These need the settings.
    from django.core.asgi import get_asgi_application
    from django.db import connection, models
    from django.urls import re_path

    from tutor.daphne import PatientServer

    class Row(models.Model):
        token = models.CharField(max_length=16)
        sent_at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "bare"

        def __str__(self) -> str:
            return self.token

    def write(request: HttpRequest) -> HttpResponse:
        Row(token=request.POST.get("token", "")).save()
        return HttpResponse("Stored.")

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    urlpatterns.append(re_path("", write))
    server = PatientServer(get_asgi_application(), endpoints=[f"tcp:port={port}:interface={ADDRESS}"], verbosity=0)
    threading.Thread(target=end_with_input, daemon=True).start()
    server.run()


urlpatterns: list[Any] = []


def end_with_input() -> None:
    print(flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
