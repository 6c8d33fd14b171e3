"""What a lab's processes print, by Python's streams or past them, and what they find in their input."""

from __future__ import annotations

from pathlib import Path

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, lab, of, outcome, printed, the
from tutor.lessons.reading.loading import load
from tutor.protocol.observation import Observation
from tutor.runs.execution import lab_spec

CASES = Path(__file__).parents[2] / "cases"
ONCE = {**Q_CLUSTER, "max_attempts": 1}
QUEUE = "from django_q.tasks import async_task; async_task('shop.tasks.work')"


def case(run: Run, name: str) -> list[Observation]:
    return run(lab_spec(load(CASES / name), {}))


def said(seen: list[Observation], lane: str) -> list[tuple[str, str]]:
    return [(each.payload["stream"], each.payload["text"]) for each in of(seen, "printed", lane)]


def test_tasks_that_use_what_real_streams_have_succeed_as_under_qcluster(run: Run) -> None:
    seen = case(run, "raw-stdout")
    assert [each.payload["success"] for each in of(seen, "stored")] == [True] * 4
    assert said(seen, "worker") == [("stdout", "raw bytes\n"), ("stdout", "hi\n")]


def test_what_the_children_of_a_worker_print_is_its_workers_and_its_tasks(run: Run) -> None:
    seen = case(run, "children-of-a-worker")
    started = the(seen, "started", func="shop.tasks.by_subprocess")
    own = of(seen, "printed", "worker", task=started.payload["task"])
    assert {each.pid for each in own} == {started.pid}
    assert printed(own) == "from the shell\nhello from a child\n"


def test_what_is_printed_comes_in_order_whichever_way_it_took(run: Run) -> None:
    program = """
    import os, subprocess, sys
    print("python"), os.system("echo shell"), print("again")
    subprocess.run(["sh", "-c", "echo child; echo error >&2"])
    sys.stdout.buffer.write(b"bytes\\n"), os.write(1, "descriptor ü\\n".encode()), print("error", file=sys.stderr)
    print(sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.name)
    """
    seen = run(lab(program))
    out, errors = (printed(of(seen, "printed", "caller", stream=stream)) for stream in ("stdout", "stderr"))
    assert out == "python\nshell\nagain\nchild\nbytes\ndescriptor ü\n1 2 utf-8 False <stdout>\n"
    assert errors == "error\nerror\n"
    assert the(seen, "printed", text="child\n").at < the(seen, "line", line=4).at


def test_what_c_code_prints_belongs_to_its_task_or_the_program(run: Run) -> None:
    work = """
        import ctypes

        def work():
            ctypes.CDLL(None).puts(b"from a task")
        """
    seen = run(
        lab(f"{QUEUE}\nimport ctypes; ctypes.CDLL(None).puts(b'from the program')", files={"shop/tasks.py": work})
    )
    assert said(seen, "caller") == [("stdout", "from the program\n")]
    by_task = the(seen, "printed", "worker")
    assert by_task.payload["task"] == the(seen, "started").payload["task"]
    assert by_task.at <= the(seen, "finished").at


def test_the_last_words_of_a_process_are_its_own_and_its_tasks(run: Run) -> None:
    work = """
        import os

        def work():
            os.write(2, b"last words\\n"), os.kill(os.getpid(), 9)
        """
    seen = run(lab(QUEUE, {**ONCE, "retry": 9}, files={"shop/tasks.py": work}, deliveries=1))
    died, words = the(seen, "died"), the(seen, "printed", text="last words\n")
    assert (words.lane, words.pid, words.payload["task"]) == ("worker", died.payload["died_pid"], died.payload["task"])


def test_a_program_that_prints_more_than_a_pipe_holds_goes_on_while_its_parent_waits(run: Run) -> None:
    seen = run(lab("import os; os.system('seq 1 30000')"))
    assert outcome(seen) == "finished"
    assert printed(seen) == "".join(f"{n}\n" for n in range(1, 30_001))


def test_what_a_process_starts_can_print_after_its_end(run: Run) -> None:
    """It isn't killed by a broken pipe. The second task runs until it has printed."""
    work = """
        import os, subprocess, time

        def work():
            subprocess.Popen(["sh", "-c", "sleep 0.3; echo later; touch done"])
            os.kill(os.getpid(), 9)

        def wait():
            while not os.path.exists("done"):
                time.sleep(0.01)
        """
    program = f"{QUEUE}; async_task('shop.tasks.wait')"
    seen = run(lab(program, {**ONCE, "retry": 9}, files={"shop/tasks.py": work}, deliveries=2))
    assert the(seen, "printed", text="later\n").pid == the(seen, "died").payload["died_pid"]
    assert [each.payload["success"] for each in of(seen, "stored")] == [True]


def test_reading_the_input_finds_its_end_and_is_an_event(run: Run) -> None:
    work = """
        import sys

        def work():
            return sys.stdin.read(), sys.stdin.fileno()
        """
    seen = run(lab(f"{QUEUE}\ninput('Name? ')", files={"shop/tasks.py": work}))
    assert the(seen, "raised").payload["error"] == "EOFError: EOF when reading a line"
    assert said(seen, "caller")[0] == ("stdout", "Name? ")
    assert the(seen, "stored").payload["result"] == "('', 0)"
    reader = the(seen, "input_read", "worker")
    assert reader.payload["task"] == the(seen, "started").payload["task"]
    assert the(seen, "input_read", "caller").at < the(seen, "raised").at


def test_a_program_may_replace_or_close_its_streams(run: Run) -> None:
    for program in ("import sys; sys.stdout.close()", "import sys; sys.stdout = sys.stderr = None"):
        assert outcome(run(lab(program))) == "finished"
