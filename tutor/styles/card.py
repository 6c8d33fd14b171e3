"""Cards: a moment of a run as a picture of 1200 × 630. Sites and messengers show its PNG for a link to it."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.runs.references import reference
from tutor.trace.moment_lanes import lanes_at

from .build import build
from .byte_cache import ByteCache
from .drawing.symptom import draw_symptom
from .drawing.symptom_shapes import HEIGHT, WIDTH, SymptomPicture
from .moment import Moment
from .symptoms import picture_of

FOLDER = Path(__file__).parent
FONT, STYLE_SHEET = FOLDER / "fonts/Roboto-Medium.ttf", FOLDER / "card.css"
LONGEST_LINE, MOST_LINES, LINE, FIRST_LINE = 46, 3, 58, 140
"""The maximum characters of a line and lines of the sentence, and the heights of a line and of the first baseline."""
BOTTOM, LEFT, RIGHT = 595, 60, 1140
"""The edges of the picture's frame."""
MAX_BYTES = 8 * 2**20
"""The bytes of the cards that a process keeps."""
cards: ByteCache[bytes] = ByteCache(MAX_BYTES)
"""What decides a card → its PNG."""
drawing = threading.Lock()
"""Cards are drawn one at a time, so that requests for many of them don't take all of a machine."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the sentence."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows."""

    title: str
    sentence: str
    picture: SymptomPicture | None

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """The lines of the sentence."""
        found = textwrap.wrap(self.sentence, LONGEST_LINE, max_lines=MOST_LINES, placeholder=" …")
        return tuple(TextLine(text, FIRST_LINE + LINE * index) for index, text in enumerate(found))

    @property
    def top(self) -> int:
        """The y at which the picture's frame begins."""
        return FIRST_LINE + LINE * (len(self.lines) - 1) + 32

    @property
    def height(self) -> int:
        return BOTTOM - self.top

    @property
    def scale(self) -> float:
        return round(min((RIGHT - LEFT) / WIDTH, self.height / HEIGHT), 3)

    @property
    def left(self) -> float:
        """The x at which the picture begins, in the middle of its frame."""
        return round((LEFT + RIGHT - WIDTH * self.scale) / 2, 1)


def card_of_moment(moment: Moment) -> bytes:
    """Return the card of a step of a run, with nothing of later steps."""
    run = moment.run.pk if moment.run else None
    return kept((moment.lesson.version, run, moment.position), lambda: moment_card(moment))


def moment_card(moment: Moment) -> Card:
    lanes = lanes_at(moment.trace, moment.position)
    return Card(title_of_moment(moment), moment.steps[-1].headline, draw_symptom(lanes) if lanes else None)


def title_of_moment(moment: Moment) -> str:
    """Return the title of a step: the lesson's, and its number."""
    return f"{moment.lesson.content.title}, step {moment.position}"


def address_of_moment(moment: Moment) -> str:
    """Return the address of the card of a moment, which has its edition if it never changes."""
    if moment.run is None or not moment.position:
        return address_of_lesson(moment.lesson)
    address = reverse("run-card", args=[moment.run.public_id, moment.position])
    return f"{address}?edition={moment.edition}" if moment.is_immutable else address


def address_of_lesson(lesson: Lesson) -> str:
    """Return the address of the card of a lesson in its edition."""
    return f"{reverse('lesson-card', args=[lesson.slug])}?edition={edition_of_lesson(lesson)}"


def edition_of_lesson(lesson: Lesson) -> str:
    """Return what decides the card of a lesson: the build, its words and the run that it shows.

    It isn't the lesson's version, which is different for another right option of a question.
    """
    if settings.DEBUG:
        return ""
    run = reference(lesson, DEFAULT)
    words = sha256(f"{lesson.content.title}\n{lesson.content.summary_text}".encode()).hexdigest()
    return f"{build()}-{words[:8]}-{run.pk if run else 0}"


def card_of_lesson(lesson: Lesson) -> bytes:
    """Return the card of a lesson: its symptom, if the site has a run of it."""
    run = reference(lesson, DEFAULT)
    key = lesson.version, "symptom", run.pk if run else None
    content = lesson.content
    return kept(key, lambda: Card(content.title, content.summary_text, picture_of(lesson, run) if run else None))


def kept(key: Hashable, make: Callable[[], Card]) -> bytes:
    """Return the PNG of a card, which is drawn once."""
    if (found := cards.get(key)) is None:
        with drawing:
            found = cards.get(key) or png_of(make())
        cards.put(key, found, len(found))
    return found


def svg_of_moment(moment: Moment) -> str:
    """Return the card of a step of a run as SVG, with its style sheet in it and its texts as text."""
    return svg_of(moment_card(moment))


def svg_of(card: Card) -> str:
    return render_to_string("styles/card.html", {"card": card, "style_sheet": style_sheet()})


def png_of(card: Card) -> bytes:
    """Return a card as PNG."""
    return resvg_py.svg_to_bytes(
        svg_string=svg_of(card),
        skip_system_fonts=True,
        font_files=[str(FONT)],
        sans_serif_family="Roboto",
    )


@cache
def style_sheet() -> SafeString:
    return SafeString(STYLE_SHEET.read_text(encoding="utf-8"))
