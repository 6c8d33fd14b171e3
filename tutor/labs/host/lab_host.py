"""The entry point to labs: a process creates one `LabHost`, which opens a `Lab` for each run.

Other processes of the same machine can open labs in its folder, forked from its templates, with a `LabOpener`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from tutor.labs.inside import folders
from tutor.protocol import wire
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.wire import UnsupportedPlatform, check_platform

from .errors import LabUnavailable, as_unavailable
from .inbox import LabSockets
from .lab import Lab
from .sweep import end_lab, lock_folder, record_session
from .template_pool import TemplatePool

__all__ = ["Lab", "LabHost", "LabOpener", "LabUnavailable", "UnsupportedPlatform"]


class Template(Protocol):
    """The process that a lab was forked from."""

    def release(self, supervisor: int, has_ended: bool) -> None:
        """Note the end of the lab with this supervisor; kill what it has left unless it `has_ended` by itself."""


class Pool(Protocol):
    """Templates, of which there is one for each configuration; see `TemplatePool`."""

    def fork(
        self, configuration: Mapping[str, Any], order: Mapping[str, Any], descriptors: Sequence[int]
    ) -> tuple[Template, int]:
        """Fork a lab; return its template and the pid of its supervisor. Raises LabUnavailable and OSError."""


class LabOpener:
    """Opens labs in `folder`, forked from the templates of `pool`. Its methods can be called from any thread, but they
    block: not on an event loop."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self.folder, self.pool = folder, pool

    def open(self, spec: LabSpec, name: str) -> Lab:
        """Open a lab for `spec` in a folder called `name`. Raises LabUnavailable, and then leaves nothing behind."""
        with as_unavailable(), ExitStack() as undo:
            lab = self.fork(spec, self.folder / name, undo)
            undo.pop_all()
            return lab

    def fork(self, spec: LabSpec, folder: Path, undo: ExitStack) -> Lab:
        """Fork a lab for `spec` in `folder`; add to `undo` the cleanup that is needed if this fails."""
        with ExitStack() as passed:
            own, theirs = zip(*(wire.pair() for _ in range(3)), strict=True)
            for mine, other in zip(own, theirs, strict=True):
                undo.enter_context(mine)
                passed.enter_context(other)
            make(folder)
            undo.callback(folders.remove, folder)
            descriptors = [end.fileno() for end in theirs]
            template, supervisor = self.pool.fork(spec.configuration, order(spec, folder), descriptors)
        sockets = LabSockets(*own)
        undo.callback(template.release, supervisor, False)
        undo.callback(end_lab, sockets.lifeline, supervisor, drain=lambda: None)
        record_session(folder, supervisor)
        return Lab(spec, folder, supervisor, sockets, template.release)


class LabHost(LabOpener):
    """Opens labs for this process.

    Its folder below `root` is locked for as long as this process runs. Raises UnsupportedPlatform if labs can't run.
    """

    pool: TemplatePool

    def __init__(self, root: Path) -> None:
        check_platform()
        self.name = secrets.token_hex(8)
        super().__init__(Path(root).absolute() / self.name, TemplatePool(Path(root).absolute() / self.name))
        self.lock_descriptor = lock_folder(self.folder)

    def warm_up(self, spec: LabSpec) -> None:
        """Start the template for `spec`, so that its first run doesn't wait for it. Raises LabUnavailable."""
        with as_unavailable():
            self.pool.get(spec.configuration)

    def close(self) -> None:
        """End the fork server and its templates, and remove the folder. Close the labs first. Idempotent."""
        if self.pool.close():
            folders.remove(self.folder)
            os.close(self.lock_descriptor)


def order(spec: LabSpec, folder: Path) -> dict[str, Any]:
    """Return the order to a template for a lab of `spec` in `folder`."""
    return {
        "folder": str(folder),
        "program": spec.program,
        "clusters": list(spec.clusters),
        "breakpoints": spec.breakpoints(),
        "limits": asdict(spec.limits),
    }


def make(folder: Path) -> None:
    try:
        folder.mkdir()
    except OSError as error:
        raise LabUnavailable(f"Its folder can't be created: {error.strerror}.") from error
