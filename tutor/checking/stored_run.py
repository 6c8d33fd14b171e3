"""A run that a command makes and stores. It has a page like any other run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tutor.labs.host.lab_host import LabHost
from tutor.lessons.lesson import Lesson
from tutor.protocol.interventions import Intervention
from tutor.runs.event_store import end_run
from tutor.runs.execution import execute
from tutor.runs.heartbeat import Heartbeat
from tutor.runs.models import Run
from tutor.runs.versions import version_of


def run_and_store(lesson: Lesson, knobs: dict[str, Any], interventions: Sequence[Intervention]) -> Run:
    """Run `lesson` in a lab of this process; return the run with its events stored. Raise UnsupportedPlatform."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    host = LabHost(settings.TUTOR_LABS)
    heartbeat = Heartbeat(host.name, settings.TUTOR_LABS)
    try:
        heartbeat.start()
        run = Run.objects.create(
            lesson=lesson.slug,
            version=version_of(lesson),
            knobs=knobs,
            interventions=[each.to_json() for each in interventions],
            state=Run.State.RUNNING,
            host=host.name,
        )
        try:
            execute(run, lesson, host)
        finally:
            end_run(run, "stopped", "The command was stopped.")  # If it was interrupted.
    finally:
        heartbeat.stop()
        host.close()
    return run
