"""The tokens of a flow at a moment of a run: what each is called, how it moved in the step, and its tag on its node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest

from tutor.styles.task_tags import task_tags
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace
from tutor.trace.tokens import Token

from .flow_picture import DrawnNode

FAILED, DEAD = "!", " ✕"
"""The signs of a delivery that failed, and of one whose worker died."""
TAG_HEIGHT, TAG_CHARACTER, TAG_PADDING, TAG_GAP = 20.0, 7.6, 11.0, 4.0
"""The height of a tag, the width of a character of its text, the width of both its sides, and the distance between
tags."""
SIDES = 16.0
"""The width of a node where no tag is, on both sides together."""
MOST = 6
"""The most tags beside each other on a node."""
NAMED = 100
"""The most tasks whose tokens share a tag that says which they are."""

Ends = tuple[str, str]
"""An edge, by its source and its target."""


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token that is drawn or named."""

    token: Token
    tag: str
    """A few letters, such as "C×2!"; one word for what isn't a task."""
    task: str
    """The label of its task, by which one follows it; its own label if it isn't a task's."""
    taken: tuple[Ends, ...]
    """The edges that it has taken in the step."""
    is_now: bool
    """Whether it is the one that the step is about."""
    is_over: bool = False
    """Whether its delivery failed, or its worker died, and its task has been delivered again since."""

    @property
    def is_task(self) -> bool:
        return self.token.subject.kind == "task"

    @property
    def is_failed(self) -> bool:
        """Whether its delivery failed, or its worker died."""
        return self.tag.endswith((FAILED, DEAD))


@dataclass(frozen=True)
class TokensAt:
    """The tokens at a moment. There may be thousands, of which few are drawn or named."""

    all: Sequence[Token] = ()
    """In the order in which they entered the flow."""
    tasks: Mapping[str, TaskHistory] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    """Label of a task → its letters."""
    event_number: int = 0
    taken: Mapping[int, tuple[Ends, ...]] = field(default_factory=dict)
    """`id` of a token → the edges that it has taken in the step."""
    now: Token | None = None
    """The token that the step is about."""

    @cached_property
    def deliveries(self) -> Mapping[str, int]:
        """Id of a task → the last of its deliveries that has a token."""
        return {each.subject.id: each.subject.delivery for each in self.all if each.subject.kind == "task"}

    @property
    def is_lit(self) -> bool:
        """Whether the step has lit a node: its own, or by a token that moved since the step before."""
        return self.now is not None or bool(self.taken)

    def shown(self, token: Token) -> ShownToken:
        """Return one of the tokens with what a drawing says of it."""
        tag, taken = self.tag(token), self.taken.get(id(token), ())
        is_over = tag.endswith((FAILED, DEAD)) and token.subject.delivery < self.deliveries.get(token.subject.id, 0)
        return ShownToken(token, tag, self.task(token), taken, token is self.now, is_over)

    def task(self, token: Token) -> str:
        """Return the label by which one follows a token."""
        return self.tasks[token.subject.id].label if token.subject.kind == "task" else token.label

    def tag(self, token: Token) -> str:
        """Return the text of a token's tag."""
        subject = token.subject
        if subject.kind != "task":
            return subject.kind
        task = self.tasks[subject.id]
        delivery = f"×{subject.delivery}" if subject.delivery > 1 else ""
        own = (each for each in reversed(task.executions) if (each.delivery or 1) == subject.delivery)
        execution = next((each for each in own if each.started.number <= self.event_number), None)
        return self.tags[task.label] + delivery + (end_sign(execution, self.event_number) if execution else "")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag on a node: a token, or all tokens there for which there is no place."""

    text: str
    label: str
    """What it says to those who can't see it."""
    node: str
    x: float
    y: float
    width: float
    one: ShownToken | None
    """None for several tokens."""
    count: int
    tasks: str
    """The labels of the tasks of several tokens, a line each; empty if there are too many."""

    @property
    def middle(self) -> float:
        """The x of the middle of its text."""
        return round(self.x + self.width / 2, 1)

    @property
    def baseline(self) -> float:
        """The y of the baseline of its text."""
        return round(self.y + TAG_HEIGHT / 2 + 4.3, 1)

    @property
    def way(self) -> str:
        """The nodes that its token has come through in the step, in order; empty if it stayed or isn't one."""
        taken = self.one.taken if self.one else ()
        return " ".join([taken[0][0], *(target for _, target in taken)]) if taken else ""


def tokens_at(trace: Trace, position: int) -> TokensAt:
    """Return the tokens after step `position`."""
    if not position:
        return TokensAt()
    step, before = trace.steps[position - 1], trace.state_at(position - 1).tokens
    return TokensAt(
        all=step.state.tokens,
        tasks=trace.histories.tasks,
        tags=task_tags(tuple(task.label for task in trace.tasks)),
        event_number=step.event_number,
        taken={
            id(token): taken_since(earlier, token)
            for token, earlier in zip_longest(step.state.tokens, before)
            if token is not earlier
        },
        now=step.token,
    )


def taken_since(before: Token | None, now: Token) -> tuple[Ends, ...]:
    """Return the edges that a token has taken since it was `before`; None is before it entered."""
    known = len(before.path) if before else max(1, now.inherited)
    return tuple(pairwise(now.nodes[known - 1 :]))


def end_sign(execution: Execution, number: int) -> str:
    """Return the sign of how an execution had ended after the event `number`; empty for a success, or if it goes on."""
    if execution.ended is None or execution.ended.number > number or execution.success:
        return ""
    return FAILED if execution.ended.pid == execution.pid else DEAD


def tags_on(tokens: TokensAt, nodes: Sequence[DrawnNode]) -> Mapping[str, tuple[Tag, ...]]:
    """Return node → the tags on it. Tokens for which a node has no place are one tag, with how many they are."""
    standing: dict[str, list[Token]] = {node.id: [] for node in nodes}
    for each in tokens.all:
        standing[each.node].append(each)
    return {node.id: tuple(tags_of(tokens, standing[node.id], node)) for node in nodes}


def tags_of(tokens: TokensAt, standing: Sequence[Token], node: DrawnNode) -> Iterator[Tag]:
    alone, merged = standing, list[Token]()
    if not has_place(tokens, standing, node):
        alone = [each for each in standing if each is tokens.now]
        merged = [each for each in standing if each is not tokens.now]
    texts = [*map(tokens.tag, alone), *([f"×{len(merged)}"] if merged else [])]
    x, y = node.x + node.width / 2 - width_of(texts) / 2, node.stand - TAG_HEIGHT / 2
    for index, text in enumerate(texts):
        one = tokens.shown(alone[index]) if index < len(alone) else None
        yield Tag(
            text=text,
            label=one.token.label if one else f"{len(merged)} tokens",
            node=node.id,
            x=round(x, 1),
            y=round(y, 1),
            width=round(width_of([text]), 1),
            one=one,
            count=1 if one else len(merged),
            tasks="" if one or len(merged) > NAMED else "\n".join(dict.fromkeys(map(tokens.task, merged))),
        )
        x += width_of([text]) + TAG_GAP


def has_place(tokens: TokensAt, standing: Sequence[Token], node: DrawnNode) -> bool:
    """Return whether each of the tokens that stand on a node has place for a tag of its own."""
    if len(standing) > MOST:
        return False
    return len(standing) == 1 or width_of([*map(tokens.tag, standing)]) <= node.width - SIDES


def width_of(texts: Sequence[str]) -> float:
    """Return the width of tags beside each other."""
    widths = [max(TAG_HEIGHT, TAG_CHARACTER * len(text) + TAG_PADDING) for text in texts]
    return sum(widths) + TAG_GAP * (len(widths) - 1)
