"""The drawing of a prelude: stations that a task comes to, with what each shows in which scene. Pure.

A text or a line has the numbers of the scenes, from 1, in which it is shown or lit. The page shows the last scene, and
a script the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.utils.safestring import SafeString

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.protocol.lanes import Lane
from tutor.styles.templatetags.times import ms
from tutor.trace.bars import QUEUE, RESULTS, Place, seen
from tutor.trace.histories import Process
from tutor.trace.model import Trace
from tutor.trace.prelude import Prelude, Scene
from tutor.trace.state import Frame

from .prelude_clock import strip_of
from .prelude_shapes import DrawnPrelude, Station, StationLine, Told
from .prelude_words import headline, lock_note, pace
from .source import highlighted_files

COMMENT = '<span class="c">'
"""What a highlighted comment begins with."""
T = TypeVar("T", bound=Hashable)


def draw_prelude(lesson: Lesson, knobs: Mapping[str, Any], trace: Trace, prelude: Prelude) -> DrawnPrelude:
    """Return the drawing of a prelude."""
    files = highlighted_files(lesson, knobs)
    scenes, queued = prelude.scenes, prelude.scenes[0]
    caller = station_of_process("caller", PROGRAM, queued.place, prelude, trace, files)
    workers = [worker_station(each, prelude, trace, files) for each in prelude.workers[:3]]
    return DrawnPrelude(
        label=prelude.task.label,
        stations=(caller, queue_station(prelude), *workers, results_station(prelude)),
        stops=tuple(station_id(each.place, prelude) for each in scenes),
        headlines=told(scenes, lambda scene: headline(scene, prelude)),
        paces=told(scenes, lambda scene: pace(scene, scenes)),
        times=told(scenes, lambda scene: f"+{ms(scene.at_ms - queued.at_ms)}"),
        strip=strip_of(prelude, trace),
        question=prelude.question.question,
        position=prelude.position,
    )


def station_id(place: Place, prelude: Prelude) -> str:
    letters = {each.pid: each.letter for each in prelude.workers}
    names = {QUEUE: "queue", RESULTS: "results"}
    return names.get(place.name) or (f"worker-{letters[place.pid].lower()}" if place.pid in letters else place.name)


def told(scenes: Sequence[Scene], text: Callable[[Scene], str]) -> tuple[Told, ...]:
    """Return the texts of `scenes`, each once, with the scenes that have it."""
    return tuple(Told(each, numbers, is_last) for each, numbers, is_last in by_scene(scenes, text) if each)


def by_scene(scenes: Sequence[Scene], of: Callable[[Scene], T]) -> Iterator[tuple[T, str, bool]]:
    """Yield (value, numbers of the scenes that have it, whether the last one has it) for each value."""
    values = [of(scene) for scene in scenes]
    for value in dict.fromkeys(values):
        numbers = " ".join(str(number) for number, each in enumerate(values, 1) if each == value)
        yield value, numbers, values[-1] == value


def queue_station(prelude: Prelude) -> Station:
    notes = told(prelude.scenes, lambda scene: lock_note(scene, prelude))
    return Station("queue", "queue", "queue", "django_q_ormq", "", (), notes)


def results_station(prelude: Prelude) -> Station:
    def note(scene: Scene) -> str:
        saved = [each for each in prelude.task.outcomes if seen(each.saved, scene.number)]
        return saved[-1].status if saved else "no row yet"

    return Station("results", "results", "Task", "django_q_task", "", (), told(prelude.scenes, note))


def worker_station(
    worker: Process, prelude: Prelude, trace: Trace, files: Mapping[str, Sequence[SafeString]]
) -> Station:
    place = Place(worker.role, worker.pid)
    frames = [each for each in trace.code.by_process.get(place, ()) if each.number <= prelude.number]
    return station_of_process(worker.letter, frames[-1].file if frames else "", place, prelude, trace, files)


def station_of_process(
    tag: str,
    file: str,
    place: Place,
    prelude: Prelude,
    trace: Trace,
    files: Mapping[str, Sequence[SafeString]],
) -> Station:
    """Return the station of a process, with the lines of `file` that it runs."""

    def line(scene: Scene) -> int | None:
        frame = frame_of(trace, place, scene)
        return frame.line or frame.ran if frame else None

    def note(scene: Scene) -> str:
        if place.name != Lane.WORKER:
            return "waits for the outcome" if scene.kind == "still" else ""
        return "" if prelude.execution(scene.number, place.pid) else "waits for a task"

    lit = [line(scene) for scene in prelude.scenes]
    shown = files.get(file, ())
    rows = [each for each in lit if each]
    # The lines between those where it was, of a task's function one more on both sides, but no comments.
    more = 1 if place.name == Lane.WORKER else 0
    first, last = min(rows, default=1) - more, max(rows, default=0) + more
    near = {number: html for number, html in enumerate(shown, 1) if first <= number <= last}
    code = {number: html for number, html in near.items() if html and COMMENT not in html}
    indent = min((len(html) - len(html.lstrip(" ")) for html in code.values()), default=0)
    lines = (
        StationLine(number, SafeString(html[indent:]), numbers_of(lit, number), lit[-1] == number)
        for number, html in code.items()
    )
    kind = "worker" if place.name == Lane.WORKER else "caller"
    return Station(
        id=station_id(place, prelude),
        kind=kind,
        tag=tag,
        title=f"{place.name} {place.pid}" if kind == "worker" else file,
        aside=file if kind == "worker" else f"process {place.pid}",
        lines=tuple(lines),
        notes=told(prelude.scenes, note),
    )


def numbers_of(lit: Sequence[int | None], line: int) -> str:
    return " ".join(str(scene) for scene, each in enumerate(lit, 1) if each == line)


def frame_of(trace: Trace, place: Place, scene: Scene) -> Frame | None:
    """Return the latest frame of a process in a scene."""
    frames = [each for each in trace.code.by_process.get(place, ()) if each.number <= scene.number]
    return frames[-1] if frames else None
