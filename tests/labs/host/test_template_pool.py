from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.labs.host.endings import kill, run_in
from tests.labs.observed import in_order, lab, lives, new_name, of, outcome, printed, soon, the
from tutor.labs.host.lab_host import LabHost, LabUnavailable
from tutor.labs.inside.processes import descendants
from tutor.protocol.lab_spec import LabSpec


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
    shared: LabHost, broken: LabSpec, says: str
) -> None:
    for _ in range(2):
        with pytest.raises(LabUnavailable, match=says) as error:
            shared.open(broken, "run")
        assert "\n" not in str(error.value)
    assert outcome(run_in(shared, lab("pass"))) == "finished"


def test_every_thread_that_waits_for_a_configuration_that_cannot_be_loaded_gets_an_error(shared: LabHost) -> None:
    broken = lab("pass", files={"shop/models.py": "import nothing_like_it"}, apps=("shop",))

    def attempt(number: int) -> bool:
        try:
            shared.open(broken, f"run-{number}").close()
        except LabUnavailable:
            return True
        return False

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(attempt, range(4)))


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
    """Check that a lab for `spec` is waited for only as long as it may take to start."""
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
    os.kill(server.pid, signal.SIGSTOP)
    impatient(monkeypatch, own, lab("pass", {"workers": 2}))
    assert outcome(run_in(own, lab("pass", {"workers": 2}))) == "finished"
    assert own.pool.server is not server
    assert soon(lambda: not lives(server.pid))


def test_a_lab_goes_on_when_its_fork_server_dies_and_is_replaced(own: LabHost) -> None:
    with own.open(lab("import time; time.sleep(0.5)"), "run") as opened:
        assert own.pool.server
        kill(own.pool.server.pid)
        assert soon(lambda: not own.pool.server.is_running)
        assert outcome(run_in(own, lab("pass"))) == "finished"
        assert outcome(in_order(each for batch in opened for each in batch)) == "finished"


@pytest.mark.parametrize("role", ["keeper", "server", "template"])
def test_what_is_stopped_ends_with_its_host(root: Path, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    host = LabHost(root)
    run_in(host, lab("pass"))
    assert host.pool.server
    (template,) = host.pool.templates.values()
    assert template.process
    pids = {"keeper": host.pool.server.process.pid, "server": host.pool.server.pid, "template": template.process.pid}
    os.kill(pids[role], signal.SIGSTOP)
    if role == "keeper":
        monkeypatch.setattr("tutor.labs.host.fork_server_client.START_S", 0.3)
    host.close()
    assert soon(lambda: not any(map(lives, pids.values())))
    assert list(root.iterdir()) == []


def test_the_least_recently_used_template_is_closed_first(own: LabHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.labs.host.template_pool.TEMPLATES", 2)
    for number in range(3):
        run_in(own, lab("pass", {"workers": 1, "timeout": 1, "retry": 100 + number}))
    assert len(own.pool.templates) == 2
    said = the(run_in(own, lab("pass", {"workers": 1, "timeout": 1, "retry": 100})), "opened").payload
    assert said["settings"] == "new"
    assert soon(lambda: len(list(own.folder.glob("template-*"))) == 2)


def test_a_lab_goes_on_when_its_template_is_closed(own: LabHost) -> None:
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
