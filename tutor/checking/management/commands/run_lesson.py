"""Run a lesson in the terminal, with the same lab, events, trace and texts as on its page."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management import BaseCommand

from tutor.checking.intervention_syntax import parse_intervention
from tutor.checking.report import as_json, as_table
from tutor.checking.stored_run import run_and_store
from tutor.labs.host.lab_host import UnsupportedPlatform
from tutor.lessons import catalogue
from tutor.lessons.errors import UnknownLesson, unknown
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS
from tutor.protocol.interventions import Intervention
from tutor.runs.versions import lesson_of
from tutor.trace.projector import project

FINISHED, FAILED, BAD_INPUT = 0, 1, 2


class Command(BaseCommand):
    help = "Run a lesson in a lab and print its execution table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the lesson, as in its address")
        parser.add_argument("--knob", action="append", default=[], metavar="NAME=VALUE", help="set a knob")
        parser.add_argument(
            "--intervene",
            action="append",
            default=[],
            metavar="EVENT[:COUNT]=ACTION",
            help=f"at the COUNT-th EVENT: {', '.join(ACTIONS)} (slow:SECONDS)",
        )
        parser.add_argument("--json", action="store_true", help="print the run as JSON")

    def handle(self, *args: Any, slug: str, knob: list[str], intervene: list[str], **options: Any) -> None:
        lesson = self.lesson(slug)
        knobs = self.knobs(lesson, knob)
        interventions = [self.intervention(each) for each in intervene]
        try:
            run = run_and_store(lesson, knobs, interventions)
        except UnsupportedPlatform as error:
            self.refuse(str(error))
        lesson = lesson_of(run)
        trace = project(lesson, run.events.order_by("number"))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(lesson, run, trace), indent=2, ensure_ascii=False))
        else:
            as_table(lesson, run, trace, file=sys.stdout)
        sys.exit(FINISHED if trace.ended and trace.ended.outcome == "finished" else FAILED)

    def lesson(self, slug: str) -> Lesson:
        try:
            return catalogue.get(slug)
        except UnknownLesson as error:
            self.refuse(str(error) if error.problems else unknown("lesson", slug, catalogue.lessons()))

    def knobs(self, lesson: Lesson, given: list[str]) -> dict[str, Any]:
        texts = {}
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

    def refuse(self, reason: str) -> NoReturn:
        self.stderr.write(" ".join(reason.split()))
        sys.exit(BAD_INPUT)
