"""An app whose lessons ask a question of each kind, in the place of their own ones."""

from __future__ import annotations

from django.apps import AppConfig


class Kinds(AppConfig):
    name = "tests.browser.kinds"
    label = "asking_kinds"

    def ready(self) -> None:
        from tutor.assignments import pool
        from tutor.quizzes import quiz

        from .questions import QUESTIONS

        quiz.authored = lambda lesson, trace: QUESTIONS
        pool.questions_about = lambda observed: iter(QUESTIONS.values())
