"""The templates of a host: one per configuration, started on first use and kept for the next labs."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tutor.protocol.limits import TEMPLATES

from .errors import LabUnavailable, ProcessGone
from .fork_server_client import ForkServerClient
from .sweep import record_session
from .template_client import TemplateClient


class TemplatePool:
    """At most `TEMPLATES` templates, and the fork server that starts them. Its methods can be called from any thread.

    The fork server is started on first use, and again when it has ended. `fork` and `get` block while processes start,
    so don't call them on an event loop.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.server: ForkServerClient | None = None
        self.former: list[ForkServerClient] = []
        """Fork servers that have ended before this host. Labs that they have forked may still run."""
        self.templates: OrderedDict[str, TemplateClient] = OrderedDict()
        """Digest of a configuration → its template, the least recently used first."""
        self.closed = False

    def fork(
        self,
        configuration: Mapping[str, Any],
        order: Mapping[str, Any],
        descriptors: Sequence[int],
        retry: bool = True,
    ) -> tuple[TemplateClient, int]:
        """Fork a lab of the template for `configuration`; return the template and the pid of the lab's supervisor.

        With `retry`, start a new template if the old one has ended since its last lab. Raises LabUnavailable, OSError.
        """
        template = self.get(configuration)
        try:
            return template, template.fork(order, descriptors)
        except LabUnavailable as error:
            self.discard(template)
            if retry and isinstance(error, ProcessGone):
                return self.fork(configuration, order, descriptors, retry=False)
            raise

    def get(self, configuration: Mapping[str, Any]) -> TemplateClient:
        """Return the template for `configuration`, started if it is new. Raises LabUnavailable and OSError."""
        key = digest(configuration)
        evicted = None
        with self.lock:
            server = self.running_server()
            if key not in self.templates:
                self.templates[key] = TemplateClient(self.folder / f"template-{key}-{secrets.token_hex(3)}")
            template = self.templates[key]
            self.templates.move_to_end(key)
            if len(self.templates) > TEMPLATES:
                _, evicted = self.templates.popitem(last=False)
        try:
            template.start(server, configuration)
        except BaseException:
            self.discard(template)
            raise
        finally:
            if evicted:
                evicted.close()
        return template

    def discard(self, template: TemplateClient) -> None:
        """Close `template`, so that the next use of its configuration starts a new one."""
        with self.lock:
            for key in [key for key, each in self.templates.items() if each is template]:
                del self.templates[key]
        template.close()

    def running_server(self) -> ForkServerClient:
        """Return the fork server; start it if it isn't running. The caller must hold the lock."""
        if self.closed:
            raise LabUnavailable("The host is closed.")
        if self.server is None or not self.server.is_running:
            self.close_templates()
            self.former += [self.server] if self.server else []
            self.server = None
            self.server = ForkServerClient.start(self.folder)
            record_session(self.folder, self.server.process.pid)
        return self.server

    def close_templates(self) -> None:
        """Let the templates end; their labs continue. The caller must hold the lock."""
        for template in self.templates.values():
            template.close()
        self.templates.clear()

    def close(self) -> bool:
        """End the fork server, its templates and their labs. Return whether the pool was open."""
        with self.lock:
            was_open, self.closed = not self.closed, True
            self.close_templates()
            for server in (*self.former, *([self.server] if self.server else [])):
                server.close()
            self.former, self.server = [], None
        return was_open


def digest(configuration: Mapping[str, Any]) -> str:
    """Return a short name for `configuration`, the same for equal configurations."""
    text = json.dumps(configuration, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
