"""Practice: quizzes of ten questions, of a lesson, of a subject or of all lessons."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.quizzes.attempts import begun_in
from tutor.quizzes.generated import questions_of
from tutor.quizzes.practice import TEN, name_of, practice
from tutor.runs.models import ALPHABET

from .about import about
from .asking import Asking, answered, asked_on_page, refused
from .browser import browser_of, remember_browser
from .errors import LONGEST_NAME, ExplainedNotFound
from .predict import neutral_title

MIXED = "mixed"
SEED_LENGTH = 6
SEED = re.compile(f"[{ALPHABET}]{{{SEED_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a practice is about."""

    name: str
    """Its name in addresses."""
    title: str
    lessons: Sequence[Lesson]


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    """Show what can be practised."""
    return render(request, "pages/quizzes.html", {"mixed": mixed(), "subjects": subjects()})


@require_safe
@never_cache
def new_practice(request: HttpRequest, what: str) -> HttpResponse:
    """Redirect to other ten questions."""
    return redirect("practice", subject_or_404(what).name, new_seed())


@require_safe
def practice_page(request: HttpRequest, what: str, seed: str) -> HttpResponse:
    """Show one question of those that the seed chooses, or the result; `?question=ID` is a question."""
    browser = browser_of(request)
    asking = asking_of(what, seed, browser)
    names = asked_on_page(request, asking)
    asked = names["asked"]
    context = {
        **names,
        **(about(asked.lesson, asked.case) if asked else {}),
        "asking": asking,
        "is_short": len(asking.quiz.items) < TEN,
    }
    return remember_browser(request, render(request, "pages/practice.html", context))


@require_POST
@never_cache
def answer_at_practice(request: HttpRequest, what: str, seed: str, id: str) -> HttpResponse:
    """Store what was sent to a question of a practice, also if newer runs would ask another one in its place."""
    asking = asking_of(what, seed, browser_of(request), {id})
    if id not in asking.quiz.items:
        return refused(request, asking, "The questions have changed since you loaded the page. Load it again.", 410)
    return answered(request, asking, id)


def asking_of(what: str, seed: str, browser: str = "", begun: Collection[str] = ()) -> Asking:
    """Return the quiz of a subject and a seed as its page asks it.

    The questions that the browser has begun, and those of `begun`, stay in it.
    """
    subject = subject_or_404(what)
    if not SEED.fullmatch(seed):
        raise ExplainedNotFound("The last part of this address isn't one of a quiz.")
    known = {*begun, *begun_in(name_of(subject.name, seed), browser)}
    quiz = practice(subject.name, seed, subject.lessons, questions_of, known)
    page = reverse("practice", args=[subject.name, seed])
    return Asking(
        quiz,
        f"Quiz: {subject.title}",
        page,
        answers=page,
        came_from="",
        names={"another": reverse("new-practice", args=[subject.name])},
        one_by_one=True,
    )


def new_seed() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(SEED_LENGTH))


def subject_or_404(what: str) -> Subject:
    """Return what `what` names: all lessons, a subject of the catalogue, or a lesson."""
    known = catalogue.lessons()
    if what in known:
        return of_lesson(known[what])
    found = next((each for each in (mixed(), *subjects()) if each.name == what), None)
    if found is None:
        raise ExplainedNotFound(f"There are no quizzes about “{what[:LONGEST_NAME]}”.")
    return found


def mixed() -> Subject:
    return Subject(MIXED, "all lessons, mixed", list(catalogue.lessons().values()))


def subjects() -> list[Subject]:
    """Return the subjects of the catalogue, in its order."""
    lessons = catalogue.lessons().values()
    titles = dict.fromkeys(lesson.content.catalogue_subject for lesson in lessons)
    return [
        Subject(slugify(title), title, [lesson for lesson in lessons if lesson.content.catalogue_subject == title])
        for title in titles
    ]


def of_lesson(lesson: Lesson) -> Subject:
    return Subject(lesson.slug, neutral_title(lesson), [lesson])
