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
from dataclasses import asdict
from pathlib import Path
from socket import socket
from typing import Any

from . import wire
from .lab import Lab
from .limits import START_S, TEMPLATES
from .spec import LabSpec
from .sweep import lock, note_session
from .wire import UnsupportedPlatform, check_platform

__all__ = ["Lab", "LabHost", "LabUnavailable", "UnsupportedPlatform"]

ALLOWED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""The environment variables that a lab gets to see, where they are set."""
PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent


class LabUnavailable(RuntimeError):
    """A lab can't start; the message says why."""


class Template:
    """One configuration's warm process, as its host sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.control: socket | None = None

    def close(self) -> None:
        """Let the process end; labs that were forked from it go on."""
        with self.lock:
            if self.control:
                self.control.close()
        shutil.rmtree(self.folder, ignore_errors=True)


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
        self.templates: OrderedDict[str, Template] = OrderedDict()

    def open(self, spec: LabSpec, name: str) -> Lab:
        """Fork a lab for `spec`; its folder is called `name`. Blocks meanwhile. Raises LabUnavailable."""
        began = time.monotonic()
        folder = self.folder / name
        mine, theirs = zip(*(wire.pair() for _ in range(3)), strict=True)
        try:
            folder.mkdir()
            order: dict[str, Any] = {
                "folder": str(folder),
                "program": spec.program,
                "stops": spec.stops(),
                "limits": asdict(spec.limits),
            }
            keeper = self.fork(self.template(spec), order, [end.fileno() for end in theirs])
            note_session(folder, keeper)
        except (OSError, ValueError, LabUnavailable) as error:
            for end in mine:
                end.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise error if isinstance(error, LabUnavailable) else LabUnavailable(str(error)) from error
        finally:
            for end in theirs:
                end.close()
        return Lab(spec, folder, keeper, *mine, began=began)

    def fork(self, template: Template, order: dict[str, Any], descriptors: list[int]) -> int:
        with template.lock:
            if template.control is None:
                raise LabUnavailable("The lab's configuration could not be loaded.")
            wire.send(template.control, order, descriptors)
            return int(answer(template.control)["pid"])

    def template(self, spec: LabSpec) -> Template:
        """The warm process for the configuration of `spec`, started if there is none."""
        written = json.dumps(spec.configuration, sort_keys=True, default=str)
        key = hashlib.sha256(written.encode()).hexdigest()[:16]
        with self.lock:
            self.start()
            if template := self.templates.get(key):
                self.templates.move_to_end(key)
                return template
            template = Template(self.folder / f"template-{key}-{secrets.token_hex(3)}")
            self.templates[key] = template
            template.lock.acquire()  # Whoever else wants it waits until it is there.
            oldest = self.templates.popitem(last=False)[1] if len(self.templates) > TEMPLATES else None
        try:
            self.start_template(template, spec)
        except BaseException:
            with self.lock:
                self.templates.pop(key, None)
            raise
        finally:
            template.lock.release()
        if oldest:
            oldest.close()
        return template

    def start_template(self, template: Template, spec: LabSpec) -> None:
        template.folder.mkdir()
        mine, theirs = wire.pair()
        order = {"folder": str(template.folder), "configuration": spec.configuration}
        assert self.control is not None
        with theirs:
            wire.send(self.control, order, [theirs.fileno()])
        answer(mine)
        template.control = mine

    def warm_up(self, spec: LabSpec) -> None:
        """Have the configuration of `spec` ready, so that its first run doesn't wait for it. Raises LabUnavailable."""
        self.template(spec)

    def start(self) -> None:
        """Start the fork server if there is none that works."""
        if self.server and self.server.poll() is None:
            return
        self.templates.clear()
        mine, theirs = wire.pair()
        with theirs:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "tutor.labs.forkserver", str(theirs.fileno()), str(self.folder)],
                env={name: os.environ[name] for name in ALLOWED if name in os.environ},
                cwd=PACKAGE_ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        answer(mine)
        self.control = mine

    def close(self) -> None:
        """End the fork server and its templates, and remove this host's folder. Labs have been closed before."""
        with self.lock:
            for template in self.templates.values():
                template.close()
            if self.control:
                self.control.close()
            if self.server:
                self.server.wait(START_S)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock_descriptor)


def answer(end: socket) -> dict[str, Any]:
    """What the other end says to a request. Raises LabUnavailable, with its traceback's last line, if it failed."""
    end.settimeout(START_S)
    try:
        said = wire.receive(end)
    except TimeoutError:
        raise LabUnavailable(f"It did not start within {START_S:g} s.") from None
    if said is None:
        raise LabUnavailable("The process that forks labs ended unexpectedly.")
    if "error" in said[0]:
        raise LabUnavailable(said[0]["error"].strip().rsplit("\n", 1)[-1])
    return dict(said[0])
