"""The identity of the code that renders parts: the same build renders the same moment to the same HTML."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings

SITE = Path(__file__).resolve().parent.parent
CONTENT = SITE / "lessons/content"


@cache
def build() -> str:
    """Return a hash of the site's code, its templates and the installed packages, as of the first call."""
    code = hashlib.sha256(repr(sorted({(each.name, each.version) for each in distributions()})).encode())
    for path in files_of_the_site():
        code.update(path.read_bytes())
    return code.hexdigest()[:12]


def files_of_the_site() -> list[Path]:
    """Return the files that a part depends on, in order. Lessons have versions of their own."""
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    code = (path for pattern in ("*.py", "*.toml", "*.css", "*.ttf") for path in SITE.rglob(pattern))
    return sorted(path for path in (*templates, *code) if CONTENT not in path.parents)
