from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.labs.inside import folders

DEPTH = 1200
"""More than Python's recursion allows."""
MANY = 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "lab"
    folder.mkdir()
    yield folder
    assert folders.remove(folder)


def nest(folder: Path, depth: int, name: str = "d") -> None:
    """Make folders in each other, without their whole path, which may be longer than a path can be."""
    parent = os.open(folder, os.O_DIRECTORY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=parent)
        child = os.open(name, os.O_DIRECTORY, dir_fd=parent)
        os.close(parent)
        parent = child
    os.close(os.open("file", os.O_CREAT, dir_fd=parent))
    os.close(parent)


@pytest.mark.parametrize(("depth", "name"), [(DEPTH, "d"), (30, "d" * 200)])
def test_folders_that_are_nested_deeply_are_removed(folder: Path, depth: int, name: str) -> None:
    nest(folder, depth, name)
    assert folders.remove(folder)


def test_what_cannot_be_reached_by_a_path_counts_as_all_that_may_be_used(folder: Path) -> None:
    nest(folder, 30, "d" * 200)
    assert folders.used_bytes(folder, MANY) == MANY


def test_sockets_fifos_links_and_names_that_are_no_text_are_removed_and_what_links_lead_to_stays(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir(mode=0o750)
    (other / "kept").touch()
    (folder / "link").symlink_to(other)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / os.fsdecode(b"\xff\n")).mkdir()
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
    assert folders.used_bytes(folder, MANY) < MANY
    assert folders.remove(folder)
    assert (other / "kept").exists()
    assert other.stat().st_mode & 0o777 == 0o750


def test_folders_without_permissions_are_removed(folder: Path) -> None:
    """By a user who has none without them."""
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (below / "file").touch()
    for each in (below, below.parent, folder):
        each.chmod(0)
    folder.parent.chmod(0o777)
    if (pid := os.fork()) == 0:
        os.chdir(folder.parent)
        if os.getuid() == 0:
            for each in ("lab/a/b/file", "lab/a/b", "lab/a", "lab"):
                os.chown(each, 65534, 65534)
            os.setuid(65534)
        os._exit(not folders.remove(Path("lab")))
    assert os.waitpid(pid, 0)[1] == 0


def test_removing_goes_on_after_what_cannot_be_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (folder / name).touch()
    unlink = os.unlink

    def refuse(name: str, **where: int) -> None:
        if name == "b":
            raise PermissionError
        unlink(name, **where)

    with monkeypatch.context() as refusing:
        refusing.setattr(os, "unlink", refuse)
        assert not folders.remove(folder)
    assert [each.name for each in folder.iterdir()] == ["b"]


def test_a_folder_that_is_gone_is_removed(tmp_path: Path) -> None:
    assert folders.remove(tmp_path / "gone")
    assert folders.used_bytes(tmp_path / "gone", MANY) == 0


def test_what_is_used_is_what_the_disk_holds_and_a_little_for_each_name(folder: Path) -> None:
    (folder / "file").write_bytes(b"x" * 100_000)
    used = folders.used_bytes(folder, MANY)
    assert used >= 100_000
    for number in range(100):
        (folder / f"{number}").touch()
    (folder / "folder").mkdir()
    assert folders.used_bytes(folder, MANY) == used + 100 * folders.FILE_BYTES + folders.FOLDER_BYTES
    assert folders.used_bytes(folder, 50_000) == 50_000
