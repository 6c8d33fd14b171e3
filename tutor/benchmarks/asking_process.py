"""A process that asks for runs, and executes them itself unless lab hosts do.

    python -m tutor.benchmarks.asking_process [LESSON]

reads lines from its standard input, asks for a run at each one and prints its public id: a run of LESSON, or else one
of the measured lesson that lasts for seconds. It ends when its input does.
"""

from __future__ import annotations

import sys

READY = "ready"
"""What it prints first."""


def main(slug: str = "") -> None:
    """Ask for runs until the standard input ends."""
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django.core.management import call_command

    from tutor.lessons import catalogue
    from tutor.runs.labs import run_queue
    from tutor.runs.models import Run
    from tutor.runs.versions import version_of

    from .lesson import failing_case, measured_lesson

    call_command("migrate", verbosity=0)
    queue, lesson = run_queue(), catalogue.get(slug) if slug else measured_lesson()
    case = None if slug else failing_case(lesson)
    knobs = lesson.case_knobs(case) if case else lesson.defaults
    print(READY, flush=True)
    for _ in sys.stdin:
        run = Run.objects.create(lesson=lesson.slug, version=version_of(lesson), knobs=knobs)
        queue.add(run)
        print(run.public_id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
