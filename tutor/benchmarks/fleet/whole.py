"""The whole fleet."""

from __future__ import annotations

import http.client
import secrets
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg

from ..served_site import Site
from ..services import LOOPBACK, Server, free_port, postgresql, redis, temporary_folder
from .deploy_files import ROOT, deploy_file, exchanged
from .network import Network
from .part import LOOK_EVERY_S, SHARED, Part
from .proxy import Proxy
from .units import Machine, unit

TIMEOUT_S = 10.0
NOTHING: Mapping[str, str] = {}


@dataclass
class LabHost(Part):
    """A lab host, with a network of its own if the fleet has namespaces."""

    network: Network | None = None


@dataclass
class Fleet:
    """A running deployment."""

    folder: Path
    """With the state, and the log, of each part."""
    database: Server
    redis: Server
    environment: Mapping[str, str]
    """What is added to /etc/tutor/tutor.env of all machines."""
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    web: list[Part] = field(default_factory=list)
    labs: list[LabHost] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ports: list[int] = []
        self.proxy: Proxy

    @property
    def base(self) -> str:
        """The address of the site, by https. `proxy.certificate` is its certificate."""
        return self.proxy.base

    @property
    def site(self) -> Site:
        """The site as other benchmarks see it."""
        context = ssl.create_default_context(cafile=str(self.proxy.certificate))
        return Site(self.folder, self.proxy.port, context, database=self.database.address)

    def parts(self) -> list[Part]:
        """Return all parts but the database and Redis."""
        return [self.proxy, *self.web, *self.labs]

    def machine(self, name: str, gateway: str = LOOPBACK) -> Machine:
        """Return a machine with folders of its own, that reaches the database and Redis at an address."""
        folder = self.folder / name
        (folder / "credentials").mkdir(parents=True)
        (folder / "credentials/secret-key").write_text(self.secret_key)
        variables = exchanged(
            deploy_file("tutor.env"),
            {
                "TUTOR_HOSTS=tutor.example.org": f"TUTOR_HOSTS={LOOPBACK}",
                "DATABASE_URL=postgres://tutor:PASSWORD@127.0.0.1/tutor": f"DATABASE_URL={self.database.at(gateway)}",
                "TUTOR_REDIS_URL=redis://127.0.0.1:6379/0": f"TUTOR_REDIS_URL={self.redis.at(gateway)}",
            },
        )
        more = "".join(f"{name}={value}\n" for name, value in self.environment.items())
        return Machine(folder / "state", folder / "credentials", f"{variables}\n{more}")

    def migrate(self) -> None:
        """Do what tutor-migrate.service does."""
        migrating, machine = unit("tutor-migrate.service"), self.machine("migrate")
        migrating.make_folders(machine)
        environment = {**SHARED, **migrating.environment(machine)}
        subprocess.run(migrating.command(machine), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    def new_web(self, number: int) -> Part:
        """Return a web process, not yet started."""
        serving, machine, port = unit("tutor-web@.service"), self.machine(f"web-{number}"), free_port()
        serving.make_folders(machine, str(port))
        self.ports.append(port)
        return Part(
            f"web-{number}",
            serving.command(machine, str(port)),
            serving.environment(machine, str(port)),
            self.folder / f"web-{number}.log",
            partial(serves, port),
            serving.stop_s,
        )

    def new_lab_host(self, number: int, network: Network | None) -> LabHost:
        """Return a lab host, not yet started."""
        hosting = unit("tutor-labs.service")
        machine = self.machine(f"labs-{number}", network.gateway if network else LOOPBACK)
        hosting.make_folders(machine)
        environment = hosting.environment(machine)
        return LabHost(
            f"labs-{number}",
            [*(network.enter if network else ()), *hosting.command(machine)],
            environment,
            self.folder / f"labs-{number}.log",
            partial(self.has_host, Path(environment["TUTOR_VAR"]) / "labs"),
            hosting.stop_s,
            network=network,
        )

    def has_host(self, labs: Path) -> bool:
        """Return whether a host whose folder is in `labs` is known to the site."""
        with psycopg.connect(self.database.address) as connection:
            known = {name for (name,) in connection.execute("SELECT name FROM runs_host").fetchall()}
        return any(folder.name in known for folder in labs.glob("*/"))

    def stop(self) -> None:
        """End all parts but the database and Redis, at once, and wait until no lab is left."""
        for part in self.parts():
            part.terminate()
        for part in self.parts():
            part.stop()
        deadline = time.monotonic() + TIMEOUT_S
        while any(self.folder.glob("labs-*/state/tutor/labs/labs/*/")) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)


@contextmanager
def fleet(
    web: int = 2, labs: int = 3, *, namespaces: bool = False, environment: Mapping[str, str] = NOTHING
) -> Iterator[Fleet]:
    """Run a site with this many web processes and lab hosts during the block. All of them are ready in it.

    With `namespaces`, each lab host has a network of its own; see `network.namespaces_are_possible`. `environment` is
    added to that of all processes.
    """
    with ExitStack() as ending:
        folder = ending.enter_context(temporary_folder("tutor-fleet-"))
        networks = [Network() for _ in range(labs)] if namespaces else []
        for network in networks:
            ending.callback(network.close)
        hosts = [LOOPBACK, *(network.gateway for network in networks)]
        folders = [folder / "postgresql", folder / "redis"]
        for each in folders:
            each.mkdir()
        database = ending.enter_context(postgresql(folders[0], hosts))
        site = Fleet(folder, database, ending.enter_context(redis(folders[1], hosts)), environment)
        site.migrate()
        site.web = [site.new_web(number) for number in range(1, web + 1)]
        site.labs = [
            site.new_lab_host(number, networks[number - 1] if networks else None) for number in range(1, labs + 1)
        ]
        site.proxy = Proxy(folder / "nginx", site.ports)
        ending.callback(site.stop)
        for part in site.parts():
            part.launch()
        for part in site.parts():
            part.wait_until_ready()
        yield site


def serves(port: int) -> bool:
    """Return whether the web process at a port says that it is ready. Raise OSError if nobody is there."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/ready/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except http.client.HTTPException:
        return False
    finally:
        connection.close()
