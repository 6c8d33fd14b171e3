"""A network of its own for a lab host, which can be cut off."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tutor.benchmarks.fleet.network import Network, namespaces_are_possible
from tutor.benchmarks.services import LOOPBACK, redis

pytestmark = pytest.mark.skipif(not namespaces_are_possible(), reason="only root can create namespaces")
PING = "import redis, sys; redis.Redis.from_url(sys.argv[1], socket_timeout=1, socket_connect_timeout=1).ping()"
LEFT = """
from tutor.benchmarks.fleet.network import Network
network = Network()
print(network.cable, flush=True)
input()
"""


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


def reaches(network: Network, address: str) -> bool:
    """Return whether a program in a network reaches Redis at an address."""
    command = [*network.enter, sys.executable, "-c", PING, address]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_lab_host_that_is_cut_off_reaches_nothing_until_it_is_connected_again(
    network: Network, tmp_path: Path
) -> None:
    with redis(tmp_path, [LOOPBACK, network.gateway]) as server:
        address = server.at(network.gateway)
        assert reaches(network, address)
        network.cut()
        assert not reaches(network, address)
        network.reconnect()
        assert reaches(network, address)


def test_two_networks_of_a_machine_are_not_the_same(network: Network) -> None:
    other = Network()
    assert other.gateway != network.gateway
    other.close()


def test_a_network_is_gone_with_the_process_that_made_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEFT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as maker:
        assert maker.stdout
        cable = maker.stdout.readline().strip()
        assert cable in psutil.net_if_addrs()
        maker.kill()
    while cable in psutil.net_if_addrs():  # The kernel removes it a moment later.
        pass
