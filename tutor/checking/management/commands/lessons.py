"""List, make, check and preview lessons."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from json import dumps
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand

from tutor.checking.alterations import altered_cells, altered_paths
from tutor.checking.case_runs import CaseRun, case_runner
from tutor.checking.cold import compare
from tutor.checking.event_vocabulary import examples_in, vocabulary
from tutor.checking.findings import Finding, runs_of, unreadable
from tutor.checking.mutation import mutants, unfalsifiable
from tutor.checking.new_lesson import make_lesson
from tutor.checking.repeats import findings_in, together
from tutor.checking.results import CheckResult, MutationResult
from tutor.checking.unseen import unseen
from tutor.lessons import catalogue
from tutor.lessons.errors import unknown
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.lessons.schema import lesson_schema
from tutor.runs.reference_batch import LABS_AT_ONCE

PASSED, FAILED, BAD_INPUT = 0, 1, 2


class Command(BaseCommand):
    help = "List lessons, check their claims against runs, and find out whether the check would notice wrong claims."

    def add_arguments(self, parser: ArgumentParser) -> None:
        subparsers = parser.add_subparsers(required=True, metavar="WHAT")

        def add(name: str, subcommand: Callable[..., None], text: str) -> ArgumentParser:
            subparser: ArgumentParser = subparsers.add_parser(name, help=text)
            subparser.set_defaults(subcommand=subcommand)
            return subparser

        add("list", self.list_lessons, "every lesson, in order")
        check = add("check", self.check_lessons, "check every claim against runs of every case")
        mutate = add("mutate", self.mutate, "change every claim, cell and path, and see whether the check notices")
        for each in (check, mutate):
            each.add_argument("slug", nargs="*", help="lessons; all if none is named")
            each.add_argument("--json", action="store_true", help="print JSON")
            each.add_argument("--labs", type=int, default=LABS_AT_ONCE, help="labs at a time")
        check.add_argument("--refresh", action="store_true", help="make new runs instead of using those that are there")
        check.add_argument("--times", type=int, default=1, help="runs of each case; names what holds only sometimes")
        check.add_argument("--cold", action="store_true", help="compare default runs with a plain project's; minutes")
        new = add("new", self.new, "write a lesson that runs at once")
        new.add_argument("slug", help="its name in its address, such as my-first-lesson")
        new.add_argument("--in", dest="folder", type=Path, help="the lessons' folder; the first of TUTOR_LESSONS")
        preview = add("preview", self.preview, "serve a lesson, and load it again whenever one of its files changes")
        preview.add_argument("slug", help="the lesson")
        preview.add_argument("--port", default="8000", help="the port on 127.0.0.1")
        add("schema", self.schema, "print the JSON Schema of lesson.toml")
        add("events", self.events, "print the kinds of events, with their fields and an example of each from a run")

    def handle(self, *args: Any, subcommand: Callable[..., None], **options: Any) -> None:
        subcommand(**options)

    def list_lessons(self, **options: Any) -> None:
        for lesson in catalogue.lessons().values():
            counts = f"{len(lesson.cases)} cases, {len(lesson.claims)} claims"
            self.stdout.write(f"{lesson.slug:40} {lesson.content.title} ({counts})")
        for finding in unreadable(catalogue.problems()):
            self.stdout.write(str(finding))

    def check_lessons(
        self, *, slug: list[str], json: bool, labs: int, refresh: bool, times: int, cold: bool, **_: Any
    ) -> None:
        lessons = self.chosen(slug)
        with case_runner() as runner:
            repeats = runner.repeated(lessons, max(1, times), refresh=refresh, labs=labs)
        found = list(unreadable(catalogue.problems(), slug))
        for lesson in lessons:
            found += findings_in(lesson, repeats)
        if cold:
            found += self.compared([repeats[0][lesson.slug, DEFAULT] for lesson in lessons])
        runs = together(repeats)
        never = [message for lesson in lessons for message in unseen(lesson, runs)]
        self.finish(CheckResult(lessons, runs, found, never), json=json)

    def compared(self, runs: Sequence[CaseRun]) -> Iterator[Finding]:
        """Yield the findings of the comparison with a cold cluster; report each run without any on stderr."""
        for run, differences in compare(runs):
            if not differences:
                self.stderr.write(f"{run.title}: the same under a cold qcluster")
            for each in differences:
                yield Finding(f"{run.lesson.slug}/program.py", 1, "the lab doesn't leave what qcluster leaves", each)

    def mutate(self, *, slug: list[str], json: bool, labs: int, **options: Any) -> None:
        lessons = self.chosen(slug)
        with case_runner() as runner:
            runs = runner.runs(catalogue.lessons().values(), labs=labs)
        own = [run for lesson in lessons for run in runs_of(lesson, runs)]
        result = MutationResult(
            mutants=list(mutants(lessons, runs)),
            unfalsifiable=list(unfalsifiable(lessons, runs)),
            cells=list(altered_cells(own)),
            paths=list(altered_paths(own)),
        )
        self.finish(result, json=json)

    def finish(self, result: CheckResult | MutationResult, *, json: bool) -> NoReturn:
        self.stdout.write(as_json(result.to_json()) if json else "\n".join(result.lines()))
        sys.exit(PASSED if result.passed else FAILED)

    def new(self, *, slug: str, folder: Path | None, **options: Any) -> None:
        own = catalogue.own_folders()
        if folder is None and not own:
            self.refuse(f"Name a folder: --in FOLDER, or set {catalogue.VARIABLE}=FOLDER to keep lessons in one place.")
        folder = folder or own[0]
        try:
            made = make_lesson(slug, folder)
        except (ValueError, OSError) as error:
            self.refuse(str(error))
        self.stdout.write(f"{made} is a lesson that runs. Look at it, and check its claims:")
        variable = "" if folder in own else f"{catalogue.VARIABLE}={folder} "
        self.stdout.write(f"  {variable}.venv/bin/python manage.py lessons preview {slug}")
        self.stdout.write(f"  {variable}.venv/bin/python manage.py lessons check {slug}")

    def preview(self, *, slug: str, port: str, **options: Any) -> None:
        if slug not in catalogue.lessons() and slug not in catalogue.problems():
            self.refuse(unknown("lesson", slug, catalogue.lessons()))
        folders = os.pathsep.join(str(folder.absolute()) for folder in catalogue.own_folders())
        os.environ |= {"TUTOR_PREVIEW": "1", "TUTOR_REFERENCE_RUNS": "0", catalogue.VARIABLE: folders}
        self.stdout.write(f"The lesson is at http://127.0.0.1:{port}/lessons/{slug}/ and follows its files.")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "tutor.serve", port])  # noqa: S606

    def schema(self, **options: Any) -> None:
        self.stdout.write(as_json(lesson_schema()))

    def events(self, **options: Any) -> None:
        with case_runner() as runner:
            runs = runner.runs(catalogue.lessons().values())
        self.stdout.write("\n".join(vocabulary(examples_in(runs.values()))))

    def chosen(self, slugs: list[str]) -> list[Lesson]:
        """Return the readable lessons among `slugs`; all readable lessons if it is empty."""
        known = catalogue.lessons()
        for slug in slugs:
            if slug not in known and slug not in catalogue.problems():
                self.refuse(unknown("lesson", slug, known))
        return [lesson for slug, lesson in known.items() if slug in slugs or not slugs]

    def refuse(self, reason: str) -> NoReturn:
        self.stderr.write(reason)
        sys.exit(BAD_INPUT)


def as_json(data: Any) -> str:
    return dumps(data, indent=2, ensure_ascii=False)
