"""What must hold in every run of a lesson, whatever the lesson claims: about its cells, its tokens and its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tutor.trace.histories import ABSENT
from tutor.trace.model import HEADLINE, Step, Trace
from tutor.trace.tokens import Token, Visit
from tutor.trace.tracker import brief

from .case_runs import CaseRun
from .recount import Recount

NOTE = 140
"""The maximum length of a note, in characters."""


def wrong_cells(run: CaseRun, step: Step) -> Iterator[str]:
    """Yield a message for each cell of a row (task, status, result) that isn't what the run's events say."""
    recount = Recount(run.events[: step.event_number])
    rule = next(each for each in run.lesson.content.steps if each.id == step.id)
    if rule.about is None and step.task != recount.task:
        yield f"the row is about “{step.task}”, the event about “{recount.task}”"
    status = recount.status(step.task) if step.task else ABSENT
    result = brief(recount.result(step.task)) if step.task else ABSENT
    if step.status != status:
        yield f"the status is “{step.status}”, by the events “{status}”"
    if step.result != result:
        yield f"the result is “{step.result}”, by the events “{result}”"


def wrong_paths(run: CaseRun, trace: Trace) -> Iterator[str]:
    """Yield a message for each token that jumps, and for edges and nodes that no token accounts for."""
    flow, state = run.lesson.content.flow, trace.state
    known = {(edge.source, edge.target) for edge in flow.edges}
    taken: Counter[tuple[str, str]] = Counter()
    for token in state.tokens:
        if token.entry == "stray":
            yield f"the token of {token.label} comes to “{token.path[0].node}” {origin(token, trace)}"
        for step in pairwise(token.nodes):
            if step not in known:
                yield f"the token of {token.label} goes from “{step[0]}” to “{step[1]}”, and there is no such edge"
        taken.update(pairwise(token.nodes[max(0, token.inherited - 1) :]))
        for visit in token.path:
            if not may_light(run, trace, visit):
                yield f"the token of {token.label} is at “{visit.node}” by event {visit.number}, which doesn't light it"
    if taken != Counter(state.edges):
        yield f"the edges that tokens took ({dict(taken)}) aren't those that are counted ({dict(state.edges)})"
    lit = {visit.node for token in state.tokens for visit in token.path}
    if lit != state.past_nodes | ({state.node} if state.node else set()):
        yield "the nodes that tokens came to aren't those that are lit"


def may_light(run: CaseRun, trace: Trace, visit: Visit) -> bool:
    """Return whether the event of `visit` has made a step with that node, or is of a kind that lights it."""
    event = run.events[visit.number - 1]
    content = run.lesson.content
    of_rules = {rule.id: rule.node for rule in content.steps}
    if any(of_rules[step.id] == visit.node for step in trace.steps if step.event_number == visit.number):
        return True
    patterns = (each for node in content.flow.nodes if node.id == visit.node for each in node.lit_by)
    return any(each.event == event.kind and each.lane in (None, event.lane) for each in patterns)


def origin(token: Token, trace: Trace) -> str:
    """Return where the subject of a stray token was before."""
    before = [each for each in trace.state.tokens if each.subject == token.subject and each.path[0] != token.path[0]]
    earlier = [each for each in before if each.path[0].number < token.path[0].number]
    return f"from “{earlier[-1].node}”, and there is no such edge" if earlier else "first, where the flow lets none in"


def long_texts(run: CaseRun, step: Step) -> Iterator[str]:
    """Yield a message for each text of a step that is longer than its place."""
    if step.headline.endswith("…"):  # It has been cut between two words.
        yield f"the headline is longer than {HEADLINE} characters: {step.headline}"
    if len(step.note) > NOTE:
        yield f"the note has {len(step.note)} characters, more than {NOTE} (use “more” for the rest): {step.note}"
