"""The reaper, which ends the runs of processes that have ended."""

from __future__ import annotations

from django.conf import settings

from tutor.labs.host.sweep import is_alive

from .models import Run
from .recorder import close_without_lab


def end_if_abandoned(run: Run) -> None:
    """End `run`, with an event that gives the reason, if the process that executed it has ended."""
    if run.state == Run.State.ENDED or is_alive(settings.TUTOR_LABS, run.host):
        return
    close_without_lab(run, "lost", "The process that ran this lab ended before the run did.")
    Run.objects.filter(pk=run.pk).update(state=Run.State.ENDED)
    run.state = Run.State.ENDED
