"""Units of systemd: what they start, and with which environment."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .deploy_files import deploy_file, variables

SPECIFIER = re.compile(r"%(.)")
CREDENTIALS = {"secret-key": "/etc/tutor/secret-key"}
"""What a unit may load: name → file. The machine has them in its folder of credentials."""


@dataclass(frozen=True)
class Machine:
    """What units know of their machine."""

    state: Path
    """The folder %S, which is /var/lib otherwise."""
    credentials: Path
    """The folder %d, with a file of each name in `CREDENTIALS`."""
    environment_file: str
    """The text of /etc/tutor/tutor.env."""


@dataclass(frozen=True)
class Unit:
    """A unit of docs/deploy."""

    settings: Mapping[str, tuple[str, ...]]
    """Name of a setting → its values, in order."""

    def command(self, machine: Machine, instance: str = "") -> list[str]:
        """Return the command that the unit starts, with its arguments."""
        (line,) = self.settings["ExecStart"]
        return shlex.split(expand(line, machine, instance))

    def environment(self, machine: Machine, instance: str = "") -> dict[str, str]:
        """Return the environment of the unit's process, without what all processes have."""
        if self.settings["EnvironmentFile"] != ("/etc/tutor/tutor.env",):
            raise ValueError("The unit has another EnvironmentFile than /etc/tutor/tutor.env.")
        lines = (expand(line, machine, instance) for line in self.settings["Environment"])
        own = dict(each.split("=", 1) for line in lines for each in shlex.split(line))
        return {**own, **variables(machine.environment_file)}

    def make_folders(self, machine: Machine, instance: str = "") -> None:
        """Create the folders of the unit, and check that the machine has its credentials."""
        for line in self.settings["StateDirectory"]:
            (machine.state / expand(line, machine, instance)).mkdir(mode=0o700, parents=True, exist_ok=True)
        for line in self.settings.get("LoadCredential", ()):
            name, path = line.split(":")
            if CREDENTIALS.get(name) != path or not (machine.credentials / name).is_file():
                raise ValueError(f"The machine has no credential {line}.")

    @property
    def stop_s(self) -> float:
        """The seconds that the unit's process has to end."""
        return float(self.settings["TimeoutStopSec"][-1])


def unit(name: str) -> Unit:
    """Return the unit of a name, such as tutor-labs.service."""
    found: dict[str, list[str]] = {}
    for line in deploy_file(name).splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return Unit({key: tuple(values) for key, values in found.items()})


def expand(text: str, machine: Machine, instance: str) -> str:
    """Return a value with its specifiers replaced. Raise KeyError for one that isn't used so far."""
    values = {"i": instance, "S": str(machine.state), "d": str(machine.credentials), "%": "%"}
    return SPECIFIER.sub(lambda found: values[found[1]], text)
