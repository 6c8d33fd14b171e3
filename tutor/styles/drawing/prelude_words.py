"""What a prelude says of its scenes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.protocol.lanes import Lane
from tutor.styles.templatetags.times import duration, passed
from tutor.trace.bars import seen
from tutor.trace.prelude import Prelude, Scene

SCENE_MS = 1600
"""How long a scene is shown, in milliseconds."""
OVER = "its lock is over"


def headline(scene: Scene, prelude: Prelude) -> str:
    """Return what happens in a scene: the headline of its step, or else what its event means in any lesson."""
    if scene.step:
        return scene.step.headline
    letters = {each.pid: f"Worker {each.letter}" for each in prelude.workers}
    who, label = letters.get(scene.place.pid, f"The {scene.place.name}"), prelude.task.label
    match scene.kind:
        case "picked":
            return f"The pusher takes {label} from the queue, and locks its row."
        case "still":
            over = " The lock is over." if lock_note(scene, prelude) == OVER else ""
            return f"{who} is still at work on {label}.{over}"
        case "line" if scene.place.name == Lane.CALLER:
            return f"The program is about to queue {label}."
    return f"{who} is at work on {label}."


def pace(scene: Scene, scenes: Sequence[Scene]) -> str:
    """Return how much of the run's time a scene takes, and whether that is slow motion."""
    index = scenes.index(scene)
    took = scene.at_ms - scenes[index - 1].at_ms if index else 0.0
    if not took:
        return "slow motion"
    return f"{'slow motion' if took < SCENE_MS else 'time lapse'}: {passed(took)} take {duration(SCENE_MS)}"


def lock_note(scene: Scene, prelude: Prelude) -> str:
    """Return what the queue has of the task in a scene."""
    task = prelude.task
    if task.queued is None or not seen(task.queued, scene.number):
        return "no row"
    picked = [each for each in task.deliveries if seen(each.picked, scene.number)]
    if not picked or picked[-1].lock_s is None:
        return "1 row, waiting"
    until = picked[-1].picked.at_ms + picked[-1].lock_s * 1000
    return OVER if scene.at_ms >= until else f"1 row, locked for {picked[-1].lock_s:g} s"
