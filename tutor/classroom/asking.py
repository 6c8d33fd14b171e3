"""What a presenter can ask a class at a step, and the advice after a round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.pages.predict import asked_in
from tutor.pages.typed import one_line
from tutor.quizzes.authored import CLASS_QUESTION, authored
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.of_run import quiz_of_run
from tutor.quizzes.predictions import before_answer
from tutor.runs.references import kept
from tutor.styles.byte_cache import ByteCache
from tutor.styles.moment import Moment
from tutor.styles.registry import Style, styles
from tutor.trace.chances import Chance, chances_at

from .models import LONGEST_TEXT, Question

NEXT, TYPED = "next", "typed"
"""The ids of the question what comes next, and of one that is typed on the spot."""
ASKED_ALONE = ("predict", "quiz")
"""The styles in which every viewer is asked alone."""
TELLING = ("read",)
"""The styles that tell what a class may still be asked. Only its presenter chooses them."""
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
FEW, MANY = 0.3, 0.7
"""The shares of right answers below and above which discussing doesn't help."""


def class_styles() -> Mapping[str, Style]:
    """Return name → style, of those in which a class can look at a run together, step by step."""
    return {name: each for name, each in styles().items() if name not in ASKED_ALONE and not each.is_whole}


def class_style(name: str) -> str:
    """Return the name of a style if a class can look at a run in it, otherwise ""."""
    return name if name in class_styles() else ""


def own_styles() -> Mapping[str, Style]:
    """Return name → style, of those that a member can choose."""
    return {name: each for name, each in class_styles().items() if name not in TELLING}


def chances_here(moment: Moment) -> list[Chance]:
    """Return what can be done to the run of a class at a step; nothing as long as the run goes on."""
    if moment.trace.ended is None or not moment.position:
        return []
    settings = moment.lesson.lab_settings(moment.knobs)
    return [each for each in chances_at(moment.trace, moment.position, settings) if each.at]


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that can be asked now."""

    choice: Choice
    answered_in: int | None
    """The number of the step that answers it."""

    @property
    def id(self) -> str:
        return self.choice.id


@dataclass(frozen=True, slots=True)
class Askable:
    """The questions that can be asked at some step of a run."""

    of_lesson: Choice | None
    """The question to the class."""
    answer: int | None
    """The step that answers it; None if the run hasn't made it so far."""
    following: Mapping[int, Choice]
    """Step → the question what comes next."""
    others: Sequence[Choice]


MOST_RUNS = 64
askable: ByteCache[Askable] = ByteCache(MOST_RUNS)
"""A run as far as it is made, and the reference runs that it is compared with → its questions. Each counts as one."""


def offers(moment: Moment) -> Iterator[Offer]:
    """Yield the questions that nothing up to the step of a moment has answered, the most fitting first."""
    found, at = askable_at(moment), moment.position
    if found.of_lesson and at < (found.answer or moment.trace.number):
        yield Offer(found.of_lesson, found.answer)
    if at in found.following and at + 1 != found.answer:
        yield Offer(replace(found.following[at], id=NEXT), at + 1)
    for question in found.others:
        if (question.step or 0) > at:
            yield Offer(question, question.step)


def askable_at(moment: Moment) -> Askable:
    """Return the questions about the run of a moment. While nothing has changed, that is one query."""
    references = tuple(kept([moment.lesson]).order_by("pk").values_list("pk", flat=True))
    key = moment.lesson.version, moment.run.pk if moment.run else None, moment.number, references
    return askable.get_or_set(key, lambda: new_askable(moment), lambda _: 1)


def new_askable(moment: Moment) -> Askable:
    lesson, trace = moment.lesson, moment.trace
    items = quiz_of_run(lesson, moment.run, trace).items
    others = [each.question for id, each in items.items() if id != CLASS_QUESTION]
    return Askable(
        authored(lesson, trace).get(CLASS_QUESTION),
        answering_step(moment),
        asked_in(moment, every=True) if trace.ended else {},
        [each for each in others if isinstance(each, Choice)],
    )


def answering_step(moment: Moment) -> int | None:
    """Return the step that answers the question to the class; None if the run hasn't made it so far."""
    before = before_answer(moment.lesson, moment.trace.steps)
    return before + 1 if before else None


def complete(question: Question, moment: Moment) -> None:
    """Add what wasn't known of the question to the class when it was asked, as its run went on. It isn't stored."""
    ask = moment.lesson.content.ask
    if ask is None or question.text != ask.question or question.run_id != (moment.run and moment.run.pk):
        return
    question.answered_in = answering_step(moment)
    choice = authored(moment.lesson, moment.trace)[CLASS_QUESTION]
    question.right = order_at(choice, moment).index(choice.right)


def order_at(choice: Choice, moment: Moment) -> tuple[int, ...]:
    return choice.order(moment.run.public_id if moment.run else "")


def asked_now(moment: Moment, sent: Mapping[str, str]) -> Question | None:
    """Return the question that a presenter asks at a moment, not stored; None if it can't be asked there."""
    if sent.get("what") == TYPED:
        return typed(moment, sent)
    offer = next((each for each in offers(moment) if each.id == sent.get("what")), None)
    if offer is None:
        return None
    order = order_at(offer.choice, moment)
    return Question(
        run=moment.run,
        step=moment.position,
        text=offer.choice.text,
        options=[offer.choice.options[index].text for index in order],
        right=order.index(offer.choice.right),
        why=offer.choice.why,
        answered_in=offer.answered_in,
    )


def typed(moment: Moment, sent: Mapping[str, str]) -> Question | None:
    """Return the question in a form, which has a line for each option; None if it isn't complete."""
    text = one_line(sent.get("text", ""), LONGEST_TEXT)
    lines = [one_line(line, LONGEST_TEXT) for line in sent.get("options", "").splitlines()]
    options = list(dict.fromkeys(line for line in lines if line))[:MOST_OPTIONS]
    if not text or len(options) < FEWEST_OPTIONS:
        return None
    return Question(run=moment.run, step=moment.position, text=text, options=options)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do after a round."""

    text: str
    command: str
    """The command that it advises."""


def advice(counts: Sequence[int], right: int | None) -> Advice | None:
    """Return what to do after a round with these answers; None without any, or if there is no right one."""
    if right is None or not sum(counts):
        return None
    share = counts[right] / sum(counts)
    if share < FEW:
        return Advice("Fewer than 30 % are right: go back a step, and look again.", "away")
    if share <= MANY:
        return Advice("Between 30 and 70 % are right: let them discuss, and ask again.", "again")
    return Advice("More than 70 % are right: move on.", "reveal")
