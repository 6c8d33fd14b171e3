"""What both formats say to Moodle, and what Moodle can't hold whatever the format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .markup import fit
from .portable import Portable, those


def categories(title: str) -> str:
    """Return the path of a category with that title, at the top of a course's question bank. "//" is a slash."""
    name = " ".join(fit(title).replace("\\", "/").split()).strip("/ ")
    return f"$course$/top/{name.replace('/', '//') or 'Task Tutor'}"


def wildcards_escaped(value: str) -> str:
    """Return a value that Moodle compares as it stands, without wildcards."""
    return value.replace("*", r"\*")


def losses(found: Sequence[Portable]) -> Iterator[str]:
    """Yield a sentence for each thing that Moodle can't hold."""
    if looks := those(each for each in found if each.source.look):
        yield f"Moodle shows no run: the hints that say where to look in it, those of {looks}, were left out."
    if written := those(each for each in found if each.kind == "shortanswer"):
        yield f"Moodle accepts the values that are listed in {written}, not every other way to write the same."
    if ordered := those(each for each in found if each.kind == "ordering"):
        yield f"Moodle can't explain a wrong order: the reasons are in the general feedback of {ordered}."
