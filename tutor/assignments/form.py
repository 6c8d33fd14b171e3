"""The form in which a teacher makes a quiz, or changes when it is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from tutor.lessons import catalogue

from .documents import ADAPTERS
from .making import MOST_LESSONS
from .models import Assignment

KINDS = {
    "choice": "Choose one of several answers",
    "cell": "Write a value",
    "order": "Put what happened in order",
    "point": "Point at a line of code, a process or a part of the cluster",
}
"""Kind of question → what a student does."""
assert set(KINDS) == set(ADAPTERS)
LONGEST_OPEN = timedelta(days=180)
DAYS_OPEN = 7
MOST_QUESTIONS, MOST_TRIES, MOST_MINUTES = 30, 3, 600


class Moment(forms.DateTimeField):
    """A date and time, as a browser's own field for them sends it; always UTC, as its label says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class TimesForm(forms.ModelForm):  # type: ignore[type-arg]
    """When a quiz is open."""

    opens_at = Moment(label="Opens (UTC)", required=False)
    closes_at = Moment(label="Closes (UTC)")

    class Meta:
        model = Assignment
        fields = ["opens_at", "closes_at"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        opens = found["opens_at"] = found.get("opens_at") or self.instance.opens_at or timezone.now()
        closes = found.get("closes_at")
        if closes and closes <= opens:
            self.add_error("closes_at", "Choose a time after the quiz has opened.")
        elif closes and closes > timezone.now() + LONGEST_OPEN:
            self.add_error("closes_at", f"Choose a time within {LONGEST_OPEN.days} days.")
        return found


class AssignmentForm(TimesForm):
    """A new quiz."""

    lessons = forms.MultipleChoiceField(
        label="Lessons",
        help_text=f"At most {MOST_LESSONS}: each of them is run for this quiz.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one lesson."},
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds of questions",
        choices=KINDS.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of question."},
    )
    number = forms.IntegerField(
        label="Questions",
        min_value=1,
        max_value=MOST_QUESTIONS,
        help_text=f"Of all lessons together, at most {MOST_QUESTIONS}.",
    )
    tries = forms.IntegerField(label="Tries at a question", min_value=1, max_value=MOST_TRIES)
    minutes = forms.IntegerField(
        label="Time limit in minutes",
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        help_text="For each student, from when they begin. Leave it empty for no limit but the closing time.",
    )
    one_by_one = forms.TypedChoiceField(
        label="A page shows",
        choices=[("1", "One question at a time"), ("0", "All questions")],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Assignment
        fields = [
            "title",
            "lessons",
            "kinds",
            "number",
            "variants",
            "order",
            "feedback",
            "tries",
            "one_by_one",
            "opens_at",
            "closes_at",
            "minutes",
        ]
        widgets = dict.fromkeys(("variants", "order", "feedback"), forms.RadioSelect)

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        lessons: Any = self.fields["lessons"]
        lessons.choices = [(slug, each.content.title) for slug, each in catalogue.lessons().items()]

    def clean_lessons(self) -> list[str]:
        slugs: list[str] = self.cleaned_data["lessons"]
        if len(slugs) > MOST_LESSONS:
            raise forms.ValidationError(f"Choose at most {MOST_LESSONS} lessons: each of them is run for this quiz.")
        return slugs


def new_form(data: Any = None, lesson: str = "") -> AssignmentForm:
    """Return the form of a new quiz, filled in so that a title and a lesson are all that it needs."""
    now = timezone.now()
    initial = {
        "title": "",
        "lessons": [lesson] if lesson else [],
        "kinds": list(KINDS),
        "number": 10,
        "variants": Assignment.Variants.ONE,
        "order": Assignment.Order.SAME,
        "feedback": Assignment.Feedback.NOW,
        "tries": 2,
        "one_by_one": "1",
        "opens_at": now.replace(second=0, microsecond=0),
        "closes_at": now.replace(minute=0, second=0, microsecond=0) + timedelta(days=DAYS_OPEN),
    }
    return AssignmentForm(data, initial=initial)
