"""Run a lesson in the terminal, with the same lab, events, trace and texts as on its page."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from tutor.checking.intervention_syntax import parse_intervention
from tutor.checking.run_command import RunCommand
from tutor.checking.stored_run import run_and_store
from tutor.labs.host.lab_host import UnsupportedPlatform
from tutor.lessons import catalogue
from tutor.lessons.errors import UnknownLesson, unknown
from tutor.lessons.format.cases import Case
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS
from tutor.protocol.interventions import Intervention
from tutor.runs.execution import interventions_of


class Command(RunCommand):
    help = "Run a lesson in a lab, store the run, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the lesson, as in its address")
        parser.add_argument(
            "--case", default="", metavar="NAME", help="take the knobs, interventions and gates of a case"
        )
        parser.add_argument("--knob", action="append", default=[], metavar="NAME=VALUE", help="set a knob")
        parser.add_argument(
            "--intervene",
            action="append",
            default=[],
            metavar="EVENT[:COUNT]=ACTION",
            help=f"at the COUNT-th EVENT: {', '.join(ACTIONS)} (slow:SECONDS)",
        )
        self.add_output_arguments(parser)

    def handle(self, *args: Any, slug: str, case: str, knob: list[str], intervene: list[str], **options: Any) -> None:
        lesson = self.lesson(slug)
        inputs = self.case(lesson, case)
        knobs = self.knobs(lesson, inputs, knob)
        interventions = [*interventions_of(inputs), *(self.intervention(each).to_json() for each in intervene)]
        try:
            run = run_and_store(lesson, knobs, interventions)
        except UnsupportedPlatform as error:
            self.refuse(str(error))
        self.print_and_exit(run, options)

    def lesson(self, slug: str) -> Lesson:
        try:
            return catalogue.get(slug)
        except UnknownLesson as error:
            for problem in error.problems:
                self.stderr.write(f"{slug}/{problem}")
            self.refuse(str(error) if error.problems else unknown("lesson", slug, catalogue.lessons()))

    def case(self, lesson: Lesson, name: str) -> Case:
        try:
            return lesson.case(name)
        except LookupError as error:
            self.refuse(str(error))

    def knobs(self, lesson: Lesson, case: Case, given: list[str]) -> dict[str, Any]:
        texts = lesson.knob_texts(lesson.case_knobs(case)) if case.knobs else {}
        for each in given:
            name, equals, text = each.partition("=")
            if not equals:
                self.refuse(f"--knob {each}: write NAME=VALUE (known: {', '.join(lesson.defaults)}).")
            texts[name] = text
        form = KnobForm(lesson.content.knobs, texts)
        if not form.is_valid():
            wrong = [f"{field.name}: {message}" for field in form for message in field.errors]
            self.refuse(" ".join([*wrong, *form.non_field_errors()]))
        return form.cleaned_data

    def intervention(self, text: str) -> Intervention:
        try:
            return parse_intervention(text)
        except ValueError as error:
            self.refuse(f"--intervene {text}: {error}")
