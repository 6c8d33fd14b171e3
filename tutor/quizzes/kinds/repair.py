"""Changing one knob so that a symptom goes. An answer is the knob and its value, such as "retry=7"; a run judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.safestring import SafeString

from tutor.lessons.claims import ClaimSubject
from tutor.lessons.format.knobs import Knob, Value
from tutor.lessons.knob_form import FIELDS, KnobForm, quoted
from tutor.trace.claim_evaluation import value_holds
from tutor.trace.model import Trace

from .question import LONGEST_ANSWER, Mark, Option, Question, Unreadable

ABORTED = ("stopped", "lost")
"""The outcomes of runs that judge nothing."""


@dataclass(frozen=True, slots=True)
class KnobRow:
    """A knob that may be changed."""

    name: str
    label: str
    now: str
    """Its value in the lesson's own run."""
    allowed: str
    """The allowed values of a number, such as "a whole number from 1 to 9"; "" for other knobs."""
    allowed_id: str
    """The id of the element that says so."""
    widget: SafeString
    """Its field, with the value that was tried last. A switch has a hidden one: there is one other value."""
    other: str
    """That value; "" for other knobs."""
    tried: tuple[str, ...]
    """The values that didn't make the symptom go."""
    mark: Mark
    """What is known of the value in the field."""


@dataclass(frozen=True, kw_only=True)
class Repair(Question):
    """A question that is answered by changing one knob. It is right if the run with that knob reaches the goal."""

    kind: ClassVar[str] = "repair"

    knobs: tuple[Knob, ...]
    goal: ClaimSubject
    value: str
    """The value that the run must show for the goal."""
    heals: str
    """An answer whose run does."""
    known: Mapping[str, Option]
    """Answers whose runs don't, and what there is to say of them."""

    def read(self, sent: Mapping[str, str], seed: str) -> str:
        knob = next((each for each in self.knobs if each.name == sent.get("knob")), None)
        if knob is None:
            raise Unreadable("Choose the knob that you change, and check again.")
        text = sent.get(field_of(knob), "").strip()
        form = KnobForm([knob], {knob.name: text})
        if not form.is_valid():
            reason = f"“{quoted(text)}” isn't {knob.allowed}." if text else f"Enter {knob.allowed}."
            raise Unreadable(f"{knob.label}: {reason}")
        value = form.cleaned_data[knob.name]
        if value == knob.default:
            raise Unreadable(f"{knob.label} is {knob.text(value)} already. Change one knob, and check again.")
        answer = answer_of(knob, value)
        if len(answer) > LONGEST_ANSWER:
            raise Unreadable(f"{knob.label}: that value is too long.")
        return answer

    def is_right(self, answer: str) -> bool | None:
        return None

    def judge(self, trace: Trace) -> bool | None:
        """Return whether the run of an answer reaches the goal; None if it goes on or was aborted."""
        if trace.ended is None or trace.ended.outcome in ABORTED:
            return None
        return value_holds(self.goal, self.value, trace)

    def knob_in(self, answer: str) -> tuple[Knob, str]:
        """Return the knob that an answer changes, and the text of its new value."""
        name, _, text = answer.partition("=")
        return next(each for each in self.knobs if each.name == name), text

    def change(self, answer: str) -> dict[str, Value]:
        """Return the knob that an answer changes → its new value."""
        knob, text = self.knob_in(answer)
        form = KnobForm([knob], {knob.name: text})
        form.is_valid()
        return form.cleaned_data

    def option(self, answer: str) -> Option:
        knob, text = self.knob_in(answer)
        known = self.known.get(answer, Option(""))
        return Option(f"{knob.label}: {text}", known.why, known.misconception)

    @property
    def key(self) -> str:
        return self.heals

    @property
    def has_several(self) -> bool:
        return True

    @property
    def case(self) -> str:
        return ""  # Its claim is about a case that heals.

    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        last = key or (tried[-1] if tried else "")
        return {"rows": [self.row(knob, tried, last, "right" if key else "wrong") for knob in self.knobs]}

    def row(self, knob: Knob, tried: Sequence[str], last: str, mark: Mark) -> KnobRow:
        values = tuple(text for name, _, text in (each.partition("=") for each in tried) if name == knob.name)
        name, _, text = last.partition("=")
        is_last, now = name == knob.name, knob.text(knob.default)
        allowed = knob.allowed if knob.type in ("integer", "number") else ""
        allowed_id = f"allowed-{self.id}-{knob.name}"
        other = knob.text(not knob.default) if knob.type == "switch" else ""
        field = forms.HiddenInput() if other else FIELDS[knob.type](knob).widget
        attributes = {"aria-label": False if other else f"New value of {knob.label}"}
        described = {"aria-describedby": allowed_id if allowed else False}
        widget = field.render(field_of(knob), other or (text if is_last else now), {**attributes, **described})
        shown = mark if is_last else ""
        return KnobRow(knob.name, knob.label, now, allowed, allowed_id, widget, other, values, shown)


def field_of(knob: Knob) -> str:
    """Return the name of the field that has a knob's new value."""
    return f"to-{knob.name}"


def answer_of(knob: Knob, value: object) -> str:
    return f"{knob.name}={knob.text(value)}"
