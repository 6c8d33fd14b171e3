"""Run a lesson in the terminal: the same lab, events, trace and words as on its page."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection

from tutor.checking.report import as_json, as_table
from tutor.labs.host.lab_host import LabHost, UnsupportedPlatform
from tutor.lessons import catalogue
from tutor.lessons.errors import UnknownLesson
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS
from tutor.protocol.events import KINDS
from tutor.protocol.interventions import Intervention
from tutor.protocol.when import When
from tutor.runs.execution import execute
from tutor.runs.models import Event, Run
from tutor.trace.model import Trace
from tutor.trace.projector import project

FINISHED, FAILED, BAD_INPUT = 0, 1, 2
INTERVENTION = re.compile(
    r"(?P<event>[a-z_]+)(:(?P<count>\d{1,4}))?=(?P<action>[a-z-]+)(:(?P<seconds>\d{1,4}(\.\d{1,3})?))?"
)


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
        seen, run = run_here(lesson, knobs, interventions)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(lesson, run, seen), indent=2, ensure_ascii=False))
        else:
            as_table(lesson, run, seen, file=sys.stdout)
        sys.exit(FINISHED if seen.ended and seen.ended.outcome == "finished" else FAILED)

    def lesson(self, slug: str) -> Lesson:
        try:
            return catalogue.get(slug)
        except UnknownLesson:
            self.refuse(f"There is no lesson “{slug}”. There is: {', '.join(catalogue.lessons())}.")

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
        if not (match := INTERVENTION.fullmatch(text)):
            self.refuse(f"--intervene {text}: write EVENT[:COUNT]=ACTION, such as started=kill or started:2=slow:1.5.")
        if match["event"] not in KINDS:
            self.refuse(f"--intervene {text}: there is no event “{match['event']}”; there are {', '.join(KINDS)}.")
        try:
            at = When(event=match["event"], count=int(match["count"] or 1))
            return Intervention(at=at, action=match["action"], seconds=float(match["seconds"] or 0))
        except ValueError as error:
            self.refuse(f"--intervene {text}: {error}")

    def refuse(self, reason: str) -> NoReturn:
        self.stderr.write(" ".join(reason.split()))
        sys.exit(BAD_INPUT)


def run_here(lesson: Lesson, knobs: dict[str, Any], interventions: list[Intervention]) -> tuple[Trace, Run]:
    """Run `lesson` in a lab of this process; the run is stored and has its page like any other."""
    if Run._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    try:
        host = LabHost(settings.TUTOR_LABS)
    except UnsupportedPlatform as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(BAD_INPUT)
    try:
        run = Run.objects.create(
            lesson=lesson.slug,
            knobs=knobs,
            interventions=[each.to_json() for each in interventions],
            state=Run.State.RUNNING,
            host=host.name,
        )
        execute(run, lesson, host)
        Run.objects.filter(pk=run.pk).update(state=Run.State.ENDED)
    finally:
        host.close()
    return project(lesson, Event.objects.filter(run=run).order_by("number")), run
