"""Folders that a lab has filled: how much is in one, and removing it, whatever it contains.

A lab can nest folders more deeply than Python's recursion or a path's length allow, and take permissions from them.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DISK_BLOCK = 512
"""Bytes; see stat(2), `st_blocks`."""
FILE_BYTES, FOLDER_BYTES = 4 * 1024, 16 * 1024
"""Bytes that a file and a folder count for at least. Even if they are empty, removing them takes time."""
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def used_bytes(folder: Path, most: float) -> float:
    """Return how many bytes what is below `folder` takes up on the disk; `most` if that is reached or not known.

    What lies too deep for a path can't be known.
    """
    used, folders = 0.0, [str(folder)]
    while folders and used < most:
        try:
            for entry, status in entries(folders.pop()):
                is_folder = stat.S_ISDIR(status.st_mode)
                used += max(status.st_blocks * DISK_BLOCK, FOLDER_BYTES if is_folder else FILE_BYTES)
                folders += [entry.path] if is_folder else []
                if used >= most:
                    break
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return most
    return min(used, most)


def entries(folder: str) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    """Yield what is in `folder` and still there. Raises OSError."""
    with os.scandir(folder) as found:
        for entry in found:
            with suppress(FileNotFoundError):
                yield entry, entry.stat(follow_symlinks=False)


def remove(folder: Path) -> bool:
    """Remove `folder` with all that is in it; return whether it is gone. What can't be removed stays.

    The folders in it are moved to its top before they are emptied, so that none of them is ever deep.
    """
    prefix = f".{secrets.token_hex(4)}"  # A lab can't have used it.
    with suppress(OSError), opened(str(folder)) as top:
        moved = emptied(top, top, prefix)
        for number, name in enumerate(moved):
            with suppress(OSError), opened(name, top) as below:
                moved += emptied(below, top, f"{prefix}-{number}")
            with suppress(OSError):
                os.rmdir(name, dir_fd=top)
    with suppress(OSError):
        folder.rmdir()
    return not os.path.lexists(folder)


@contextmanager
def opened(folder: str, parent: int | None = None) -> Iterator[int]:
    """Open `folder`, in the folder with the descriptor `parent`, whatever its permissions. Raises OSError."""
    descriptor = os.open(folder, os.O_PATH | FOLDER, dir_fd=parent)
    try:
        if os.fstat(descriptor).st_mode & stat.S_IRWXU != stat.S_IRWXU:
            Path(f"/proc/self/fd/{descriptor}").chmod(stat.S_IRWXU)
        readable = os.open(".", FOLDER, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    try:
        yield readable
    finally:
        os.close(readable)


def emptied(folder: int, top: int, prefix: str) -> list[str]:
    """Remove the files in `folder`, and move the folders in it into `top`; return their new names.

    Both are descriptors. `prefix` is what the names begin with.
    """
    moved = []
    for number, name in enumerate(os.listdir(folder)):
        with suppress(OSError):
            if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=folder)
                continue
            with opened(name, folder):
                pass  # It has the permission that moving it requires.
            os.rename(name, f"{prefix}-{number}", src_dir_fd=folder, dst_dir_fd=top)
            moved.append(f"{prefix}-{number}")
    return moved
