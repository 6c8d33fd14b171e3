"""Loading a lesson from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tutor.lessons.errors import LessonError, Problem
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.key_path import KeyPath
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM, SourceFile

from . import content_checks, program_checks
from .claim_finder import ClaimFinder
from .common_notes import unknown_notes
from .common_steps import unknown_uses
from .folder import INSIDE, LESSON, WHY, FolderReader, LessonFolder
from .lab_size import too_large
from .own_models import own_models
from .problems import Problems
from .prose_texts import questions_of
from .toml_file import TomlFile
from .validation import validated


def load(folder: Path) -> Lesson:
    """Return the lesson in `folder`, whose name is its slug. Raise LessonError with every mistake found."""
    if not folder.is_dir():
        raise LessonError(folder.name, [Problem(LESSON, 1, "the folder doesn't exist")])
    problems = Problems(folder.name)
    files = FolderReader(folder, problems).read()
    content = content_of(files, problems)
    program = files.sources[PROGRAM]
    if content is not None:
        check_references(content, files, problems)
    if content is None or program is None or problems.found:
        raise problems.error()
    finder = ClaimFinder(content, files.lesson, problems, own_models(files.sources))
    claims = tuple(finder.claims(files.pages))
    if problems.found:
        raise problems.error()
    return Lesson(
        slug=folder.name,
        content=content,
        program=program_checks.program_of(content, program),
        files=app_files(content, files.sources),
        settings=files.settings.values,
        why=files.pages[WHY],
        inside=files.pages[INSIDE],
        claims=claims,
        unmarked=tuple(finder.unmarked),
        lines=lines_of(files.lesson, content),
    )


def lines_of(file: TomlFile, content: LessonFile) -> dict[str, int]:
    """Return the lines of what is checked when the lesson has been read: `home`, `healed_by`, the parts of the symptom
    and of questions, and the tasks that variables and steps name.
    """
    paths: dict[str, KeyPath] = {"home": ("home",), "healed_by": ("healed_by", "lesson"), "told": ("symptom", "told")}
    if symptom := content.symptom:
        paths |= {f"lanes {index}": ("symptom", "lanes", index) for index in range(len(symptom.lanes))}
        paths |= {f"events {index}": ("symptom", "events", index) for index in range(len(symptom.events))}
    for path, question in questions_of(content):
        options: list[KeyPath] = [(*path, "options", index) for index in range(len(question.options))]
        paths |= {" ".join(map(str, each)): each for each in (path, (*path, "claim"), *options)}
    paths |= {f"variables {index}": ("variables", index, "task") for index in range(len(content.variables))}
    paths |= {f"steps {index}": ("steps", index, "about") for index in range(len(content.steps))}
    return {name: file.positions.line(path) for name, path in paths.items()}


def content_of(files: LessonFolder, problems: Problems) -> LessonFile | None:
    """Return the content of `lesson.toml`, with the common steps and notes that it uses; None if it is invalid."""
    for name, message in too_large(files.sources, files.settings.values):
        problems.add(Path(name).name, 1, message)
    problems.add_mistakes(files.lesson, unknown_uses(files.lesson.values))
    problems.add_mistakes(files.lesson, unknown_notes(files.lesson.values))
    return validated(files, problems) if files.lesson.values else None


def check_references(content: LessonFile, files: LessonFolder, problems: Problems) -> None:
    """Add a problem for each reference to something that the lesson doesn't have."""
    settings = files.settings.values
    problems.add_mistakes(files.lesson, content_checks.mistakes_in(content))
    if not problems.found:
        # A knob may only seem unused because its place has another mistake.
        problems.add_mistakes(files.lesson, program_checks.unused_knobs(content, settings))
    problems.add_mistakes(files.lesson, program_checks.cluster_mistakes(content, settings))
    problems.add_mistakes(files.settings, program_checks.settings_mistakes(content, settings))
    if (program := files.sources[PROGRAM]) is not None:
        problems.add_mistakes(files.lesson, program_checks.program_mistakes(content, program))


def app_files(content: LessonFile, sources: Mapping[str, SourceFile | None]) -> dict[str, str]:
    """Return the files that a lab can import, as path → text; a missing `__init__.py` of the app is empty."""
    files = {name: source.text for name, source in sources.items() if source and name != PROGRAM}
    if content.program.app:
        files.setdefault(f"{content.program.app}/__init__.py", "")
    return files
