from __future__ import annotations

import json
import os
import sysconfig
from pathlib import Path

import pytest

from tests.labs.observed import in_order, lab, new_name, outcome, printed, the
from tutor.labs.host.fork_server_client import PROJECT
from tutor.labs.host.lab_host import LabHost

SECRET = "marker-of-a-secret-that-no-lab-may-see"

READ_ALL = """
import os, pathlib, sys
from django.conf import settings

print("environ", dict(os.environ))
print("proc", pathlib.Path("/proc/self/environ").read_bytes())
print("parent", pathlib.Path(f"/proc/{os.getppid()}/environ").read_bytes())
for name in dir(settings):
    print("setting", name, repr(getattr(settings, name, None)))
for link in sorted(pathlib.Path("/proc/self/fd").iterdir()):
    try:
        print("fd", link.name, os.readlink(link))
    except OSError:
        pass
print("folder", os.getcwd(), sorted(os.listdir()))
print("path", sys.path)
print("argv", sys.argv)
for name in sorted(sys.modules):
    if name.partition(".")[0] == "tutor":
        print("module", name)
"""
IMPORT_ALL = """
import importlib
for name in {names}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
    else:
        print(name)
"""
SHARED = ("tutor.protocol", "tutor.labs.inside")
"""The packages that a lab has of this project."""


def modules() -> list[str]:
    """The names of all modules of this project."""
    files = (path.relative_to(PROJECT).with_suffix("") for path in (PROJECT / "tutor").rglob("*.py"))
    named = (file.parent if file.name == "__init__" else file for file in files)
    return sorted(".".join(each.parts) for each in named if all(part.isidentifier() for part in each.parts))


@pytest.fixture
def guarded(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabHost:  # type: ignore[misc]
    """A host with a secret in its environment and files open, inheritable ones too."""
    monkeypatch.setenv("TUTOR_SECRET", SECRET)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tutor.settings")
    file = tmp_path / SECRET
    file.write_text(SECRET)
    with file.open() as kept:
        os.set_inheritable(kept.fileno(), True)
        host = LabHost(root)
        yield host
        host.close()


def what_is_read(host: LabHost, program: str, ends: str = "finished") -> str:
    with host.open(lab(program), new_name()) as opened:
        seen = in_order(each for batch in opened for each in batch)
    assert outcome(seen) == ends
    return printed(seen)


def test_a_program_that_reads_everything_finds_nothing_of_the_site(guarded: LabHost) -> None:
    from tutor import settings

    text = what_is_read(guarded, READ_ALL)
    assert SECRET not in text
    assert "TUTOR" not in text
    assert "DJANGO_SETTINGS_MODULE=" not in text
    assert settings.SECRET_KEY not in text
    assert "tutor.settings" not in text
    assert "tutor.runs" not in text


def test_a_lab_has_a_secret_key_of_its_own(guarded: LabHost) -> None:
    program = "from django.conf import settings; print(settings.SECRET_KEY)"
    keys = {what_is_read(guarded, program + "\n" * n) for n in range(2)}
    assert all(len(key) > 40 for key in keys)


def test_a_lab_imports_no_library_of_the_sites_metrics_or_logs(guarded: LabHost) -> None:
    program = "import sys; print({'prometheus_client', 'pythonjsonlogger'} & set(sys.modules))"
    assert what_is_read(guarded, program) == "set()\n"


def test_a_programs_descriptors_are_the_labs_alone(guarded: LabHost) -> None:
    links = [line.split(maxsplit=2)[2] for line in what_is_read(guarded, READ_ALL).splitlines() if line[:3] == "fd "]
    own = (
        "/dev/null",
        "socket:",
        "pipe:",
        "/memfd:task",
        "/dev/shm/pym-",
    )  # The last is what django_q.conf tries a queue with.
    files = [link for link in links if not link.startswith(own)]
    assert all(str(guarded.folder) in link or link.startswith("/proc/") for link in files), files


def test_a_programs_folder_holds_its_own_files_alone(guarded: LabHost) -> None:
    text = what_is_read(guarded, "import os; print(sorted(os.listdir()))")
    assert set(eval(text)) <= {
        "cache", "default.sqlite3", "default.sqlite3-shm", "default.sqlite3-wal", "deliveries", "program.py", "session",
    }  # fmt: skip


def test_only_the_protocol_and_what_is_inside_a_lab_can_be_imported(guarded: LabHost) -> None:
    names = [*modules(), "manage", "tests"]
    assert {"tutor.settings", "tutor.runs.models", "tutor.lessons", "tutor.labs.host.lab_host"} <= set(names)
    imported = what_is_read(guarded, IMPORT_ALL.format(names=names)).split()
    assert {*SHARED, "tutor.protocol.when", "tutor.labs.inside.observe.probe"} <= set(imported)
    assert [name for name in imported if not name.startswith(SHARED)] == ["tutor", "tutor.labs"]


def test_a_run_finds_nothing_that_another_one_left_in_memory_cache_or_folder(guarded: LabHost) -> None:
    program = """
    import builtins, os
    from django.core.cache import cache
    print(cache.get("left"), getattr(builtins, "left", None), os.path.exists("left"), os.environ.get("LEFT"))
    cache.set("left", 1)
    builtins.left = 1
    open("left", "w").close()
    os.environ["LEFT"] = "1"
    """
    assert {what_is_read(guarded, program) for _ in range(2)} == {"None None False None\n"}


FILES = "django.core.cache.backends.filebased.FileBasedCache"


def test_a_cache_on_files_is_kept_in_the_labs_folder_alone_wherever_its_settings_put_it(guarded: LabHost) -> None:
    stray = new_name()
    program = """
    from os.path import relpath
    from django.core.cache import caches
    print(caches["default"].get("left"), caches["other"].get("left"))
    caches["default"].set("left", 1)
    caches["other"].set("left", 2)
    print(caches["default"].get("left"), caches["other"].get("left"))
    print(relpath(caches["default"]._dir), relpath(caches["other"]._dir))
    """
    caches = {
        "default": {"BACKEND": FILES, "LOCATION": stray},
        "other": {"BACKEND": FILES, "LOCATION": str(guarded.folder.parent / f"{stray}-too")},
    }
    for _ in range(2):
        with guarded.open(lab(program, settings={"CACHES": caches}), new_name()) as opened:
            told = printed(in_order(each for batch in opened for each in batch))
        assert told == f"None None\n1 2\n{stray} {stray}-too\n"
    assert not (PROJECT / stray).exists()
    assert list(guarded.folder.parent.iterdir()) == [guarded.folder]


def test_files_that_models_write_on_import_are_not_among_those_of_the_site(
    guarded: LabHost,
) -> None:
    stray = new_name()
    files = {"shop/models.py": f"open('{stray}', 'w').close()"}
    program = f"""
    import os, sys
    print(os.getcwd() == "{guarded.folder / "run"}")
    print([each for each in sys.path if each in ("{PROJECT}", "") or os.path.exists(os.path.join(each, "tutor"))])
    """
    with guarded.open(lab(program, files=files, apps=("shop",)), "run") as opened:
        told = printed(in_order(each for batch in opened for each in batch))
    assert not (PROJECT / stray).exists()
    assert told == "True\n[]\n"


def test_the_command_line_of_a_lab_names_no_folder_of_the_site(guarded: LabHost) -> None:
    program = """
    import pathlib, sys
    print(pathlib.Path("/proc/self/cmdline").read_bytes().split(b"\\0")[1:], sys.argv, sys.modules["__main__"])
    """
    told = what_is_read(guarded, program)
    assert str(guarded.folder.parent) not in told.replace(str(guarded.folder), "", 1)
    assert "forkserver.py" not in told


def test_the_program_is_its_own_main_module_and_the_workers_have_another(guarded: LabHost) -> None:
    """As under `qcluster`, whose workers can't find what the program itself defines."""
    program = """
    import pickle, sys
    def work(): pass
    print(pickle.loads(pickle.dumps(work)) is work, sys.modules["__main__"].work is work)
    from django_q.tasks import async_task
    async_task("__main__.work")
    """
    assert what_is_read(guarded, program, "failed") == "True True\n"


def test_temporary_files_are_made_in_the_labs_own_folder(guarded: LabHost) -> None:
    program = """
    import os, tempfile
    print(os.path.dirname(tempfile.mkdtemp()) == os.getcwd() == os.environ["TMPDIR"])
    """
    assert what_is_read(guarded, program) == "True\n"


def test_tracebacks_name_files_as_the_learner_knows_them(guarded: LabHost) -> None:
    with guarded.open(lab("import json\njson.loads('{')"), new_name()) as opened:
        seen = in_order(each for batch in opened for each in batch)
    told = [line for line in the(seen, "raised").payload["traceback"].splitlines() if "File" in line]
    assert told[0] == '  File "…/program.py", line 2, in <module>'
    assert told[1].startswith('  File "…/json/__init__.py", line ')


def test_values_and_printed_lines_name_files_in_the_same_way(guarded: LabHost) -> None:
    program = """
        import json, traceback
        try:
            json.loads('{')
        except ValueError:
            told = traceback.format_exc()
            print(told)
    """
    with guarded.open(lab(program), new_name()) as opened:
        seen = [each for batch in opened for each in batch]
    for text in (printed(seen), the(seen, "program_ended").payload["locals"]["told"]):
        assert 'File "…/program.py", line 3, in <module>' in text
        assert 'File "…/json/__init__.py", line ' in text


PATHS = """
    import json, os, pathlib, subprocess, sys, traceback, warnings
    import django
    from django_q.tasks import async_task
    here = pathlib.Path(os.getcwd())
    forms = {str(here): [here, bytes(here), here.as_uri()]}
    print(here, forms, json.dumps([str(here)]), sys.path, sys.executable, os.environ, sys.modules)
    warnings.warn("A warning names the file that it is about.")
    subprocess.run(["pwd"])
    async_task(os.listdir, f"{here}/missing")
    try:
        open(here / "missing")
    except OSError:
        traceback.print_exc()
    open(here / "missing")
"""


def test_no_event_tells_a_path_of_the_server_in_any_form(guarded: LabHost) -> None:
    with guarded.open(lab(PATHS), "run") as opened:
        payloads = [each.payload for batch in opened for each in batch]
    told = json.dumps(payloads)
    packages, python = sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")
    assert not [each for each in (guarded.folder.parent, PROJECT, Path.home(), packages, python) if str(each) in told]
    assert "\\u2026/missing" in told
