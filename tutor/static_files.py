"""Static files as they are collected: each style sheet and module contains what it imports, without comments.

Browsers can use the files in `static/` as they are. Collected, a page needs one request instead of one for each part,
and what the parts have in common compresses better.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS_IMPORT = re.compile(r'^@import "(?P<path>[^"]+)"(?: (?P<media>\w+))?;$', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
JS_IMPORT = re.compile(r'^import (?P<names>\{ \w+(?:, \w+)* \} from )?"(?P<path>[^"]+)";$', re.MULTILINE)
JS_EXPORT = re.compile(r"^export (?=const |(?:async )?function |class )", re.MULTILINE)
JS_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
JS_COMMENT = re.compile(r'^\s*//.*$|(?<=[;,{}(]) // [^"`\n]*$', re.MULTILINE)

Read = Callable[[str], str]
"""Returns the text of the static file of a name."""


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins the style sheets and modules before they get their hashes."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Replace the collected files by joined ones, and process them as WhiteNoise does."""
        if not dry_run:
            joined = {name: text for name in paths if (text := join(name, lambda name: source(paths, name)))}
            for name, text in joined.items():
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
            paths = {**paths, **{name: (self, name) for name in joined}}
        yield from super().post_process(paths, dry_run, **options)


def source(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())


def join(name: str, read: Read) -> str:
    """Return the text of a style sheet or a module with what it imports. It is empty if the file stays as it is.

    Raise ValueError if an import or an export is of another form than those below.
    """
    if name.startswith("vendor/"):
        return ""
    if name.endswith(".css"):
        return re.sub(r"\s+", " ", CSS_COMMENT.sub("", style_sheet(name, read)))
    if name.endswith(".js"):
        text = JS_COMMENT.sub("", module(name, read, set()))
        if left := JS_LEFT.search(text):
            raise ValueError(f"{name}: can't join “{left[0]}”")
        return re.sub(r"\n\s*", "\n", text)
    return ""


def style_sheet(name: str, read: Read) -> str:
    """Return a style sheet in which each `@import "path" medium;` is replaced by its file."""

    def imported(match: re.Match[str]) -> str:
        text = style_sheet(beside(name, match["path"]), read)
        return f"@media {match['media']} {{ {text} }}" if match["media"] else text

    return CSS_IMPORT.sub(imported, read(name))


def module(name: str, read: Read, included: set[str]) -> str:
    """Return a module in which each import is replaced by its file, the first time.

    A module of which names are imported shares the scope of the one that imports them, so their names must differ. One
    that is imported for its effect alone has a scope of its own.
    """

    def imported(match: re.Match[str]) -> str:
        path = beside(name, match["path"])
        if path in included:
            return ""
        included.add(path)
        text = module(path, read, included)
        return text if match["names"] else f"{{\n{text}}}"

    return JS_EXPORT.sub("", JS_IMPORT.sub(imported, read(name)))


def beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
