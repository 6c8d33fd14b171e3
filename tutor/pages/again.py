"""Two old questions before a lesson, of those that the browser got wrong in others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.quizzes.again import again

from .asking import Asking, answered, asked_on_page, refused
from .browser import browser_of
from .errors import lesson_or_404


@require_POST
@never_cache
def answer_again(request: HttpRequest, slug: str, id: str) -> HttpResponse:
    """Store what was sent to an old question; `?version=` is the version of the lesson that the page shows."""
    lesson = lesson_or_404(slug)
    asking = asking_of(lesson, browser_of(request))
    if request.GET.get("version") != lesson.version:
        return refused(request, asking, "The lesson has changed since you loaded its page. Load it again.", 410)
    return answered(request, asking, id)


def old_questions(request: HttpRequest, lesson: Lesson) -> str:
    """Return the old questions before a lesson, or how they were answered; "" if there are none."""
    asking = asking_of(lesson, browser_of(request))
    return render_to_string("quizzes/again.html", asked_on_page(request, asking), request) if asking.quiz.items else ""


def asking_of(lesson: Lesson, browser: str) -> Asking:
    """Return the old questions as the page of a lesson asks them."""
    return Asking(
        again(lesson, browser, catalogue.lessons().values()),
        lesson.content.title,
        reverse("lesson", args=[lesson.slug]),
        reverse("answer-again", args=[lesson.slug, "id"]).removesuffix("id/"),
        came_from=f"version={lesson.version}",
        names={},
        result_id="again-result",
    )
