"""The lesson's frames that wait for a line's own, in a real lab."""

from __future__ import annotations

from tests.labs.conftest import Run
from tests.labs.observed import lab, of
from tutor.protocol.limits import STACK
from tutor.protocol.observation import Observation

TASKS = """
    from shop.prices import factorial, numbers, refuse

    def bill(n):
        return factorial(n)

    def fail():
        refuse()

    def add():
        total = 0
        for n in numbers():
            total += n
        return total
"""
PRICES = """
    def factorial(n):
        if n < 2:
            return 1
        return n * factorial(n - 1)

    def refuse():
        raise LookupError("no price")

    def numbers():
        yield 1
        yield 2
"""
FILES = {"shop/tasks.py": TASKS, "shop/prices.py": PRICES}
PROGRAM = """
    from django_q.tasks import async_task, result
    task = async_task('shop.tasks.{function}', *{arguments}, sync={sync})
    result(task, wait=3000)
"""


def seen_in(run: Run, function: str, arguments: tuple[int, ...] = (), sync: bool = False) -> list[Observation]:
    """Return the line events of a task, executed by a worker or, with `sync`, by the caller."""
    program = PROGRAM.format(function=function, arguments=arguments, sync=sync)
    seen = run(lab(program, files=FILES))
    return [each for each in of(seen, "line") if each.payload["file"] != "program.py"]


def stacks(lines: list[Observation], function: str) -> list[list[list[object]]]:
    """Return the stack of each line of `function`."""
    return [each.payload.get("stack", []) for each in lines if each.payload["function"] == function]


def test_a_tasks_own_function_has_no_frame_of_the_lesson_below_it(run: Run) -> None:
    lines = seen_in(run, "bill", (1,))
    assert stacks(lines, "bill") == [[], []]
    assert all("depth" not in each.payload for each in lines if each.payload["function"] == "bill")


def test_a_function_that_another_one_of_the_lesson_calls_has_that_one_below_it(run: Run) -> None:
    called = stacks(seen_in(run, "bill", (1,)), "factorial")
    assert called == [[["shop/tasks.py", "bill", 5]]] * 3


def test_each_call_of_a_recursion_has_those_before_it_below_it(run: Run) -> None:
    lines = [each for each in seen_in(run, "bill", (3,)) if each.payload["function"] == "factorial"]
    assert [each.payload["depth"] for each in lines] == [1, 1, 2, 2, 3, 3, 3, 2, 1]
    again, bill = ["shop/prices.py", "factorial", 5], ["shop/tasks.py", "bill", 5]
    assert lines[4].payload["stack"] == [again, again, bill]


def test_a_deep_stack_is_bounded_and_its_depth_is_told(run: Run) -> None:
    deepest = max(seen_in(run, "bill", (16,)), key=lambda each: each.payload.get("depth", 0))
    assert deepest.payload["depth"] == 16
    assert len(deepest.payload["stack"]) == STACK


def test_a_function_that_raises_has_the_one_below_it_that_fails_too(run: Run) -> None:
    lines = seen_in(run, "fail")
    assert all(stack == [["shop/tasks.py", "fail", 8]] for stack in stacks(lines, "refuse"))
    left = [each.payload["function"] for each in lines if each.payload["line"] is None]
    assert left[left.index("refuse") :][:2] == ["refuse", "fail"]


def test_a_generator_has_the_loop_below_it_that_asks_it_for_more(run: Run) -> None:
    assert stacks(seen_in(run, "add"), "numbers") == [[["shop/tasks.py", "add", 12]]] * 3


def test_a_task_that_the_caller_executes_itself_has_the_program_below_it(run: Run) -> None:
    lines = seen_in(run, "bill", (1,), sync=True)
    assert {each.lane for each in lines if each.payload["function"] == "bill"} == {"caller"}
    program = ["program.py", "<module>", 2]
    assert stacks(lines, "bill") == [[program], [program]]
    assert stacks(lines, "factorial") == [[["shop/tasks.py", "bill", 5], program]] * 3
