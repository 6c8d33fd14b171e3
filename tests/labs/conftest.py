from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.labs.defined import undefined
from tests.labs.observed import in_order, new_name
from tutor.labs.host.lab_host import LabHost
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation

Run = Callable[[LabSpec], list[Observation]]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHost]:
    """The one host of all tests: its labs are as independent of each other as those of a site."""
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield host
    host.close()


@pytest.fixture
def run(host: LabHost) -> Run:
    """Run a lab to its end; return its observations in the order of time, `ended` last. All are as they are defined."""

    def run(spec: LabSpec) -> list[Observation]:
        with host.open(spec, new_name()) as lab:
            seen = in_order(each for batch in lab for each in batch)
        assert undefined(seen) == []
        return seen

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder for hosts of the test's own."""
    return tmp_path / "labs"
