from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, trace_of
from tests.trace.life import line
from tutor.protocol.limits import FULL_HITS
from tutor.styles.drawing.loops import MOST, Rounds, loops, rounds_of

TEXT = """\
found = []
for n in range(3):
    double = 2 * n
    found.append(double)
print(found)
"""
(LOOP,) = loops(TEXT)


class Program:
    """A made-up program that has gone through `TEXT`. As a lab does, it sends few hits of a line that runs often."""

    def __init__(self) -> None:
        self.events: list[MadeUpEvent] = []
        self.hits: dict[int, int] = {}
        self.ran: int | None = None

    def run(self, *lines: int, **names: str) -> None:
        for at in lines:
            hits = self.hits[at] = self.hits.get(at, 0) + 1
            if hits <= FULL_HITS or hits & (hits - 1) == 0:
                self.events.append(line(at, self.ran, hits=hits, locals=names))
            self.ran = at

    def round(self, n: int) -> None:
        self.run(3, 4, n=str(n))
        self.run(2, n=str(n))

    def rounds(self) -> Rounds | None:
        frames = trace_of([asked(), *self.events]).code.frames
        return rounds_of(LOOP, frames, frames)


def program(rounds: int) -> Program:
    """A program that has made these rounds, and is about to begin the next one, or to end the loop."""
    program = Program()
    program.run(1, 2)
    for n in range(rounds):
        program.round(n)
    return program


def test_the_loops_of_a_file_have_a_head_and_a_body() -> None:
    assert (LOOP.head, LOOP.body) == (range(2, 3), range(3, 5))
    assert [each.head[0] for each in loops("for a in b:\n    while a:\n        a()\n    c()\n")] == [2, 1]


def test_a_loop_on_one_line_and_a_file_that_is_not_python_have_none() -> None:
    assert loops("while True: pass") == ()
    assert loops("for for") == ()


def test_a_loop_that_was_not_entered_has_no_rounds() -> None:
    assert program(0).rounds() is None


def test_each_round_begins_where_the_body_begins_and_names_what_its_head_has_set() -> None:
    found = program(3).rounds()
    assert found
    assert [(each.number, each.label) for each in found.shown] == [(1, "n = 0"), (2, "n = 1"), (3, "n = 2")]
    assert [each.frame.line for each in found.shown] == [3, 3, 3]
    assert (found.count, found.is_exact, found.is_over) == (3, True, False)


def test_a_loop_is_over_when_its_call_is_behind_it() -> None:
    left = program(3)
    left.run(5)
    found = left.rounds()
    assert found
    assert found.is_over


def test_a_loop_that_is_entered_again_counts_from_1() -> None:
    again = program(3)
    again.run(5, 1, 2)
    again.round(0)
    found = again.rounds()
    assert found
    assert [each.number for each in found.shown] == [1]


def test_the_last_rounds_of_many_are_shown() -> None:
    found = program(12).rounds()
    assert found
    assert [each.number for each in found.shown] == list(range(13 - MOST, 13))
    assert (found.count, found.is_exact) == (12, True)


def test_a_round_that_is_recorded_after_others_that_are_not_has_its_own_number() -> None:
    long = program(31)
    long.run(3, n="31")
    found = long.rounds()
    assert found
    assert found.shown[-1].number == 32
    assert (found.count, found.is_exact) == (32, True)


def test_of_a_loop_that_ran_often_only_the_least_number_of_rounds_is_known() -> None:
    found = program(60).rounds()
    assert found
    assert (found.count, found.is_exact) == (32, False)


def test_a_body_whose_first_line_comes_twice_in_a_round_is_not_counted_by_its_hits() -> None:
    twice = Program()
    twice.run(1, 2)
    for n in range(20):
        twice.run(3, 4, 3, 2, n=str(n))
    found = twice.rounds()
    assert found
    assert [each.number for each in found.shown] == list(range(1, 9))
    assert (found.count, found.is_exact) == (15, False)
