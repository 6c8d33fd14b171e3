"""What the top of a lesson's page tells: a question that it answers isn't worth asking. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import statements_in
from tutor.trace.model import RecordedEvent
from tutor.trace.symptom_lanes import symptom_of

from .words import is_quoted


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in the title, the summary and the picture of the symptom."""

    texts: Mapping[str, str]
    """Place → its words."""
    subjects: Mapping[str, tuple[ClaimSubject, ...]]
    """Place → the subjects of its claims."""

    def places(self, subject: ClaimSubject, said: Iterable[str]) -> Iterator[str]:
        """Yield the places that make a claim about `subject`, or have one of the texts that say the answer."""
        said = tuple(said)
        for place, text in self.texts.items():
            claimed = of_own_run(subject) in self.subjects.get(place, ())
            if claimed or any(is_quoted(each, text) for each in said):
                yield place


def told_by(lesson: Lesson, events: Sequence[RecordedEvent]) -> Told:
    """Return what the page of a lesson tells; `events` are those of the lesson's own run."""
    content = lesson.content
    told = content.symptom.told if content.symptom else None
    subjects = {
        "summary": [subject_of(each.target) for each in statements_in(content.summary) if each.target],
        "symptom": [told.subject] if told else [],
    }
    texts = {"title": content.title, "summary": content.summary_text, "symptom": symptom_text(lesson, events)}
    return Told(texts, {place: tuple(map(of_own_run, each)) for place, each in subjects.items()})


def of_own_run(subject: ClaimSubject) -> ClaimSubject:
    """Return `subject` with the lesson's own run named in one way."""
    return replace(subject, case="") if subject.case == DEFAULT else subject


def symptom_text(lesson: Lesson, events: Sequence[RecordedEvent]) -> str:
    """Return all labels in the picture of the symptom."""
    symptom = symptom_of(lesson, events)
    lanes = symptom.lanes if symptom else ()
    bars = [bar.text for lane in lanes for bar in lane.bars]
    marks = [mark.text for lane in lanes for mark in (*lane.marks, lane.told) if mark]
    return "; ".join(bars + marks)
