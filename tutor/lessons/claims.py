"""Claims: what a lesson says of a run, written so that a run can prove it.

In prose, a claim is a link whose text is what is claimed and whose target is what it is claimed of:

    Right after the call the task is [Pending](status@queued), and the answer is
    [two rows later](step@stored "3") there. With a wrong argument it is [Failed](fails/status@failed).

A target is `[case/][!]kind[@rule[,rule]][:argument]`: of the run of that case (of the lesson's own run if none is
named), not so if there is a `!`, at the first step that the rule made (`rule#2`: the second). `KINDS` has the kinds.
Where the words differ from the value, the value is the link's title. `plain` as a target marks a number or a status
word that says nothing of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

PLAIN = "plain"
"""The target of a link that claims nothing."""
STATUSES = ("Pending", "Running", "Success", "Failed", "N/A")
CARDINALS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
NUMBERS: Mapping[str, int] = {
    **{word: number for number, word in enumerate(CARDINALS)},
    **dict.fromkeys(("no", "none", "nothing", "never", "nobody"), 0),
    **{"a": 1, "an": 1, "once": 1, "only once": 1, "twice": 2, "both": 2},
    **{word: number for number, word in enumerate(ORDINALS, 1)},
}
"""Words that a claim may use for a number."""
TARGET = re.compile(
    r"(?:(?P<case>[a-z][a-z0-9-]*)/)?(?P<not>!)?(?P<kind>[a-z]+)(?:@(?P<rules>[a-z][^:\s]*))?(?::(?P<argument>\S.*))?"
)
RULE = re.compile(r"(?P<id>[a-z][a-z0-9_-]*)(?:#(?P<nth>[1-9]\d?))?")


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """What can be claimed in one way."""

    says: str
    compare: Literal["text", "number", "contains"]
    """How the value is compared: as the same text, as the same number, as a part of what was seen."""
    rules: tuple[int, int] = (0, 0)
    """The fewest and the most rules that it names."""
    argument: Literal["", "needed", "possible"] = ""
    values: tuple[str, ...] = ()
    """All values that there are, where they are few."""


STEP = (1, 1)
KINDS: Mapping[str, ClaimKind] = {
    "status": ClaimKind("The step's status.", "text", STEP, values=STATUSES),
    "result": ClaimKind("The step's stored result.", "text", STEP),
    "step": ClaimKind("The step's number.", "number", STEP),
    "value": ClaimKind("A variable after the step; the argument is its name.", "text", STEP, "needed"),
    "event": ClaimKind("A field of the event that made the step.", "text", STEP, "needed"),
    "role": ClaimKind(
        "The role of the process that made the step.",
        "text",
        STEP,
        values=("caller", "cluster", "sentinel", "pusher", "worker", "monitor", "lab"),
    ),
    "error": ClaimKind("The error of the step's event; of any step without a rule.", "contains", (0, 1)),
    "printed": ClaimKind("What has been printed by the step; in all without a rule.", "contains", (0, 1)),
    "notice": ClaimKind("What the page says beside the rows in the end.", "contains"),
    "rows": ClaimKind("Rows of a table at the step; in the end without a rule.", "number", (0, 1), "needed"),
    "steps": ClaimKind("Steps of the run.", "number"),
    "times": ClaimKind("Steps that the rule made.", "number", STEP),
    "executions": ClaimKind("Executions of tasks; of those with a name or function.", "number", argument="possible"),
    "processes": ClaimKind("Processes of a role that were seen.", "number", argument="needed"),
    "order": ClaimKind("The first rule's step to the second's.", "text", (2, 2), values=("before", "after")),
    "process": ClaimKind("The two steps' processes.", "text", (2, 2), values=("same", "other")),
    "overlap": ClaimKind(
        "Two executions, named as “name,name” or “name#2”: at the same time or not.",
        "text",
        argument="needed",
        values=("overlap", "apart"),
    ),
    "outcome": ClaimKind("How the run ended.", "text", values=("finished", "failed", "stopped", "lost")),
    "path": ClaimKind("The rules of all steps, in order.", "text"),
    "statuses": ClaimKind("The statuses of all steps, in order.", "text"),
    "results": ClaimKind("The results of all steps, in order.", "text"),
    "tracker": ClaimKind("A variable's values from the start on, in order.", "text", argument="needed"),
}
"""The kinds of claims, with what they are about."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim is of."""

    kind: str
    rules: tuple[tuple[str, int], ...] = ()
    """(a rule's id, which of its steps from 1)"""
    argument: str = ""
    case: str = ""
    """The case whose run it is of; the lesson's own run if empty."""
    negated: bool = False

    @property
    def shape(self) -> ClaimKind:
        return KINDS[self.kind]

    def __str__(self) -> str:
        named = ",".join(rule if nth == 1 else f"{rule}#{nth}" for rule, nth in self.rules)
        return "".join(
            (
                f"{self.case}/" if self.case else "",
                "!" if self.negated else "",
                self.kind,
                f"@{named}" if named else "",
                f":{self.argument}" if self.argument else "",
            )
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a lesson."""

    file: str
    line: int
    says: str
    """Its words, as they stand in the lesson."""
    value: str
    subject: Subject
    source: Literal["prose", "quiz", "case", "step"] = "prose"
    """Where it stands; one in a step's own text has to hold in every run that makes the step."""


def subject_of(target: str) -> Subject:
    """Read a target. ValueError says what is wrong with it."""
    if not (match := TARGET.fullmatch(target)) or match["kind"] not in KINDS:
        raise ValueError(f"“{target}” is no claim: write kind@rule; the kinds are {', '.join(KINDS)}, or “{PLAIN}”")
    rules = tuple(rules_in(match["rules"] or ""))
    subject = Subject(match["kind"], rules, match["argument"] or "", match["case"] or "", bool(match["not"]))
    fewest, most = subject.shape.rules
    if not fewest <= len(rules) <= most:
        wanted = str(most) if fewest == most else f"{fewest} to {most}"
        raise ValueError(f"“{target}”: “{subject.kind}” takes {wanted} rules after an @")
    if bool(subject.argument) > bool(subject.shape.argument):
        raise ValueError(f"“{target}”: “{subject.kind}” takes nothing after a colon")
    if subject.shape.argument == "needed" and not subject.argument:
        raise ValueError(f"“{target}”: “{subject.kind}” needs something after a colon. {subject.shape.says}")
    return subject


def rules_in(text: str) -> Iterator[tuple[str, int]]:
    for each in text.split(",") if text else ():
        if not (match := RULE.fullmatch(each)):
            raise ValueError(f"“{each}” is no rule: a step's id, and perhaps #2 for its second step")
        yield match["id"], int(match["nth"] or 1)


def check_value(subject: Subject, value: str) -> None:
    """Raise ValueError where nothing that is seen could ever be `value`."""
    if subject.shape.compare == "number" and number_of(value) is None:
        raise ValueError(f'“{value}” is no number; give it as the link\'s title, such as ({subject} "2")')
    if subject.shape.values and folded(value) not in map(folded, subject.shape.values):
        raise ValueError(f"“{value}” is none of {', '.join(subject.shape.values)}; give it as the link's title")


def number_of(text: str) -> int | None:
    """The number that `text` writes, in digits or as a word; None if it is none."""
    known = folded(text)
    return int(known) if known.isdecimal() else NUMBERS.get(known)


def folded(text: str) -> str:
    """`text` without what makes no difference to a claim: case, ends, runs of spaces."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").split()).casefold()


def agrees(subject: Subject, value: str, seen: str) -> bool:
    """Whether `value` is what was `seen`, as claims of this kind compare."""
    match subject.shape.compare:
        case "number":
            return number_of(value) == number_of(seen)
        case "contains":
            return folded(value) in folded(seen)
    # A word stands for a digit here too; but “None” is a value of its own.
    words = (word for word, number in NUMBERS.items() if str(number) == seen and word != "none")
    return folded(value) in (folded(seen), *words)
