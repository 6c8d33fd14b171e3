"""List, make, check and preview lessons."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand

from tutor.checking.case_runs import SIDE_BY_SIDE, CaseRun, Keeping, Runs, cases_of
from tutor.checking.cold import left_by, run_cold
from tutor.checking.findings import Finding, findings
from tutor.checking.mutation import mutants, unbreakable
from tutor.checking.new_lesson import make_lesson
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.lessons.schema import lesson_schema

PASSED, FAILED, BAD_INPUT = 0, 1, 2


class Command(BaseCommand):
    help = "List lessons, check what they say against runs, and ask whether the check would notice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="do", required=True, metavar="WHAT")
        does.add_parser("list", help="every lesson, in order")
        check = does.add_parser("check", help="run every case and hold every claim against the runs")
        mutate = does.add_parser("mutate", help="alter every claim and see that the check notices, with kept runs")
        for each in (check, mutate):
            each.add_argument("slug", nargs="*", help="lessons; all if none is named")
            each.add_argument("--json", action="store_true", help="print JSON")
            each.add_argument("--labs", type=int, default=SIDE_BY_SIDE, help="labs at a time")
        check.add_argument("--cold", action="store_true", help="compare default runs with a plain project's; minutes")
        new = does.add_parser("new", help="write a lesson that runs at once")
        new.add_argument("slug", help="its name in its address, such as my-first-lesson")
        new.add_argument("--in", dest="folder", type=Path, help="the lessons' folder; the first of TUTOR_LESSONS")
        preview = does.add_parser("preview", help="serve a lesson, again at each change of its files")
        preview.add_argument("slug", help="the lesson")
        preview.add_argument("--port", default="8000", help="the port on 127.0.0.1")
        does.add_parser("schema", help="print the JSON Schema of lesson.toml")

    def handle(self, *args: Any, do: str, **options: Any) -> None:
        getattr(self, f"do_{do}")(**options)

    def do_list(self, **options: Any) -> None:
        for lesson in catalogue.lessons().values():
            cases = sum(1 for _ in cases_of(lesson))
            self.stdout.write(f"{lesson.slug:40} {lesson.content.title} ({cases} cases, {len(lesson.claims)} claims)")
        for finding in unreadable(()):
            self.stdout.write(str(finding))

    def do_check(self, *, slug: list[str], json: bool, labs: int, cold: bool, **options: Any) -> None:
        chosen, found = self.chosen(slug), list(unreadable(slug))
        with keeping() as kept:
            runs = kept.runs(chosen, anew=True, side_by_side=labs)
        for lesson in chosen:
            found += findings(lesson, runs)
        if cold:
            found += self.compared([runs[lesson.slug, DEFAULT] for lesson in chosen])
        claims = sum(len(lesson.claims) for lesson in chosen)
        if json:
            self.print(
                lessons=len(chosen),
                cases=len(runs),
                claims=claims,
                problems=[
                    {"file": each.file, "line": each.line, "says": each.says, "happened": each.happened}
                    for each in found
                ],
            )
        else:
            for each in found:
                self.stdout.write(str(each))
            self.stdout.write(f"{len(chosen)} lessons, {len(runs)} cases, {claims} claims, {len(found)} problems.")
        sys.exit(FAILED if found else PASSED)

    def compared(self, runs: list[CaseRun]) -> Iterator[Finding]:
        """Where a plain project under a cold cluster leaves something else than the lab did."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for run, left in zip(runs, pool.map(run_cold, runs), strict=True):
                differences = list(left_by(run).differences(left))
                if not differences:
                    self.stderr.write(f"{run.title}: the same under a cold qcluster")
                for each in differences:
                    yield Finding(f"{run.lesson.slug}/program.py", 1, "the lab leaves what qcluster leaves", each)

    def do_mutate(self, *, slug: list[str], json: bool, labs: int, **options: Any) -> None:
        chosen = self.chosen(slug)
        with keeping() as kept:
            runs: Runs = kept.runs(catalogue.lessons().values(), anew=False, side_by_side=labs)
        made = list(mutants(chosen, runs))
        missed = [str(each) for each in made if not each.caught]
        missed += [
            f"{lesson.slug}/{claim.file}:{claim.line}: {claim.subject}: no kept run makes “{claim.says}” false"
            for lesson, claim in unbreakable(chosen, runs)
        ]
        caught = sum(each.caught for each in made)
        if json:
            self.print(mutants=len(made), caught=caught, missed=missed, altered=[str(each) for each in made])
        else:
            for each in missed:
                self.stdout.write(each)
            self.stdout.write(f"{len(made)} altered claims, {caught} caught, {len(missed)} to mend.")
        sys.exit(FAILED if missed else PASSED)

    def do_new(self, *, slug: str, folder: Path | None, **options: Any) -> None:
        own = catalogue.own_folders()
        if folder is None and not own:
            self.refuse(f"Say where: --in FOLDER, or set {catalogue.VARIABLE}=FOLDER to keep them in one place.")
        folder = folder or own[0]
        try:
            made = make_lesson(slug, folder)
        except (ValueError, OSError) as error:
            self.refuse(str(error))
        self.stdout.write(f"{made} is a lesson that runs. Look at it, and check what it says:")
        place = "" if folder in own else f"{catalogue.VARIABLE}={folder} "
        self.stdout.write(f"  {place}.venv/bin/python manage.py lessons preview {slug}")
        self.stdout.write(f"  {place}.venv/bin/python manage.py lessons check {slug}")

    def do_preview(self, *, slug: str, port: str, **options: Any) -> None:
        if slug not in catalogue.lessons() and slug not in catalogue.problems():
            self.refuse(f"There is no lesson “{slug}”. There are {', '.join(catalogue.lessons())}.")
        folders = os.pathsep.join(str(folder.absolute()) for folder in catalogue.own_folders())
        os.environ |= {"TUTOR_PREVIEW": "1", catalogue.VARIABLE: folders}
        self.stdout.write(f"The lesson is at http://127.0.0.1:{port}/lessons/{slug}/ and follows its files.")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "tutor.serve", port])  # noqa: S606

    def do_schema(self, **options: Any) -> None:
        self.stdout.write(as_json(lesson_schema()))

    def print(self, **data: Any) -> None:
        self.stdout.write(as_json(data))

    def chosen(self, slugs: list[str]) -> list[Lesson]:
        """The lessons of those slugs, without those that can't be read; all if none is named."""
        known = catalogue.lessons()
        unknown = [slug for slug in slugs if slug not in known and slug not in catalogue.problems()]
        if unknown:
            self.refuse(f"There is no lesson “{unknown[0]}”. There are {', '.join(known)}.")
        return [lesson for slug, lesson in known.items() if slug in slugs or not slugs]

    def refuse(self, reason: str) -> NoReturn:
        self.stderr.write(reason)
        sys.exit(BAD_INPUT)


@contextmanager
def keeping() -> Iterator[Keeping]:
    """Labs of this process, and where their runs are kept."""
    host = LabHost(settings.TUTOR_LABS)
    try:
        yield Keeping(host, settings.TUTOR_KEPT)
    finally:
        host.close()


def unreadable(slugs: list[str] | tuple[str, ...]) -> Iterator[Finding]:
    """What keeps lessons from being read."""
    for slug, problems in catalogue.problems().items():
        if slug in slugs or not slugs:
            for each in problems:
                yield Finding(f"{slug}/{each.file}", each.line, "the lesson can be read", each.message)


def as_json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
