from __future__ import annotations

import pytest

from tests.labs.inside.observe.conftest import Traced

COMPREHENSIONS = [
    "[n * n for n in range(3)]",
    "{n * n for n in range(3)}",
    "{n: n * n for n in range(3)}",
    "[n for n in range(5) if n % 2 if n > 2]",
    "[(a, b) for a in range(3) for b in range(a)]",
    "[[a * b for b in range(3)] for a in range(3)]",
    "[[b for b in range(a) if b] for a in [len(c) for c in ('ab', 'cd')]]",
    f"[{' + '.join(['n'] * 500)} for n in range(3)]",
    "[(lambda m: m)(n) for n in range(3)]",
    "sum(n for n in range(3))",
]


@pytest.mark.parametrize("expression", COMPREHENSIONS)
def test_a_comprehension_is_no_loop_of_its_line(traced: Traced, expression: str) -> None:
    traced.run(f"""
        squares = {expression}
        def work():
            squares = {expression}
            return 1
        after = work()
        """)
    assert traced.lines() == [(None, 1), (1, 2), (2, 5), (5, None)]
    assert set(traced.events[-1]["locals"]) == {"squares", "after"}
    assert traced.lines("work") == [(None, 3), (3, 4), (4, None)]


def test_a_comprehension_in_a_loop_comes_once_at_each_turn(traced: Traced) -> None:
    traced.run("""
        for n in range(2):
            squares = [m for m in range(3)]
        """)
    assert [line for _, line in traced.lines()] == [1, 2, 1, 2, 1, None]


def test_a_comprehension_over_several_lines_is_no_loop(traced: Traced) -> None:
    traced.run("""
        def work():
            squares = [
                n * n
                for n in range(3)
                if n
            ]
            return squares
        work()
        """)
    first, *middle, before, last = [line for _, line in traced.lines("work")]
    assert sorted({first, *middle}) == [2, 4]  # In which order is different from one version of Python to the next.
    assert len(middle) <= 2
    assert (before, last) == (7, None)


@pytest.mark.parametrize("expression", ["[1 / n for n in range(3)]", "[[1 / b for b in range(a)] for a in range(3)]"])
def test_a_comprehension_that_raises_leaves_its_line(traced: Traced, expression: str) -> None:
    traced.run(f"""
        def work():
            before = 1
            return {expression}
        try:
            work()
        except ZeroDivisionError:
            after = 1
        """)
    assert traced.lines("work") == [(None, 2), (2, 3), (3, None)]
    assert traced.lines()[-3:] == [(5, 6), (6, 7), (7, None)]
    assert traced.returned("work") is None


def test_an_asynchronous_comprehension_is_no_loop_either(traced: Traced) -> None:
    traced.run("""
        import asyncio
        async def numbers():
            yield 1
            yield 2
        async def main():
            first = [n async for n in numbers()]
            return [n + m async for n in numbers() async for m in numbers() if m]
        asyncio.run(main())
        """)
    assert traced.lines("main") == [(None, 6), (6, 7), (7, None)]
    assert traced.returned("main") == "[2, 3, 3, 4]"
