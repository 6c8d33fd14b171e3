"""Checks of the program, and of the knobs in it, in `settings.toml` and in the rules for labs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from tutor.lessons.errors import unknown
from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.key_path import KeyPath
from tutor.lessons.lab_settings import knobs_in
from tutor.lessons.program import Program, SourceFile, any_overlap, holes_of
from tutor.lessons.templating import TemplateError

from .names import known_placeholders, mistake_in_knob, template_mistakes
from .problems import Mistake

OTHER_CLUSTERS = "ALT_CLUSTERS"
CLUSTER_KEYS = frozenset(
    "ack_failures broker_class bulk cache cached catch_up cluster_name compress cpu_affinity daemonize_workers "
    "django_redis error_reporter guard_cycle iron_mq label log_level max_attempts max_rss mongo mongo_db name orm poll "
    "queue_limit recycle redis retry save_limit save_limit_per scheduler sqs sync testing time_zone timeout "
    f"workers {OTHER_CLUSTERS}".split()
)
"""The keys that django_q.conf reads. It ignores all others."""


def unused_knobs(content: LessonFile, settings: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every knob that changes nothing."""
    used = {name for place in content.program.places for name in known_placeholders(place)}
    used |= {name for _, name in knobs_in(settings)}
    used |= {rule.switch[0] for rule in (*content.gates, *content.interventions) if rule.switch}
    for index, knob in enumerate(content.knobs):
        if knob.name not in used:
            message = f'the knob "{knob.name}" changes nothing: no place, setting, gate or intervention uses it'
            yield ("knobs", index, "name"), message


def cluster_mistakes(content: LessonFile, settings: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every cluster that is to run and isn't among `ALT_CLUSTERS`, or is there twice."""
    cluster = settings.get("Q_CLUSTER")
    others = cluster.get(OTHER_CLUSTERS) if isinstance(cluster, Mapping) else None
    known = list(others) if isinstance(others, Mapping) else []
    for index, name in enumerate(content.clusters):
        if name not in known:
            yield ("clusters", index), unknown("cluster", name, known)
        elif name in content.clusters[:index]:
            yield ("clusters", index), f'the cluster "{name}" is there twice'


def settings_mistakes(content: LessonFile, settings: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every unknown knob in `settings.toml`, and every setting of django-q2 that it doesn't know."""
    names = [knob.name for knob in content.knobs]
    for path, table in cluster_tables(settings):
        yield from (
            ((*path, key), unknown("key", key, sorted(CLUSTER_KEYS))) for key in table if key not in CLUSTER_KEYS
        )
    for path, name in knobs_in(settings):
        if name not in names:
            yield path, unknown("knob", name, names)


def cluster_tables(settings: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Yield the tables with settings of a cluster: `Q_CLUSTER`, and those of the other clusters in it."""
    cluster = settings.get("Q_CLUSTER")
    if not isinstance(cluster, Mapping):
        return
    yield ("Q_CLUSTER",), cluster
    others = cluster.get(OTHER_CLUSTERS)
    for name, table in others.items() if isinstance(others, Mapping) else ():
        if isinstance(table, Mapping):
            yield ("Q_CLUSTER", OTHER_CLUSTERS, name), table


def program_mistakes(content: LessonFile, program: SourceFile) -> Iterator[Mistake]:
    """Yield every place that isn't in the program, and every tracked name that the program never binds."""
    names, holes = [knob.name for knob in content.knobs], []
    for index, place in enumerate(content.program.places):
        path: KeyPath = ("program", "places", index)
        yield from template_mistakes(place, path, partial(mistake_in_knob, names))
        try:
            holes += holes_of(program.text, place, sources_of(content))
        except (KeyError, TemplateError):
            continue  # A mistake in a name, which has been yielded.
        except ValueError as error:
            yield path, str(error)
    if any_overlap(sorted(holes, key=itemgetter(1))):
        yield ("program", "places"), "two places overlap"
    for index, variable in enumerate(content.variables):
        if variable.kind == "program" and variable.name not in program.names:
            yield ("variables", index, "name"), unknown("name in the program", variable.name, sorted(program.names))


def program_of(content: LessonFile, program: SourceFile) -> Program:
    """Return the program with its holes. `program_mistakes` has found no mistake."""
    sources = sources_of(content)
    holes = (hole for place in content.program.places for hole in holes_of(program.text, place, sources))
    return Program(program.text, tuple(sorted(holes, key=itemgetter(1))))


def sources_of(content: LessonFile) -> dict[str, str]:
    """Return each knob's default as a Python literal."""
    return {knob.name: knob.source(knob.default) for knob in content.knobs}
