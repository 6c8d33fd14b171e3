"""How many rows a table has after a step, and whether a task's own one is still there."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Step, Trace
from tutor.trace.state import Table

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import capital, code

QUEUE, TASKS = "OrmQ", "Task"
OF_QUEUE = ("enqueued-is-started", "exactly-once")
FEWEST_WRONG = 2
"""The least number of wrong options: with fewer, the answer is a coin."""
YES = "Yes, as nobody has acknowledged it"
HINT = "Who writes into this table, who deletes from it, and has that happened yet?"


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the rows of the queue and of the Task table after the first step of each kind that says something."""
    seen: set[tuple[str, str, object]] = set()
    is_usual = not is_about_queue(lesson) and goes_well(trace)
    for moment in moments(lesson, case, trace):
        step, task = moment.step, trace.histories.tasks.get(moment.step.task)
        for name in ASKED_AFTER.get(step.event, ()) if task and is_of_cluster(step) else ():
            table, kind = step.state.tables.get(name), (step.event, name, step.payload.get("success"))
            if not task or kind in seen or not table or table.unread or table.in_transaction or table.others:
                continue
            if name == QUEUE and is_usual and links_of(task) == 1:
                continue
            asked = list(at_step(moment, task, table, case, trace))
            seen |= {kind} if asked else set()
            yield from asked


def is_about_queue(lesson: Lesson) -> bool:
    """Return whether a lesson's own questions are about the queue, so that what is true of any run is asked as well."""
    return any(option.misconception in OF_QUEUE for each in lesson.content.questions for option in each.options)


def goes_well(trace: Trace) -> bool:
    """Return whether each task is executed once, with success."""
    return all(each.success for each in trace.executions) and len(trace.executions) == len(trace.tasks)


ASKED_AFTER = {"queued": (QUEUE,), "picked": (QUEUE,), "started": (QUEUE,), "stored": (QUEUE, TASKS), "died": (QUEUE,)}
"""Kind of event → the tables that are asked for after it."""


def is_of_cluster(step: Step) -> bool:
    """Return whether a step is about a task that goes through a queue."""
    return step.event == "queued" or step.process != Lane.CALLER


def at_step(moment: StepMoment, task: TaskHistory, table: Table, case: Case, trace: Trace) -> Iterator[Question]:
    number = moment.step.event_number
    is_alone = sum(bool(each.queued and each.queued.number <= number) for each in trace.tasks) == 1
    is_acknowledged = bool(task.acknowledged and task.acknowledged.number <= number)
    if table.name == QUEUE and not is_alone:
        if task.queued and moment.step.event != "queued" and not is_acknowledged:
            yield from still_there(moment, case)
    elif is_alone:
        yield from rows_at(moment, task, table, case)


def when(moment: StepMoment) -> str:
    """Return a moment as a sentence; that between an outcome and what its monitor does next is named exactly."""
    step, text = moment.step, moment.when.removeprefix("When ")
    if step.event != "stored":
        return f"{capital(text)}."
    return f"The monitor has just stored {text.removesuffix(' is stored')}, and done nothing else yet."


def rows_at(moment: StepMoment, task: TaskHistory, table: Table, case: Case) -> Iterator[Question]:
    step = moment.step
    fact = Fact(
        id=id_of("rows", table.name, moment.rule, step.task_label),
        text=f"{when(moment)} How many rows does the table {code(table.name)} have?",
        key=str(table.count),
        why=AFTER[step.event, table.name],
        hint=HINT,
        look=f"Look at {moment.look}: the table {code(table.name)} there.",
        step=step.number,
        claim=claim_of(case, "rows", moment.rule, table.name),
    )
    wrong = [each for each in wrong_at(step, task, table) if each.text not in ("-1", fact.key)]
    if len(wrong) >= FEWEST_WRONG:
        yield from fact.choice(wrong)


AFTER = {
    ("queued", QUEUE): "Queueing writes one row. The other links travel inside the package of this one.",
    ("picked", QUEUE): "Handing a task out only locks its row, which stays until the task is acknowledged.",
    ("started", QUEUE): "Beginning a task deletes nothing: its row stays in the queue until it is acknowledged.",
    ("stored", QUEUE): "The outcome is written first. A row is deleted from the queue only when it is acknowledged.",
    ("stored", TASKS): "A Task row belongs to a task: its first outcome writes it, later ones change it.",
    ("died", QUEUE): "Nobody acknowledges the task of a dead process, so its row stays.",
}


def wrong_at(step: Step, task: TaskHistory, table: Table) -> Iterator[Option]:
    """Yield other numbers of rows that somebody would count, when one task has been queued."""
    less, more = str(table.count - 1), str(table.count + 1)
    links = links_of(task)
    if links > 1 and table.name == QUEUE:
        why = (
            f"The other links travel inside the package of {code(step.task_label)}. They have no rows of their own yet."
        )
        yield Option(str(links), why, "chains-depend")
    match step.event, table.name:
        case "queued", _ if links > 1:
            why = "Nothing takes the row away before the task is acknowledged."
            yield Option(less, why, "enqueued-is-started")
        case "picked" | "started", _:
            why = "Its row stays until it is acknowledged. Otherwise the queue couldn't repeat it."
            yield Option(less, why, "exactly-once")
            yield Option(more, "No delivery writes a row: it only locks the one that is there.")
        case "stored", "OrmQ":
            why = "It is acknowledged only after that, so its row is still there."
            yield Option(less, why, "exactly-once" if not step.payload.get("success") else "")
            why = "An outcome queues nothing. It is the task's own row that may be delivered again."
            yield Option(more, why, "retry-after-failure" if not step.payload.get("success") else "")
        case "stored", _ if not step.payload.get("success") or len(task.outcomes) > 1:
            yield Option(more, "Executions have no rows of their own.", "attempts-are-executions")
            failed = not step.payload.get("success")
            yield Option(less, "A failure has its row there too." if failed else "Its outcome has just been written.")
        case "died", _:
            yield Option(less, "Nobody has acknowledged its task.", "exactly-once")
            yield Option(more, "The row that is there is delivered again. No second one is written.")


def links_of(task: TaskHistory) -> int:
    """Return the number of links of the chain that begins with a task; 1 without a chain."""
    return int(task.description.get("options", {}).get("chain") or 0) + 1


def still_there(moment: StepMoment, case: Case) -> Iterator[Question]:
    """Ask whether a task's row is in the queue, where other tasks have rows as well."""
    step = moment.step
    fact = Fact(
        id=id_of("rows", "still", moment.rule, step.task_label),
        text=f"{when(moment)} Is the row of {code(step.task_label)} still in `OrmQ`?",
        key=YES,
        why=AFTER[step.event, QUEUE],
        hint="Who deletes a row of the queue, and after what?",
        look=f"Look at {moment.look}: the table `OrmQ` there.",
        step=step.number,
        claim=claim_of(case, "rows", moment.rule, QUEUE),
    )
    wrong = [
        Option(
            "No, the pusher deleted it when it handed the task on",
            "The pusher only locks the row. Otherwise the queue couldn't repeat a task that gets lost.",
            "exactly-once",
        )
    ]
    if step.event == "stored":
        why = "An outcome is a row of another table. The row in `OrmQ` is deleted after that, by an acknowledgement."
        yield from fact.choice((*wrong, Option("No, it is the Task row now", why), WORKER_DELETED))
    elif step.event == "died":
        why = "It is in the database, not in the worker."
        yield from fact.choice((*wrong, Option("No, it went with its worker", why, "exactly-once"), WORKER_DELETED))
    elif step.event == "picked":
        why = "A Task row is written only with an outcome."
        yield from fact.choice((*wrong, Option("No, it is the Task row now", why)))
    else:
        yield from fact.choice((*wrong, WORKER_DELETED))


WORKER_DELETED = Option("No, the worker deleted it when it began", "A worker doesn't touch the queue's table.")
