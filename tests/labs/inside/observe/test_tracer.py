"""Lines as they are traced, without a lab."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.labs.inside.observe.conftest import Traced
from tutor.labs.inside.observe.probe import probe
from tutor.protocol.limits import FULL_HITS
from tutor.protocol.when import When


def test_each_line_comes_before_it_runs_and_the_end_of_the_file_after_the_last(traced: Traced) -> None:
    traced.run("""
        a = 1
        b = 2
        """)
    assert traced.lines() == [(None, 1), (1, 2), (2, None)]
    assert [each["locals"] for each in traced.events] == [{}, {"a": "1"}, {"a": "1", "b": "2"}]


def test_a_function_says_what_it_returned(traced: Traced) -> None:
    traced.run("""
        def double(n):
            return n * 2
        double(21)
        """)
    assert traced.lines("double") == [(None, 2), (2, None)]
    assert traced.returned("double") == "42"


def test_a_function_that_raises_is_left_and_returns_nothing(traced: Traced) -> None:
    traced.run("""
        def fail():
            raise LookupError
        try:
            fail()
        except LookupError:
            pass
        """)
    assert traced.lines("fail") == [(None, 2), (2, None)]
    assert traced.returned("fail") is None


def test_a_function_that_catches_an_error_returns(traced: Traced) -> None:
    traced.run("""
        def careful():
            try:
                raise LookupError
            except LookupError:
                return 1
        careful()
        """)
    assert traced.lines("careful")[-1] == (5, None)
    assert traced.returned("careful") == "1"


def test_a_generator_that_yields_goes_on_and_is_left_once(traced: Traced) -> None:
    traced.run("""
        def numbers():
            yield 1
            n = yield 2
            return 3
        list(numbers())
        """)
    assert traced.lines("numbers") == [(None, 2), (2, 3), (3, 4), (4, None)]
    assert traced.returned("numbers") == "3"


def test_a_generator_in_another_one_goes_on_too(traced: Traced) -> None:
    traced.run("""
        def inner():
            yield 1
            yield 2
            return "inner"
        def outer():
            value = yield from inner()
            return "outer"
        list(outer())
        """)
    assert traced.lines("inner") == [(None, 2), (2, 3), (3, 4), (4, None)]
    assert traced.lines("outer") == [(None, 6), (6, 7), (7, None)]
    assert (traced.returned("inner"), traced.returned("outer")) == ("'inner'", "'outer'")


def test_a_generator_that_is_closed_is_left_once(traced: Traced) -> None:
    traced.run("""
        def numbers():
            try:
                yield 1
                yield 2
            finally:
                closed = True
        generator = numbers()
        next(generator)
        generator.close()
        """)
    assert traced.lines("numbers") == [(None, 2), (2, 3), (3, 6), (6, None)]
    assert traced.returned("numbers") is None


def test_a_generator_that_something_is_thrown_into_is_left_at_its_yield(traced: Traced) -> None:
    traced.run("""
        def numbers():
            yield 1
            yield 2
        generator = numbers()
        next(generator)
        try:
            generator.throw(LookupError)
        except LookupError:
            pass
        """)
    assert traced.lines("numbers") == [(None, 2), (2, None)]
    assert traced.returned("numbers") is None


def test_a_generator_that_raises_is_left(traced: Traced) -> None:
    traced.run("""
        def numbers():
            yield 1
            raise LookupError
        try:
            list(numbers())
        except LookupError:
            pass
        """)
    assert traced.lines("numbers") == [(None, 2), (2, 3), (3, None)]
    assert traced.returned("numbers") is None


def test_a_coroutine_that_awaits_goes_on_and_is_left_once(traced: Traced) -> None:
    traced.run("""
        import asyncio
        async def inner():
            await asyncio.sleep(0)
            return 1
        async def outer():
            value = await inner()
            return value + 1
        asyncio.run(outer())
        """)
    assert traced.lines("inner") == [(None, 3), (3, 4), (4, None)]
    assert traced.lines("outer") == [(None, 6), (6, 7), (7, None)]
    assert (traced.returned("inner"), traced.returned("outer")) == ("1", "2")


def test_an_asynchronous_generator_goes_on_at_each_yield_and_await(traced: Traced) -> None:
    traced.run("""
        import asyncio
        async def numbers():
            yield 1
            await asyncio.sleep(0)
            yield 2
        async def main():
            async for n in numbers():
                last = n
            async with asyncio.Lock():
                return [n async for n in numbers()]
        asyncio.run(main())
        """)
    assert traced.lines("numbers")[:4] == [(None, 3), (3, 4), (4, 5), (5, None)]
    assert traced.lines("main") == [(None, 7), (7, 8), (8, 7), (7, 8), (8, 7), (7, 9), (9, 10), (10, 9), (9, None)]
    assert traced.returned("main") == "[1, 2]"


def test_a_function_that_awaits_twice_in_its_last_line_is_left_once(traced: Traced) -> None:
    traced.run("""
        import asyncio
        async def one():
            await asyncio.sleep(0)
            return 1
        async def two():
            return await one() + await one()
        asyncio.run(two())
        """)
    assert traced.lines("two") == [(None, 6), (6, None)]
    assert traced.returned("two") == "2"


def test_a_function_that_raises_through_a_finally_returns_nothing(traced: Traced) -> None:
    traced.run("""
        def fail():
            try:
                raise LookupError
            finally:
                cleaned = True
        try:
            fail()
        except LookupError:
            pass
        """)
    assert traced.lines("fail")[-1] == (5, None)
    assert traced.returned("fail") is None


def test_a_loop_on_one_line_comes_at_each_turn(traced: Traced) -> None:
    traced.run("""
        n = 0
        while n < 3: n += 1
        """)
    assert [line for _, line in traced.lines()] == [1, 2, 2, 2, None]


@pytest.mark.parametrize("file", ["elsewhere.py", "files.py"])
def test_files_that_are_not_the_lessons_are_not_followed(traced: Traced, file: str) -> None:
    traced.run("a = 1", file)
    assert traced.events == []


def test_the_lessons_own_modules_are_followed_by_their_names(traced: Traced) -> None:
    traced.run("a = 1", "files/shop/tasks.py")
    assert {each["file"] for each in traced.events} == {"shop/tasks.py"}


def test_a_task_inside_a_traced_program_has_its_lines_and_then_the_program_goes_on(traced: Traced) -> None:
    def work() -> None:
        before = traced.tracer.begin()
        exec(compile("inside = 1", str(traced.folder / "files/tasks.py"), "exec"), {})
        sys.settrace(before)

    code = compile("work()\nafter = 1", str(traced.folder / "program.py"), "exec")
    before = traced.tracer.begin()
    exec(code, {"work": work})
    sys.settrace(before)
    assert traced.lines()[:2] == [(None, 1), (None, 1)]
    told = [(each["file"], each["line"]) for each in traced.events]
    assert told == [
        ("program.py", 1),
        ("tasks.py", 1),
        ("tasks.py", None),
        ("program.py", 2),
        ("program.py", None),
    ]


def test_a_line_that_comes_often_is_sent_at_powers_of_two_and_can_stop_its_process_each_time(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[dict[str, Any]] = []
    monkeypatch.setattr(probe, "breakpoints", {0: When("line")})
    monkeypatch.setattr(probe, "stop_at", lambda kind, payload: stops.append(payload))
    traced.run("for n in range(100):\n    n")
    sent = [each["hits"] for each in traced.events if each["line"] == 2]
    others = [each["hits"] for each in stops if each["line"] == 2]
    assert sent == [*range(1, FULL_HITS + 1), 32, 64]
    assert sorted(sent + others) == list(range(1, 101))


def test_a_line_has_the_frames_that_wait_for_it_the_nearest_first(traced: Traced) -> None:
    traced.run("""
        def inner():
            return 1
        def outer():
            return [inner() for _ in range(1)]
        outer()
        """)
    line = next(each for each in traced.events if each["function"] == "inner")
    assert (line["stack"], line["depth"]) == ([("program.py", "outer", 4), ("program.py", "<module>", 5)], 2)
    assert all("stack" not in each for each in traced.events if each["function"] == "<module>")
