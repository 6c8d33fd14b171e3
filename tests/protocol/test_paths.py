from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

import django
import pytest

from tutor.protocol.paths import PROJECT, hider, server_folders


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A folder of the site, with a folder that leads to it."""
    (tmp_path / "var é").mkdir()
    return tmp_path / "var é"


@pytest.mark.parametrize("path", [django.__file__, PROJECT / "tutor", sys.executable])
def test_paths_of_packages_of_the_project_and_of_python_are_hidden(path: str) -> None:
    assert hider(server_folders())(f"at {path}.").startswith("at …")


def test_the_end_of_a_path_is_shown_behind_a_mark(var: Path) -> None:
    assert hider([var])(f'File "{var}/labs/program.py", line 3') == 'File "…/labs/program.py", line 3'


def test_a_path_in_an_address_or_in_json_is_hidden_too(var: Path) -> None:
    hide = hider([var])
    assert hide(f"file://{var}/x and {quote(str(var), safe='')}") == "file://…/x and …"
    assert hide(ascii(f"{var}/x").replace("\\xe9", "\\u00e9")) == "'…/x'"


def test_both_the_given_and_the_real_path_of_a_folder_are_hidden(var: Path, tmp_path: Path) -> None:
    (link := tmp_path / "link").symlink_to(var)
    assert hider([link])(f"{link}/a {var}/b") == "…/a …/b"


def test_folders_that_every_machine_has_are_not_hidden() -> None:
    hide = hider(server_folders(Path("/"), Path("/usr"), Path("/srv")))
    assert hide("/usr/games /srv /") == "/usr/games /srv /"


def test_of_folders_in_each_other_the_longest_is_hidden(var: Path, tmp_path: Path) -> None:
    assert hider([tmp_path, var])(f"{var}/x {tmp_path}/y") == "…/x …/y"


def test_the_home_of_the_user_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert hider(server_folders())(f"{tmp_path}/.config") == "…/.config"
