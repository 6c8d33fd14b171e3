"""The one door to labs: a process that wants them has a `LabHost`, and opens a `Lab` for each run."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import START_S, TEMPLATES
from tutor.protocol.wire import UnsupportedPlatform, check_platform

from .lab import Lab
from .sweep import end_lab, lock, note_session
from .template_client import Gone, LabUnavailable, Late, TemplateClient, answer, as_unavailable

__all__ = ["Lab", "LabHost", "LabUnavailable", "UnsupportedPlatform"]

ALLOWED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""The environment variables that a lab gets to see, where they are set."""
PACKAGE_ROOT = Path(__file__).resolve().parents[3]


class LabHost:
    """Opens labs for this process; safe to use from any thread. Raises UnsupportedPlatform where there can be none.

    Its folder below `root` is locked for as long as this process lives. The fork server is started on first use.
    """

    def __init__(self, root: Path) -> None:
        check_platform()
        self.name = secrets.token_hex(8)
        self.folder = Path(root).absolute() / self.name
        self.lock_descriptor = lock(self.folder)
        self.lock = threading.Lock()
        self.server: subprocess.Popen[bytes] | None = None
        self.control: socket | None = None
        self.templates: OrderedDict[str, TemplateClient] = OrderedDict()
        self.closed = False

    def open(self, spec: LabSpec, name: str) -> Lab:
        """Fork a lab for `spec`; its folder is called `name`. Blocks meanwhile. Raises LabUnavailable."""
        with as_unavailable(), ExitStack() as undo:
            lab = self.opened(spec, self.folder / name, undo)
            undo.pop_all()
            return lab

    def opened(self, spec: LabSpec, folder: Path, undo: ExitStack) -> Lab:
        """A lab for `spec` in `folder`. Whatever it raises, `undo` then leaves nothing of it."""
        began = time.monotonic()
        order = {
            "folder": str(folder),
            "program": spec.program,
            "breakpoints": spec.breakpoints(),
            "limits": asdict(spec.limits),
        }
        with ExitStack() as passed:
            mine, theirs = zip(*(wire.pair() for _ in range(3)), strict=True)
            for own, other in zip(mine, theirs, strict=True):
                undo.enter_context(own)
                passed.enter_context(other)
            make(folder)
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            template, supervisor = self.fork(spec, order, [end.fileno() for end in theirs])
        undo.callback(template.release)
        undo.callback(end_lab, mine[-1], supervisor, drain=lambda: None)
        note_session(folder, supervisor)
        return Lab(spec, folder, supervisor, *mine, began=began, release=template.release)

    def fork(
        self, spec: LabSpec, order: dict[str, Any], descriptors: list[int], again: bool = True
    ) -> tuple[TemplateClient, int]:
        """Fork a lab of the template for `spec`; of a new one, if that has died since it was last used."""
        template = self.template(spec)
        try:
            return template, template.fork(order, descriptors)
        except LabUnavailable as error:
            self.forget(template)
            if again and isinstance(error, Gone):
                return self.fork(spec, order, descriptors, again=False)
            raise

    def template(self, spec: LabSpec) -> TemplateClient:
        """The warm process for the configuration of `spec`, started if there is none."""
        written = json.dumps(spec.configuration, sort_keys=True, default=str)
        key = hashlib.sha256(written.encode()).hexdigest()[:16]
        with self.lock:
            control, server = self.start(), self.server
            if template := self.templates.get(key):
                self.templates.move_to_end(key)
                return template
            template = TemplateClient(self.folder / f"template-{key}-{secrets.token_hex(3)}")
            self.templates[key] = template
            template.lock.acquire()  # Whoever else wants it waits until it is there.
            oldest = self.templates.popitem(last=False)[1] if len(self.templates) > TEMPLATES else None
        try:
            template.start(control, spec.configuration)
        except BaseException as error:
            template.lock.release()
            self.forget(template)
            if server and template.process is None and isinstance(error, Late):
                end(server)  # Or none of the others would be started either.
            raise
        template.lock.release()
        if oldest:
            oldest.close()
        return template

    def forget(self, template: TemplateClient) -> None:
        """Have another template made for what `template` was for."""
        with self.lock:
            for key in [key for key, each in self.templates.items() if each is template]:
                del self.templates[key]
        template.close()

    def warm_up(self, spec: LabSpec) -> None:
        """Have the configuration of `spec` ready, so that its first run doesn't wait for it. Raises LabUnavailable."""
        with as_unavailable():
            self.template(spec)

    def start(self) -> socket:
        """Start the fork server if there is none that works; returns where it is asked. Raises LabUnavailable."""
        if self.closed:
            raise LabUnavailable("Labs are not opened any more: their host is closed.")
        if self.control and self.server and self.server.poll() is None:
            return self.control
        self.end_server()
        self.control, theirs = wire.pair()
        with theirs:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "tutor.labs.inside.fork_server", str(theirs.fileno())],
                env={name: os.environ[name] for name in ALLOWED if name in os.environ},
                cwd=PACKAGE_ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            wire.send(self.control, {"folder": str(self.folder)})
            answer(self.control)
        except (OSError, LabUnavailable):
            end(self.server)
            raise
        return self.control

    def end_server(self) -> None:
        """End the fork server and its templates; labs go on."""
        for template in self.templates.values():
            template.close()
        self.templates.clear()
        if self.control:
            self.control.close()
        if self.server:
            end(self.server, START_S)

    def close(self) -> None:
        """End the fork server and its templates, and remove this host's folder. Labs have been closed before."""
        with self.lock:
            if self.closed:
                return
            self.closed = True
            self.end_server()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock_descriptor)


def make(folder: Path) -> None:
    try:
        folder.mkdir()
    except OSError as error:
        raise LabUnavailable(f"Its folder can't be made: {error.strerror}.") from error


def end(server: subprocess.Popen[bytes], within_s: float = 0.0) -> None:
    """See that a fork server ends: by itself within so many seconds, or else by force."""
    try:
        server.wait(within_s)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
