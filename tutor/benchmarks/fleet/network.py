"""Networks for lab hosts, as if each were another machine: a namespace, and a cable to this machine that can be cut.

All of it is gone with the process that keeps the namespace open, and that ends with this one. The addresses are those
for benchmarks (RFC 2544).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from ..child import start_child
from .deploy_files import program


def namespaces_are_possible() -> bool:
    """Return whether this process may create network namespaces, and the cables between them."""
    if os.geteuid() != 0:
        return False
    tried = subprocess.run([program("unshare"), "--net", "true"], check=False, capture_output=True)
    return tried.returncode == 0 and program("ip") != "ip"


class Network:
    """The network of a lab host. It reaches this machine alone, at the address `gateway`."""

    gateway: str
    cable: str
    """This machine's end of it."""

    def __init__(self) -> None:
        self.keeper = start_child(
            [program("unshare"), "--net", "sh", "-c", "echo && exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=False,
        )
        assert self.keeper.stdout
        self.keeper.stdout.readline()  # Written in the namespace.
        number = self.lay_cable()
        self.gateway = f"198.18.{number}.1"
        ip("addr", "add", f"{self.gateway}/30", "dev", self.cable)
        ip("link", "set", self.cable, "up")
        ip("addr", "add", f"198.18.{number}.2/30", "dev", "cable", within=self.enter)
        for name in ("cable", "lo"):
            ip("link", "set", name, "up", within=self.enter)

    def lay_cable(self) -> int:
        """Connect the namespace by a cable that has a free name, and a number. Return the number."""
        for number in range(256):
            self.cable = f"tutor{number}"
            peer = ["type", "veth", "peer", "name", "cable", "netns", str(self.keeper.pid)]
            if ip("link", "add", self.cable, *peer, may_fail=True):
                return number
        raise RuntimeError("This machine has no room for another network.")

    @property
    def enter(self) -> list[str]:
        """What a command begins with that is executed in this network."""
        return [program("nsenter"), f"--net=/proc/{self.keeper.pid}/ns/net"]

    def cut(self) -> None:
        """Cut the cable: nothing gets through, and nobody is told."""
        ip("link", "set", self.cable, "down")

    def reconnect(self) -> None:
        """Connect the cable again."""
        ip("link", "set", self.cable, "up")

    def close(self) -> None:
        """Remove the network, unless a process still is in it."""
        self.keeper.kill()
        self.keeper.communicate()


def ip(*arguments: str, within: Sequence[str] = (), may_fail: bool = False) -> bool:
    """Execute the command `ip`, in another network if `within` says so; return whether it has succeeded."""
    done = subprocess.run([*within, program("ip"), *arguments], check=not may_fail, capture_output=may_fail)
    return done.returncode == 0
