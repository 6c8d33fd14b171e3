"""Executions of tasks: their events, and that observing them changes nothing."""

from __future__ import annotations

import re

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import IMPATIENT, Q_CLUSTER, lab, of, outcome, printed, the
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.when import When

ONCE = {**Q_CLUSTER, "max_attempts": 1}


def execute(tasks: str, call: str = "'shop.tasks.work'", **more: object) -> LabSpec:
    """A spec whose program queues `call` with the file shop/tasks.py."""
    program = f"from django_q.tasks import async_task\nasync_task({call})"
    return lab(program, ONCE, files={"shop/tasks.py": tasks}, **more)


def lines(seen: list, function: str = "work") -> list[int | None]:
    return [each.payload["line"] for each in of(seen, "line", function=function)]


def stored_frames(result: str) -> list[str]:
    """File and function of each frame of a stored traceback."""
    return [":".join(found) for found in re.findall(r'File "(?:.*/)?(.+?)", line \d+, in (\w+)', result)]


def test_a_timeout_that_comes_while_lines_are_observed_leaves_no_trace_of_the_observer(run: Run) -> None:
    busy = """
        def work():
            n = 0
            while True:
                n += 1
                m = n
        """
    stored = the(run(execute(busy)), "stored").payload
    assert stored["error"] == "django_q.exceptions.TimeoutException: Task exceeded maximum timeout value (1 seconds)"
    assert stored_frames(stored["result"]) == [
        "worker.py:worker",
        "tasks.py:work",
        "timeout.py:raise_timeout_exception",
    ]


def test_a_task_that_swallows_its_timeout_is_still_traced(run: Run) -> None:
    stubborn = """
        def work():
            n = 0
            try:
                while True:
                    n += 1
            except:
                caught = True
            after = "timeout"
            return after
        """
    seen = run(execute(stubborn))
    assert lines(seen)[-4:] == [8, 9, 10, None]
    assert of(seen, "line", function="work")[-1].payload["locals"]["caught"] == "True"
    assert the(seen, "returned").payload["error"] is None
    assert the(seen, "stored").payload["result"] == "'timeout'"


def test_a_task_that_is_made_to_raise_at_a_line_raises_there_and_is_still_traced(run: Run) -> None:
    careful = """
        def work():
            try:
                left = 1
                right = 2
            except RuntimeError as error:
                told = str(error)
            return told
        """
    intervention = Intervention(When("line", where={"file": "shop/tasks.py", "line": 5}), "raise")
    seen = run(execute(careful, interventions=(intervention,)))
    assert lines(seen)[:3] == [3, 4, 5]
    assert lines(seen)[-2:] == [8, None]
    assert "Raised on purpose" in the(seen, "stored").payload["result"]
    assert outcome(seen) == "finished"


def test_the_traceback_of_an_intervention_names_the_task_alone(run: Run) -> None:
    plain = """
        def work():
            left = 1
            return left
        """
    for event, where in (("line", {"file": "shop/tasks.py", "line": 4}), ("started", {})):
        seen = run(execute(plain, interventions=(Intervention(When(event, where=where), "raise"),)))
        assert stored_frames(the(seen, "stored").payload["result"]) == ["worker.py:worker", "tasks.py:work"]


@pytest.mark.parametrize(
    ("tasks", "call", "error"),
    [
        ("", "'math.fmod', 1, 0", "ValueError: math domain error"),
        ("def work(): raise LookupError('nothing')", "'shop.tasks.work'", "LookupError: nothing"),
        ("def work(): pass", "'shop.tasks.work'", None),
        ("class work: pass", "'shop.tasks.work'", None),
        (
            "import functools\nwork = functools.partial(int, 'x')",
            "'shop.tasks.work'",
            "ValueError: invalid literal for",
        ),
        ("work = [].append", "'shop.tasks.work', 1", None),
        ("work = ''.join", "'shop.tasks.work', 1", "TypeError: can only join an iterable"),
        ("class T:\n    @classmethod\n    def work(cls): return 1\nwork = T.work", "'shop.tasks.work'", None),
        ("import functools\n@functools.cache\ndef work(): return 1", "'shop.tasks.work'", None),
        ("class work:\n    def __init__(self): pass", "'shop.tasks.work'", None),
        ("class T:\n    def __call__(self): return 1\nwork = T()", "'shop.tasks.work'", None),
    ],
)
def test_every_kind_of_function_is_observed_when_it_is_entered_and_left(
    run: Run, tasks: str, call: str, error: str | None
) -> None:
    seen = run(execute(tasks, call, deliveries=1))
    order = [each.kind for each in seen if each.kind in ("picked", "started", "returned", "finished")]
    assert order == ["picked", "started", "returned", "finished"]
    told = the(seen, "returned").payload["error"]
    assert told.startswith(error) if error else told is None


@pytest.mark.parametrize(
    ("tasks", "call", "reason"),
    [
        ("def work(n): pass", "'shop.tasks.work'", "TypeError: work() missing 1 required positional argument: 'n'"),
        ("class work:\n    def __init__(self, n): pass", "'shop.tasks.work'", "TypeError: work.__init__() missing 1"),
        (
            "import functools\nwork = functools.partial(lambda n: n)",
            "'shop.tasks.work'",
            "TypeError: <lambda>() missing",
        ),
        ("", "'shop.tasks.wrok'", "ValueError: Function shop.tasks.wrok is not defined"),
        ("async def work(): print('never')", "'shop.tasks.work'", "work is a coroutine function: the call made a"),
        ("def work(): yield print('never')", "'shop.tasks.work'", "work is a generator function: the call made a"),
        (
            "async def work(): yield print('never')",
            "'shop.tasks.work'",
            "work is a generator function: the call made a",
        ),
        (
            "import functools\nasync def fetch(n): print('never')\nwork = functools.partial(fetch, 1)",
            "'shop.tasks.work'",
            "fetch is a coroutine function: the call made a",
        ),
        (
            "class Fetch:\n    async def __call__(self): print('never')\nwork = Fetch()",
            "'shop.tasks.work'",
            "Fetch is a coroutine function: the call made a",
        ),
        ("work = 5", "'shop.tasks.work'", "TypeError: 'int' object is not callable"),
        ("def work(n): pass", "'shop.tasks.work', sync=True", "TypeError: work() missing 1 required"),
        ("", "'shop.tasks.wrok', sync=True", "ValueError: Function shop.tasks.wrok is not defined"),
    ],
)
def test_what_was_never_entered_is_never_started(run: Run, tasks: str, call: str, reason: str) -> None:
    seen = run(execute(tasks, call, deliveries=1))
    assert {each.kind for each in seen} & {"started", "returned"} == set()
    assert the(seen, "not_started").payload["reason"].startswith(reason)
    assert printed(seen).find("never\n") == -1


@pytest.mark.parametrize(
    "files",
    [
        {"shop/tasks.py": "raise LookupError('no tenant')"},
        {
            "shop/tasks.py": "from shop import receivers\ndef work(): pass",
            "shop/receivers.py": """
                from django_q.signals import pre_execute
                def before(**kwargs): raise LookupError('no tenant')
                pre_execute.connect(before)
                """,
        },
    ],
    ids=["module", "receiver"],
)
def test_a_worker_that_dies_before_it_enters_the_function_says_why_and_has_used_up_a_delivery(
    run: Run, files: dict[str, str]
) -> None:
    program = "from django_q.tasks import async_task\nasync_task('shop.tasks.work')"
    seen = run(lab(program, IMPATIENT, files=files, deliveries=2))
    assert of(seen, "started") == []
    assert [each.payload["delivery"] for each in of(seen, "not_started")] == [1, 2]
    assert all(each.payload["reason"].endswith("LookupError: no tenant") for each in of(seen, "not_started"))
    assert {each.payload["task"] for each in of(seen, "died")} == {the(seen, "queued").payload["task"]}
    assert outcome(seen) == "finished"


def test_what_a_task_was_queued_with_is_the_same_when_it_is_executed(run: Run) -> None:
    tasks = "def work(n, group=None, timeout=None, *, cached=None): return n"
    for more in ("", ", sync=True"):
        seen = run(execute(tasks, f"'shop.tasks.work', 1, group='maths', timeout=1{more}"))
        started = the(seen, "started").payload
        assert {"group": "maths", "timeout": 1}.items() <= started["options"].items()
        assert "cluster" not in started["options"], "nobody has given one"
        assert started["swallowed"] == "group, timeout"


def test_an_option_that_no_parameter_misses_is_not_swallowed(run: Run) -> None:
    for call in ("'shop.tasks.work', 1, 'maths', group='evening'", "'math.sqrt', 4, group='maths'"):
        seen = run(execute("def work(n, group): return n", call))
        assert "swallowed" not in the(seen, "started").payload


def test_a_function_that_raises_has_no_returned_value(run: Run) -> None:
    raising = """
        def inner():
            raise LookupError

        def work():
            try:
                inner()
            except LookupError:
                return 1
        """
    seen = run(execute(raising))
    assert "returned" not in the(seen, "line", function="inner", line=None).payload
    assert the(seen, "line", function="work", line=None).payload["returned"] == "1"


def test_a_yield_is_not_a_return(run: Run) -> None:
    yielding = """
        def numbers():
            yield 1
            yield 2

        def work():
            return sum(numbers())
        """
    seen = run(execute(yielding))
    told = [(each.payload["ran"], each.payload["line"]) for each in of(seen, "line", function="numbers")]
    assert told == [(None, 3), (3, 4), (4, None)]


def test_a_worker_that_exits_in_its_task_has_died(run: Run) -> None:
    seen = run(execute("def work():\n    raise SystemExit(3)", deliveries=1))
    assert the(seen, "returned").payload["error"] == "SystemExit: 3"
    assert the(seen, "died").payload["exitcode"] == 3
    assert of(seen, "finished") == []


def test_a_task_can_execute_another_one_inside_it(run: Run) -> None:
    nested = """
        from django_q.tasks import async_task, result

        def work():
            inner = result(async_task('math.sqrt', 4, sync=True))
            return inner + 1
        """
    seen = run(execute(nested))
    outside, inside = "shop.tasks.work", "math.sqrt"
    assert [each.payload["func"] for each in of(seen, "started")] == [outside, inside]
    assert [each.payload["func"] for each in of(seen, "finished")] == [inside, outside]
    assert lines(seen) == [5, 6, None]
    outer = of(seen, "started", func="shop.tasks.work")[0].payload["task"]
    assert {each.payload["task"] for each in of(seen, "line", function="work")} == {outer}


def test_observing_a_queryset_makes_no_query(run: Run) -> None:
    program = """
    from django.db import connection
    from django_q.models import Task
    connection.force_debug_cursor = True
    tasks = Task.objects.all()
    both = [tasks, 1]
    asked = len(connection.queries)
    """
    told = the(run(lab(program)), "program_ended").payload["locals"]
    assert told["asked"] == "0"
    assert told["tasks"] == "<QuerySet of Task, not asked yet>"
    assert told["both"] == "[<QuerySet of Task, not asked yet>, 1]"


def test_values_of_any_length_are_cut_to_fit(run: Run) -> None:
    program = """
    long = "ü" * 100_000
    for n in range(40):
        globals()[f"name_{n}"] = long
    bytes_ = b"x" * 10_000_000
    many = dict.fromkeys(range(100_000))
    """
    seen = run(lab(program))
    told = the(seen, "program_ended").payload["locals"]
    assert told["long"].startswith("'üüü")
    assert len(told["long"]) < 2001
    assert outcome(seen) == "finished"


def test_what_a_task_prints_without_a_newline_is_an_event_before_its_end(run: Run) -> None:
    seen = run(execute("def work():\n    print('half', end='')"))
    assert printed(seen, "worker") == "half"
    assert the(seen, "printed").at < the(seen, "finished").at


def test_every_event_that_a_task_causes_names_the_task(run: Run) -> None:
    seen = run(
        lab(
            """
            from django_q.tasks import async_task
            async_task('shop.tasks.greet', 'you', warmly=True, task_name='greeting', group=7)
            """,
            files={"shop/tasks.py": "def greet(name, warmly):\n    print('hello')\n"},
        )
    )
    queued = the(seen, "queued")
    task = queued.payload["task"]
    assert (queued.payload["args"], queued.payload["kwargs"]) == ("('you',)", "{'warmly': True}")
    assert queued.payload["options"] == {"task_name": "greeting", "group": "7"}
    about = {each.kind for each in seen if each.payload.get("task") == task}
    kinds = ("queued", "picked", "started", "line", "printed", "returned", "finished", "stored", "acknowledged")
    assert about == set(kinds)
    assert {each.payload["delivery"] for each in of(seen, "stored") + of(seen, "acknowledged")} == {1}


def test_the_row_that_save_limit_deletes_is_an_event(run: Run) -> None:
    program = """
        from django_q.tasks import async_task, result
        for number in (1, 2):
            result(async_task('math.sqrt', number), wait=5000)
        """
    seen = run(lab(program, {"workers": 1, "timeout": 1, "retry": 2, "save_limit": 1}))
    first, second = of(seen, "stored")
    assert the(seen, "deleted").payload["task"] == first.payload["task"] != second.payload["task"]
