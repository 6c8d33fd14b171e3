"""A lesson: the content of `lesson.toml` and of the other files in its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from pydantic_core import to_json

from . import lab_settings
from .claims import Claim
from .errors import Problem, unknown
from .format.cases import DEFAULT, Case
from .format.knobs import Knob, Value
from .format.lab_rules import GateRule, InterventionRule
from .format.lesson_file import LessonFile
from .program import KnobSpan, Program
from .prose import without_claims
from .templating import fill
from .upgrades import SCHEMA

COUNTED = re.compile(r"\{(?P<knob>\w+)\} \w+s\b")
"""A knob and the plural of what it counts, as in “{workers} workers”."""


@dataclass(frozen=True)
class Lesson:
    """A lesson that has been read and checked."""

    slug: str
    """The name of its folder."""
    content: LessonFile
    """The content of `lesson.toml`."""
    program: Program
    """`program.py`, with the places of its knobs."""
    files: Mapping[str, str]
    """Path → text of the app's Python files, such as "shop/tasks.py". A lab can import them."""
    settings: Mapping[str, Any]
    """`settings.toml` as it was read, with the knobs' names in braces."""
    why: str = ""
    """Why it matters, in Markdown: `why.md`."""
    inside: str = ""
    """How it works inside, in Markdown: `inside.md`."""
    claims: tuple[Claim, ...] = ()
    """All claims of the lesson about its runs."""
    unmarked: tuple[Problem, ...] = ()
    """Numbers and status words in its prose that are neither claims nor marked as plain."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """"home", each part of the symptom as `tutor.trace.symptom` names it, such as "events 2", each variable and step,
    as in "steps 4", and each question and its parts, such as "quiz 0", "quiz 0 claim" and "ask options 2" → its line.
    """

    def __hash__(self) -> int:
        return hash(self.slug)

    @cached_property
    def version(self) -> str:
        """The hash of its document, which identifies this version of the lesson."""
        return hashlib.sha256(self.document()).hexdigest()[:16]

    def document(self) -> bytes:
        """Return the whole lesson, without its claims, as JSON. `versions.lesson_of` reads it.

        The keys, their order and the form of the values are part of the schema: `version` is a hash of these bytes.
        """
        values = {
            "schema": SCHEMA,
            "slug": self.slug,
            "content": self.content,
            "program": self.program,
            "files": self.files,
            "settings": self.settings,
            "why": self.why,
            "inside": self.inside,
        }
        return to_json(values, by_alias=False, inf_nan_mode="constants")

    @property
    def apps(self) -> tuple[str, ...]:
        """The packages for INSTALLED_APPS: the lesson's own, if it has one."""
        app = self.content.program.app
        return (app,) if app else ()

    @property
    def defaults(self) -> dict[str, Value]:
        """Knob → its default."""
        return {knob.name: knob.default for knob in self.content.knobs}

    def knob_texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the knobs' values as a person writes them: "yes", "-1", "math.pow". `KnobForm` reads them."""
        return {knob.name: knob.text(value) for knob, value in self.knobs_with(values)}

    def knob_summary(self, values: Mapping[str, Any]) -> str:
        """Return the knobs' values in one line. After the value 1, a plural such as “workers” is a singular."""
        texts = self.knob_texts(values)
        return fill(COUNTED.sub(partial(singular, texts), self.content.knob_template), texts)

    def program_text(self, values: Mapping[str, Any] | None = None) -> str:
        """Return the program exactly as it runs with these knob values; without values, the text of its file."""
        return self.program.filled(self.knob_sources(values or {}))

    def program_spans(self, values: Mapping[str, Any] | None = None) -> tuple[KnobSpan, ...]:
        """Return the positions of the knobs in `program_text(values)`."""
        return self.program.spans(self.knob_sources(values or {}))

    def knob_sources(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the knobs' values as Python literals."""
        return {knob.name: knob.source(value) for knob, value in self.knobs_with(values)}

    def knobs_with(self, values: Mapping[str, Any]) -> Iterator[tuple[Knob, Any]]:
        """Yield each knob with its value in `values`, or with its default."""
        return ((knob, values.get(knob.name, knob.default)) for knob in self.content.knobs)

    def lab_settings(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the Django settings that the lesson gives its lab, such as {"Q_CLUSTER": {"retry": 2}}."""
        return dict(lab_settings.with_knobs(dict(self.settings), values))

    def settings_text(self, values: Mapping[str, Any]) -> str:
        """Return the same settings as Python, as a project's settings.py would have them."""
        return lab_settings.as_python(self.lab_settings(values))

    def gates_for(self, values: Mapping[str, Any]) -> tuple[GateRule, ...]:
        """Return the gates of a run with these knob values."""
        return tuple(gate for gate in self.content.gates if gate.holds_for(values))

    def interventions_for(self, values: Mapping[str, Any]) -> tuple[InterventionRule, ...]:
        """Return the interventions in a run with these knob values."""
        return tuple(each for each in self.content.interventions if each.holds_for(values))

    @property
    def neutral_title(self) -> str:
        """A name of the lesson that doesn't tell what its run shows."""
        return self.content.neutral_title or self.content.category

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases, the lesson's own run first."""
        return (self.case(DEFAULT), *(case for case in self.content.cases if case.name != DEFAULT))

    def case(self, name: str) -> Case:
        """Return the case `name`; "default" and "" are the lesson's own run. Raise LookupError for an unknown name."""
        wanted = name or DEFAULT
        for each in self.content.cases:
            if each.name == wanted:
                return each
        if wanted == DEFAULT:
            return Case(name=DEFAULT, title="As it stands")
        raise LookupError(unknown("case", name, [each.name for each in self.content.cases] or [DEFAULT]))

    def case_knobs(self, case: Case) -> dict[str, Value]:
        """Return the value of every knob in the run of `case`."""
        return {**self.defaults, **case.knobs}

    def closing_line(self, step: str, names: Mapping[str, Any]) -> str:
        """Return the closing line for a step made by the rule `step`; "" unless that step makes it true.

        `names` has "knob" and "var".
        """
        if step != self.content.closing_after:
            return ""
        return fill(without_claims(self.content.closing), names)


def singular(texts: Mapping[str, str], counted: re.Match[str]) -> str:
    """Return a knob and the plural after it, as a singular if the knob's text is 1."""
    return counted[0][:-1] if texts.get(counted["knob"]) == "1" else counted[0]
