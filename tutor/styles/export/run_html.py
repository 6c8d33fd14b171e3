"""A run as one HTML file that needs no site: every step in five styles, with the script and the style sheets in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tutor.static_files import join
from tutor.styles import rendering
from tutor.styles.byte_cache import ByteCache
from tutor.styles.inputs import deeds_of
from tutor.styles.moment import Moment
from tutor.styles.parts import Part
from tutor.styles.registry import styles

STYLES = ("step_by_step", "flow", "code", "timeline", "read")
"""The styles that need nothing but the run."""
MOST_STEPS = 40
"""The maximum steps of a run that is offered as such a file, which then has at most about 1 MB."""
ON_THE_SITE = re.compile(r'(?<= href=")/(?!/)')
"""The place of a link's address that is one of the site."""
MAX_BYTES = 8 * 2**20
files: ByteCache[str] = ByteCache(MAX_BYTES)
"""Run, version of its lesson and address of the site → file."""


def run_html(moment: Moment, site: str) -> str:
    """Return the run of `moment`, which has ended, as a file. Its links lead to `site`, without a slash at its end."""
    assert moment.run
    return files.get_or_set((moment.run.pk, moment.lesson.version, site), lambda: new_file(moment, site))


def new_file(moment: Moment, site: str) -> str:
    moment = without_questions(moment).at(1, STYLES[0])
    script, style_sheet = text_of("styles/export/run.js"), text_of("styles/export/run.css")
    style_sheets = [(name, text_of(f"styles/{name}.css")) for name in STYLES]
    names = {
        "lesson": moment.lesson,
        "run": moment.run,
        "deeds": deeds_of(moment.run),
        "site": site,
        "policy": policy([script], [style_sheet, *(sheet for _, sheet in style_sheets)]),
        "style_sheet": style_sheet,
        "style_sheets": style_sheets,
        "styles": {name: styles()[name] for name in STYLES},
        "walk_nav": SafeString(on_site(rendering.walk_nav(moment), site)),
        "stage": SafeString(on_site(rendering.stage(moment), site)),
        "data": data_of(moment, site),
        "script": script,
    }
    return render_to_string("styles/export/run.html", names)


def without_questions(moment: Moment) -> Moment:
    """Return the moment of a lesson that asks nothing, so that no part can contain a question or its key.

    It has no notes for presenters either.
    """
    content = moment.lesson.content
    steps = tuple(rule.model_copy(update={"present": ""}) for rule in content.steps)
    content = content.model_copy(update={"ask": None, "quiz": (), "repair": (), "steps": steps})
    return replace(moment, lesson=replace(moment.lesson, content=content))


@dataclass(slots=True)
class Pieces:
    """Parts, each once: texts, and numbers of the parts between them."""

    site: str
    found: list[Sequence[str | int]] = field(default_factory=list)
    numbers: dict[Sequence[str | int], int] = field(default_factory=dict)

    def number_of(self, part: Part) -> int:
        """Return the number of a part, adding it if it is new."""
        pieces = tuple(
            on_site(piece, self.site) if isinstance(piece, str) else self.number_of(piece) for piece in part.pieces
        )
        if pieces not in self.numbers:
            self.numbers[pieces] = len(self.found)
            self.found.append(pieces)
        return self.numbers[pieces]


def data_of(moment: Moment, site: str) -> str:
    """Return all parts, and the fragments of each step in each style, as compressed JSON in Base64."""
    pieces = Pieces(site)
    steps = {style: [numbers_at(moment.at(step + 1, style), pieces) for step in range(moment.made)] for style in STYLES}
    text = json.dumps({"pieces": pieces.found, "steps": steps}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def numbers_at(moment: Moment, pieces: Pieces) -> list[int]:
    return [pieces.number_of(part) for part in (rendering.nav_part(moment), rendering.stage_part(moment))]


def on_site(html: str, site: str) -> str:
    """Return HTML whose links to pages of the site are absolute. No text contains such a quote."""
    return ON_THE_SITE.sub(f"{site}/", html)


@cache
def text_of(name: str) -> SafeString:
    """Return a style sheet or a module of the site with what it imports."""
    return SafeString(join(name, lambda name: Path(settings.BASE_DIR, "static", name).read_text()))


def policy(scripts: Sequence[str], style_sheets: Sequence[str]) -> str:
    """Return the Content-Security-Policy that allows these texts and nothing else, no request either."""
    allowed = {"script-src": scripts, "style-src": style_sheets}
    rules = [f"{name} {' '.join(map(digest, texts))}" for name, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
