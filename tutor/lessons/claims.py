"""Claims: statements of a lesson about a run, in a form that a run can prove.

In prose, a claim is a link. Its target is the subject of the claim, and its text is the claimed value:

    Right after the call the task is [Pending](status@queued), and the answer is
    [two rows later](step@stored "3") there. With a wrong argument it is [Failed](fails/status@failed).

A target is `[case/][!]kind[@rule[,rule]][:argument]`:

- `case`: the case whose run the claim is about; by default the lesson's own run.
- `!`: negates the claim.
- `kind`: one of `CLAIM_KINDS`.
- `rule`: the first step that the rule made; `rule#2` is its second step.

If the link has a title, the title is the value. The target `plain` marks a number or a status word that is not
about a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from tutor.protocol.lanes import Lane

from .errors import unknown

PLAIN = "plain"
"""The target of a link that claims nothing."""
STATUSES = ("Pending", "Running", "Success", "Failed", "N/A")
ROLES = tuple(lane for lane in Lane if lane is not Lane.HOST)
Outcome = Literal["finished", "failed", "stopped", "lost"]
TARGET = re.compile(
    r"(?:(?P<case>[a-z][a-z0-9-]*)/)?(?P<not>!)?(?P<kind>[a-z]+)(?:@(?P<rules>[a-z][^:\s]*))?(?::(?P<argument>\S.*))?"
)
RULE = re.compile(r"(?P<id>[a-z][a-z0-9_-]*)(?:#(?P<nth>[1-9]\d?))?")


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """A kind of claim. `tutor.trace.claim_evaluation` finds the value in a run."""

    description: str
    """The value that the claim is about."""
    comparison: Literal["text", "number", "contains"]
    """How the claimed value must agree with the run's: as the same text, the same number, or a part of the text."""
    rules: tuple[int, int] = (0, 0)
    """The minimum and the maximum number of rules in the target."""
    argument: Literal["none", "required", "optional"] = "none"
    values: tuple[str, ...] = ()
    """All possible values, if they are few."""


ONE_RULE, TWO_RULES, MAYBE_RULE = (1, 1), (2, 2), (0, 1)
CLAIM_KINDS: Mapping[str, ClaimKind] = {
    # One step.
    "status": ClaimKind(
        "The status of the step's task; for another task, use value and a variable.",
        "text",
        ONE_RULE,
        values=STATUSES,
    ),
    "result": ClaimKind("The stored result of the step's task.", "text", ONE_RULE),
    "task": ClaimKind("The label of the task that the step is about; “none” if it is about none.", "text", ONE_RULE),
    "step": ClaimKind("The step's number.", "number", ONE_RULE),
    "value": ClaimKind("A variable after the step; the argument is its name.", "text", ONE_RULE, "required"),
    "length": ClaimKind(
        "The number of values in a list, or of characters in a text: of a field of the step's event, such as result, or"
        " else of a variable.",
        "number",
        ONE_RULE,
        "required",
    ),
    "event": ClaimKind("A field of the event that made the step.", "text", ONE_RULE, "required"),
    "role": ClaimKind("The role of the process that made the step.", "text", ONE_RULE, values=ROLES),
    "times": ClaimKind("The number of steps that the rule made.", "number", ONE_RULE),
    # One step, or the whole run.
    "error": ClaimKind("The error of the step's event; without a rule, of any step.", "contains", MAYBE_RULE),
    "printed": ClaimKind("The text printed up to the step; without a rule, in the whole run.", "contains", MAYBE_RULE),
    "printer": ClaimKind(
        "The role of the process that first printed the text in the argument, up to the step or in the whole run.",
        "text",
        MAYBE_RULE,
        "required",
        values=ROLES,
    ),
    "row": ClaimKind(
        "A field of a row at the step, such as Task.result, or OrmQ#2.name for the second row;"
        " without a rule, at the end.",
        "text",
        MAYBE_RULE,
        "required",
    ),
    "token": ClaimKind(
        "The nodes on the path of a token up to the step; without a rule, in the whole run. The argument is a task,"
        " such as charge or charge#2, with its delivery as in charge/2, or another subject, such as caller.",
        "text",
        MAYBE_RULE,
        "required",
    ),
    "rows": ClaimKind("Rows of a table at the step; without a rule, at the end.", "number", MAYBE_RULE, "required"),
    # Two steps.
    "order": ClaimKind(
        "Whether the first rule's step is before or after the second's.", "text", TWO_RULES, values=("before", "after")
    ),
    "process": ClaimKind("Whether one process made both steps.", "text", TWO_RULES, values=("same", "other")),
    # The whole run.
    "notice": ClaimKind("The notices under the table at the end.", "contains"),
    "steps": ClaimKind("The number of steps.", "number"),
    "executions": ClaimKind("Executions of all tasks, or those of a name or function.", "number", argument="optional"),
    "processes": ClaimKind("The number of processes of a role.", "number", argument="required"),
    "overlap": ClaimKind(
        'Whether two executions, named as "name,name" or "name#2", ran at the same time.',
        "text",
        argument="required",
        values=("overlap", "apart"),
    ),
    "outcome": ClaimKind("How the run ended.", "text", values=get_args(Outcome)),
    "path": ClaimKind("The rules of all steps, in order.", "text"),
    "statuses": ClaimKind("The statuses of all steps, in order.", "text"),
    "results": ClaimKind("The results of all steps, in order.", "text"),
    "tracker": ClaimKind("A variable's values, from the start on, in order.", "text", argument="required"),
}
"""Kind of claim → its definition."""


@dataclass(frozen=True, slots=True)
class ClaimSubject:
    """The subject of a claim."""

    kind: str
    rules: tuple[tuple[str, int], ...] = ()
    """The id of each rule, and the number of its step, from 1."""
    argument: str = ""
    case: str = ""
    """The case whose run it is about; "" for the lesson's own run."""
    negated: bool = False

    @property
    def definition(self) -> ClaimKind:
        return CLAIM_KINDS[self.kind]

    def __str__(self) -> str:
        case = f"{self.case}/" if self.case else ""
        negation = "!" if self.negated else ""
        rules = ",".join(rule if nth == 1 else f"{rule}#{nth}" for rule, nth in self.rules)
        argument = f":{self.argument}" if self.argument else ""
        return f"{case}{negation}{self.kind}{'@' if rules else ''}{rules}{argument}"


Origin = Literal["prose", "quiz", "case", "step", "row"]
"""The part of a lesson that a claim is in. "row": a status word in a step's text, which is about the step's own row."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a lesson."""

    file: str
    line: int
    text: str
    """Its words in the lesson."""
    value: str
    """The claimed value as text: the link's title, or its words if it has no title."""
    subject: ClaimSubject
    origin: Origin = "prose"
    """A claim in a step's text ("step" or "row") must hold in every run that makes the step."""


@lru_cache(maxsize=4096)
def subject_of(target: str) -> ClaimSubject:
    """Return the subject that `target` names. Raise ValueError for a mistake in it."""
    if not (match := TARGET.fullmatch(target)):
        raise ValueError(f'"{target}" isn\'t a claim, such as status@stored, or "{PLAIN}"')
    if match["kind"] not in CLAIM_KINDS:
        raise ValueError(unknown("kind of claim", match["kind"], (*CLAIM_KINDS, PLAIN)))
    rules = tuple(rules_in(match["rules"] or ""))
    subject = ClaimSubject(match["kind"], rules, match["argument"] or "", match["case"] or "", bool(match["not"]))
    if mistake := mistake_in(subject):
        raise ValueError(f'"{target}": {mistake}')
    return subject


def rules_in(text: str) -> Iterator[tuple[str, int]]:
    for each in text.split(",") if text else ():
        if not (match := RULE.fullmatch(each)):
            raise ValueError(f'"{each}" isn\'t a rule, such as stored, or stored#2 for its second step')
        yield match["id"], int(match["nth"] or 1)


def mistake_in(subject: ClaimSubject) -> str:
    """Return the mistake in the number of rules or in the argument; "" if there is none."""
    kind = subject.definition
    fewest, most = kind.rules
    if not fewest <= len(subject.rules) <= most:
        number = f"{fewest}" if fewest == most else f"{fewest} or {most}"
        wrong = f'"{subject.kind}" takes {number} {"rule" if most == 1 else "rules"} after an @'
    elif subject.argument and kind.argument == "none":
        wrong = f'"{subject.kind}" takes no argument after a colon'
    elif not subject.argument and kind.argument == "required":
        wrong = f'"{subject.kind}" needs an argument after a colon'
    else:
        return ""
    return f"{wrong}: write {form_of(subject.kind)}. {kind.description}"


def form_of(name: str) -> str:
    """Return how a claim of this kind is written, such as order@RULE,RULE; what may be left out is in brackets."""
    kind = CLAIM_KINDS[name]
    fewest, most = kind.rules
    rules = f"@{','.join(['RULE'] * most)}" if most else ""
    argument = "" if kind.argument == "none" else ":NAME"
    return "".join(
        (
            name,
            rules if fewest or not rules else f"[{rules}]",
            f"[{argument}]" if kind.argument == "optional" else argument,
        )
    )
