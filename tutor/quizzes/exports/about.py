"""What a question is about, for a page that has nothing but the question."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.lessons.prose import with_code
from tutor.quizzes.terms import terms_of

from .exported import Exported
from .markup import fit, listing

SETTINGS = "Settings"
CLUSTER = ", and a cluster of django-q2 with the settings below:"


def about(exported: Exported, case: Case) -> SafeString:
    """Return the lesson, the case, the program with the values of the case, and what else decides its run, as HTML.

    The lesson's title is the one that doesn't tell the answer.
    """
    lesson, title = exported.lesson, exported.case_title or exported.question.other_case
    what = format_html("in the case “{}”", fit(title)) if title else "its program as it stands"
    parts = [
        format_html("<p>About the lesson “{}”, {}{}</p>", fit(lesson.neutral_title), what, CLUSTER),
        *(listing(path, numbered(text)) for path, text in files_of(lesson, case)),
        listing(SETTINGS, lesson.settings_text(lesson.case_knobs(case))),
    ]
    if terms := terms_of(lesson, case):
        items = format_html_join("", "<li>{}</li>", ((with_code(fit(each)),) for each in terms))
        parts.append(format_html("<p><b>What else decides</b></p><ul>{}</ul>", items))
    return SafeString("".join(parts))


def files_of(lesson: Lesson, case: Case) -> Iterator[tuple[str, str]]:
    """Yield path and text of the program and of the lesson's other files that aren't empty."""
    yield PROGRAM, lesson.program_text(lesson.case_knobs(case))
    yield from ((path, text) for path, text in lesson.files.items() if text.strip())


def numbered(text: str) -> str:
    """Return a file with the numbers of its lines, as questions and what else decides name them."""
    lines = text.rstrip().splitlines()
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {each}".rstrip() for number, each in enumerate(lines, 1))
