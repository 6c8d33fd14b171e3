from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.labs.host.lab_host import LabHost


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHost]:
    """A host of the module's own, for tests that do no harm to its fork server."""
    host = LabHost(tmp_path_factory.mktemp("shared"))
    yield host
    host.close()


@pytest.fixture
def own(root: Path) -> Iterator[LabHost]:
    """A host of the test's own."""
    host = LabHost(root)
    yield host
    host.close()
