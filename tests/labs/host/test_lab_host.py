from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.labs.observed import descriptors, in_order, lab, lives, new_name, of, outcome, printed, soon, the
from tutor.labs.host.lab_host import LabHost, LabUnavailable
from tutor.labs.inside.processes import descendants
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import TEMPLATES
from tutor.protocol.observation import Observation


@pytest.fixture
def own(root: Path) -> Iterator[LabHost]:
    """A host of the test's own."""
    host = LabHost(root)
    yield host
    host.close()


def run_in(host: LabHost, spec: LabSpec) -> list[Observation]:
    with host.open(spec, new_name()) as opened:
        return in_order(each for batch in opened for each in batch)


def test_a_host_that_is_closed_leaves_nothing_and_can_be_closed_again(root: Path) -> None:
    before, threads = descriptors(), threading.active_count()
    host = LabHost(root)
    assert outcome(run_in(host, lab("pass"))) == "finished"
    host.close()
    assert list(root.iterdir()) == []
    assert descriptors() == before
    assert threading.active_count() == threads
    host.close()


def test_a_host_that_opened_nothing_can_be_closed(root: Path) -> None:
    LabHost(root).close()
    assert list(root.iterdir()) == []


def test_a_closed_host_opens_no_labs(root: Path) -> None:
    host = LabHost(root)
    host.close()
    with pytest.raises(LabUnavailable):
        host.open(lab("pass"), "run")


def test_many_labs_leave_no_descriptors_behind(own: LabHost) -> None:
    run_in(own, lab("pass"))
    before = descriptors()
    for _ in range(50):
        run_in(own, lab("pass"))
    assert descriptors() == before


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lab("pass", settings={"DATABASES": {"default": {"ENGINE": "no.such.engine"}}}), "no.such.engine"),
        (lab("pass", files={"shop/models.py": "import nothing_like_it"}, apps=("shop",)), "nothing_like_it"),
        (lab("pass", files={"shop/models.py": "def"}, apps=("shop",)), "SyntaxError"),
        (lab("pass", files={"shop/models.py": "import sys; sys.exit(3)"}, apps=("shop",)), "SystemExit"),
        (lab("pass", files={"shop/models.py": "import os; os._exit(3)"}, apps=("shop",)), "ended unexpectedly"),
    ],
)
def test_a_configuration_that_cannot_be_loaded_says_why_and_hurts_no_other(
    own: LabHost, broken: LabSpec, says: str
) -> None:
    for _ in range(2):
        with pytest.raises(LabUnavailable, match=says) as error:
            own.open(broken, "run")
        assert "\n" not in str(error.value)
    assert outcome(run_in(own, lab("pass"))) == "finished"


def test_those_who_wait_for_a_configuration_that_cannot_be_loaded_are_told_too(own: LabHost) -> None:
    broken = lab("pass", files={"shop/models.py": "import nothing_like_it"}, apps=("shop",))

    def attempt(number: int) -> bool:
        try:
            own.open(broken, f"run-{number}").close()
        except LabUnavailable:
            return True
        return False

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(attempt, range(4)))


def test_a_name_that_is_taken_is_refused_without_harm_to_its_lab(own: LabHost) -> None:
    with own.open(lab("from django_q.tasks import async_task; async_task('time.sleep', 0.2)"), "run") as opened:
        with pytest.raises(LabUnavailable):
            own.open(lab("pass"), "run")
        assert opened.folder.exists()
        assert outcome(in_order(each for batch in opened for each in batch)) == "finished"


def test_a_fork_server_that_died_is_started_again_by_the_next_run(own: LabHost) -> None:
    run_in(own, lab("pass"))
    server = own.pool.server
    assert server
    server.kill()
    seen = run_in(own, lab("pass"))
    assert outcome(seen) == "finished"
    assert the(seen, "opened").payload["settings"] == "new"
    assert own.pool.server is not server


def test_a_template_that_died_is_started_again_by_the_next_run(own: LabHost) -> None:
    run_in(own, lab("pass"))
    (template,) = own.pool.templates.values()
    seen = run_in(own, lab("import os; os.kill(int(open(f'/proc/{os.getppid()}/stat').read().split()[3]), 9)"))
    assert outcome(seen) == "finished"
    assert outcome(run_in(own, lab("pass"))) == "finished"
    assert list(own.pool.templates.values()) != [template]


WHERE = "import os; print(os.getppid(), open(f'/proc/{os.getppid()}/stat').read().split()[3])"
"""Prints the pids of the program's supervisor and template."""
ENDLESS = lab("pass", files={"shop/models.py": "while True: pass"}, apps=("shop",))


def impatient(monkeypatch: pytest.MonkeyPatch, host: LabHost, spec: LabSpec) -> None:
    """See that a lab for `spec` is not waited for without end."""
    with monkeypatch.context() as soon_over:
        soon_over.setattr("tutor.labs.host.fork_server_client.START_S", 0.3)
        with pytest.raises(LabUnavailable, match="did not start within 0.3 s"):
            host.open(spec, new_name())


def test_a_template_that_answers_too_late_is_given_up_and_the_next_run_gets_a_lab_of_its_own(
    own: LabHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = int(printed(run_in(own, lab(WHERE))).split()[1])
    os.kill(template, signal.SIGSTOP)
    impatient(monkeypatch, own, lab(WHERE))
    with suppress(ProcessLookupError):
        os.kill(template, signal.SIGCONT)
    with own.open(lab(WHERE), "run") as opened:
        seen = in_order(each for batch in opened for each in batch)
    assert printed(seen).split()[0] == str(opened.supervisor)
    assert outcome(seen) == "finished"
    assert soon(lambda: not lives(template))
    assert len(list(own.folder.glob("template-*"))) == 1


def test_a_configuration_that_never_gets_ready_is_ended(own: LabHost, monkeypatch: pytest.MonkeyPatch) -> None:
    own.warm_up(lab("pass"))
    assert own.pool.server
    before = descendants(psutil.Process(own.pool.server.process.pid))
    impatient(monkeypatch, own, ENDLESS)
    assert soon(lambda: descendants(psutil.Process(own.pool.server.process.pid)) == before)
    assert len(list(own.folder.glob("template-*"))) == 1


def test_a_configuration_that_never_gets_ready_ends_with_the_fork_server(own: LabHost) -> None:
    own.warm_up(lab("pass"))
    assert own.pool.server
    before = descendants(psutil.Process(own.pool.server.process.pid))
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(own.open, ENDLESS, "run")
        (endless,) = soon(lambda: descendants(psutil.Process(own.pool.server.process.pid)) - before)
        own.pool.server.kill()
        with pytest.raises(LabUnavailable, match="ended unexpectedly"):
            opening.result()
    assert soon(lambda: not lives(endless.pid))


def test_a_fork_server_that_does_not_answer_is_replaced(own: LabHost, monkeypatch: pytest.MonkeyPatch) -> None:
    run_in(own, lab("pass"))
    server = own.pool.server
    assert server
    server.process.send_signal(signal.SIGSTOP)
    impatient(monkeypatch, own, lab("pass", {"workers": 2}))
    assert outcome(run_in(own, lab("pass", {"workers": 2}))) == "finished"
    assert own.pool.server is not server


def test_a_fork_server_that_does_not_end_is_ended(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = LabHost(root)
    run_in(host, lab("pass"))
    assert host.pool.server
    server = host.pool.server.process
    server.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("tutor.labs.host.fork_server_client.START_S", 0.3)
    host.close()
    assert server.returncode == -signal.SIGKILL
    assert list(root.iterdir()) == []


def test_the_configurations_unused_for_longest_go_first(own: LabHost) -> None:
    for number in range(TEMPLATES + 1):
        run_in(own, lab("pass", {"workers": 1, "timeout": 1, "retry": 100 + number}))
    assert len(own.pool.templates) == TEMPLATES
    said = the(run_in(own, lab("pass", {"workers": 1, "timeout": 1, "retry": 100})), "opened").payload
    assert said["settings"] == "new"
    assert soon(lambda: len(list(own.folder.glob("template-*"))) == TEMPLATES)


@contextmanager
def limited_to(limit: int, most: int) -> Iterator[None]:
    """This process may have or write so much meanwhile; those that run already are not limited."""
    before = resource.getrlimit(limit)
    resource.setrlimit(limit, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(limit, before)


def nothing_is_left(own: LabHost) -> None:
    (template,) = own.pool.templates.values()
    assert template.process
    assert soon(lambda: not template.process.children())
    assert template.labs == 0
    assert [folder.name for folder in own.folder.iterdir() if folder.name.startswith("run")] == []


@pytest.mark.parametrize("left", range(9))
def test_a_lab_that_finds_too_few_descriptors_says_so_and_leaves_nothing(own: LabHost, left: int) -> None:
    run_in(own, lab("pass"))
    before = descriptors()
    with Path(os.devnull).open() as next_free:
        most = next_free.fileno() + left
    with limited_to(resource.RLIMIT_NOFILE, most):
        try:
            own.open(lab("pass"), "run").close()
        except LabUnavailable as error:
            assert "Too many open files" in str(error)
    assert descriptors() == before
    nothing_is_left(own)
    assert outcome(run_in(own, lab("pass"))) == "finished"


def test_a_lab_whose_session_cannot_be_noted_says_so_and_leaves_nothing(own: LabHost) -> None:
    run_in(own, lab("pass"))
    before = descriptors()
    with limited_to(resource.RLIMIT_FSIZE, 0), pytest.raises(LabUnavailable, match="File too large"):
        own.open(lab("pass"), "run")
    assert descriptors() == before
    nothing_is_left(own)


def test_a_configuration_that_finds_too_few_descriptors_says_so(own: LabHost) -> None:
    own.warm_up(lab("pass"))
    with limited_to(resource.RLIMIT_NOFILE, 3), pytest.raises(LabUnavailable, match="Too many open files"):
        own.warm_up(lab("pass", {"workers": 2}))


def test_a_lab_goes_on_when_its_configuration_is_put_away(own: LabHost) -> None:
    spec = lab("from django_q.tasks import async_task; async_task('shop.tasks.late')", files={
        "shop/tasks.py": "def late():\n    from shop.more import value\n    return value\n",
        "shop/more.py": "value = 42\n",
    })  # fmt: skip
    with own.open(spec, "run") as opened:
        (template,) = own.pool.templates.values()
        template.close()
        own.pool.templates.clear()
        seen = in_order(each for batch in opened for each in batch)
    assert of(seen, "program_ended")
    assert the(seen, "stored").payload["result"] == "42"


def test_labs_can_be_opened_from_many_threads_at_once(own: LabHost) -> None:
    specs = [lab(f"print({n})", {"workers": 1, "timeout": 1, "retry": 2 + n % 3}) for n in range(9)]
    with ThreadPoolExecutor(9) as threads:
        runs = list(threads.map(lambda spec: run_in(own, spec), specs))
    assert [the(seen, "printed").payload["text"] for seen in runs] == [f"{n}\n" for n in range(9)]
    pids = [each.pid for seen in runs for each in {each.pid: each for each in seen}.values() if each.pid != os.getpid()]
    assert len(pids) == len(set(pids))
