"""Executing a run, from its inputs to its last event. The run queue and the commands both use this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tutor.labs.host.lab_host import Lab, LabOpener, LabUnavailable
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec

from .event_store import patiently, store
from .models import Run
from .recorder import Recorder
from .versions import lesson_of
from .writer import Store, Writer


def lab_spec(lesson: Lesson, knobs: dict[str, Any], interventions: Sequence[dict[str, Any]] = ()) -> LabSpec:
    """Return the lab specification of `lesson` with these knob values. It contains none of the lesson's prose.

    `interventions`, as `Run.interventions` stores them, are in addition to the lesson's own.
    """
    of_case = {each["gate"] for each in interventions if "gate" in each}
    gates = (*lesson.gates_for(knobs), *(rule for rule in lesson.content.all_gates if rule.name in of_case))
    more = [Intervention.from_json(each) for each in interventions if "gate" not in each]
    return LabSpec(
        program=lesson.program_text(knobs),
        files=lesson.files,
        apps=lesson.apps,
        settings=lesson.lab_settings(knobs),
        gates=tuple(rule.gate for rule in gates),
        interventions=(*(rule.intervention for rule in lesson.interventions_for(knobs)), *more),
        clusters=lesson.content.clusters,
        deliveries=lesson.content.deliveries,
    )


def interventions_of(case: Case) -> list[dict[str, Any]]:
    """Return the interventions and gates of a case, without its lesson's own, as `Run.interventions` stores them.

    A gate is stored by its name. The lesson's version that the run has knows it.
    """
    return [
        *(rule.intervention.to_json() for rule in case.interventions),
        *({"gate": gate.name} for gate in case.gates),
    ]


def case_of(run: Run, lesson: Lesson) -> Case | None:
    """Return the case of `lesson` that has exactly the inputs of `run`, or None."""
    return case_with(lesson, run.knobs, run.interventions)


def case_with(lesson: Lesson, knobs: Mapping[str, Any], interventions: Sequence[Mapping[str, Any]]) -> Case | None:
    """Return the case of `lesson` that has exactly these inputs, as a run stores them, or None."""
    inputs = (knobs, interventions)
    cases = lesson.content.cases
    return next((case for case in cases if (lesson.case_knobs(case), interventions_of(case)) == inputs), None)


def execute(
    run: Run,
    lesson: Lesson,
    host: LabOpener,
    *,
    store: Store = store,
    opened: Callable[[Lab], None] = lambda lab: None,
) -> None:
    """Execute `run` in a lab of `host`, and store its events until it has ended.

    `opened` receives the lab as soon as there is one, so that it can be stopped from another thread. Blocks until the
    last event is stored. If no lab can start, the run ends with an event that gives the reason. Raises LeaseLost.
    """
    spec = lab_spec(lesson, run.knobs, run.interventions)
    with Writer(store) as writer:
        recorder = Recorder(run, writer.add)
        recorder.ask(lesson.slug, lesson.version, spec.program)
        try:
            lab = host.open(spec, run.public_id)
        except LabUnavailable as error:
            recorder.close("lost", f"The lab could not start: {error}")
            return
        with lab:
            opened(lab)
            record(lab, recorder)


def execute_as_asked(run: Run, host: LabOpener, opened: Callable[[Lab], None]) -> None:
    """Execute `run` with the version of the lesson that it was asked for, as `execute` does."""
    execute(run, patiently(partial(lesson_of, run)), host, opened=opened)


def record(lab: Lab, recorder: Recorder) -> None:
    """Record all observations of `lab` until it has ended, and let it end when it has stored as much as it may."""
    for batch in lab:
        recorder.record(batch)
        lab.usage.stored_bytes = recorder.bytes
    recorder.close()
