"""The units of systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tutor.benchmarks.fleet.deploy_files import DEPLOY, deploy_file, variables
from tutor.benchmarks.fleet.units import Machine, unit

UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
ROLES = {"tutor-web@.service": "web", "tutor-migrate.service": "web", "tutor-labs.service": "labs"}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "secret-key").write_text("secret")
    return Machine(tmp_path / "state", tmp_path, deploy_file("tutor.env"))


def test_systemd_finds_no_fault_with_the_units() -> None:
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(DEPLOY / name for name in UNITS)], capture_output=True, text=True
    )
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_its_role_a_folder_of_its_own_and_the_sites_key(name: str, machine: Machine) -> None:
    found = unit(name)
    found.make_folders(machine, "8001")
    environment = found.environment(machine, "8001")
    assert environment["TUTOR_ROLE"] == ROLES[name]
    assert Path(environment["TUTOR_VAR"]).is_dir(), "its StateDirectory"
    assert Path(environment["TUTOR_SECRET_KEY_FILE"]).read_text() == "secret"


def test_two_web_processes_of_a_machine_share_no_folder(machine: Machine) -> None:
    web = unit("tutor-web@.service")
    assert web.environment(machine, "8001")["TUTOR_VAR"] != web.environment(machine, "8002")["TUTOR_VAR"]
    assert web.command(machine, "8002")[-1] == "8002"


def test_the_settings_know_each_variable_of_the_example_environment() -> None:
    known = Path("tutor/settings.py").read_text()
    names = [name for name in variables(deploy_file("tutor.env")) if name != "PYTHONDONTWRITEBYTECODE"]
    assert names and all(f"| {name} |" in known for name in names)
