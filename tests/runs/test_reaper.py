"""What the reaper concludes from what it sees, with a clock of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.labs.host.sweep import folder_id, lock_folder
from tutor.runs.models import Event, Host, Run
from tutor.runs.reaper import BOUND_S, ENDED, Reaper

pytestmark = pytest.mark.django_db(transaction=True)
LEASE_S = 10.0
FAR = "of another machine"


class Watched:
    """A reaper that writes and looks every two seconds of its own clock, and a run of the host that it watches."""

    def __init__(self, root: Path) -> None:
        self.root, self.seconds = root, 0.0
        self.reaper = Reaper(root, LEASE_S, lambda: self.seconds)

    def host(self, folder: str = FAR) -> Host:
        host = Host.objects.create(name="watched", folder=folder)
        self.run = Run.objects.create(lesson="any", state=Run.State.RUNNING, host=host.name)
        return host

    def watch(self, seconds: float, *, beating: bool = False, writing: bool = True) -> None:
        for _ in range(int(seconds / 2)):
            self.seconds += 2
            if beating:
                beat()
            if writing:
                self.reaper.note_write()
                self.reaper.look()

    @property
    def ending(self) -> str | None:
        """The reason of the run's end; None while it goes on."""
        ended = Event.objects.filter(run=self.run, kind="ended").first()
        assert (ended is not None) == (Run.objects.get(pk=self.run.pk).state == Run.State.ENDED)
        assert (ended is not None) == (not Host.objects.filter(name="watched").exists())
        return ended.payload["reason"] if ended else None


def beat() -> None:
    host = Host.objects.get(name="watched")
    Host.objects.filter(pk=host.pk).update(beat=host.beat + 1)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_host_that_beats_is_alive_for_ever(watched: Watched) -> None:
    watched.host()
    watched.watch(20 * LEASE_S, beating=True)
    assert watched.ending is None


def test_a_host_whose_heartbeat_stands_still_for_a_lease_has_ended(watched: Watched) -> None:
    watched.host()
    watched.watch(LEASE_S)
    assert watched.ending is None
    watched.watch(2)
    assert watched.ending == "The process that ran this lab gave no sign of life for 10 s."


def test_time_in_which_the_reaper_could_not_write_does_not_count(watched: Watched) -> None:
    watched.host()
    watched.watch(LEASE_S - 2)
    watched.watch(10 * LEASE_S, writing=False)
    watched.watch(LEASE_S)
    assert watched.ending is None
    watched.watch(2)
    assert watched.ending


def test_a_host_that_beats_just_before_it_is_given_up_is_alive(watched: Watched) -> None:
    stale = watched.host()
    watched.watch(LEASE_S)
    verdict = watched.reaper.verdict

    def beat_after_it(host: Host) -> str:
        try:
            return verdict(host)
        finally:
            beat()

    watched.reaper.verdict = beat_after_it  # type: ignore[method-assign]
    watched.watch(2)
    assert watched.ending is None
    assert Host.objects.get(pk=stale.pk).beat == 1


def test_a_held_lock_proves_life_for_a_runs_bound_and_a_lease(watched: Watched) -> None:
    lock_folder(watched.root / "watched")
    watched.host(folder_id(watched.root))
    watched.watch(BOUND_S + LEASE_S)
    assert watched.ending is None
    watched.watch(4)
    assert "no sign of life" in (watched.ending or "")


def test_a_stopped_hosts_bound_counts_from_its_waking(watched: Watched) -> None:
    lock_folder(watched.root / "watched")
    watched.host(folder_id(watched.root))
    watched.watch(BOUND_S)
    beat()
    watched.watch(BOUND_S + LEASE_S)
    assert watched.ending is None


@pytest.mark.parametrize("folder_is_left", [True, False])
def test_a_host_nearby_whose_lock_is_free_has_ended_at_once(watched: Watched, folder_is_left: bool) -> None:
    if folder_is_left:
        (watched.root / "watched").mkdir()
        (watched.root / "watched" / "lock").touch()
    watched.host(folder_id(watched.root))
    watched.watch(2)
    assert watched.ending == ENDED


def test_a_folder_of_the_same_name_on_another_machine_proves_nothing(watched: Watched) -> None:
    watched.host()
    watched.watch(2)
    assert watched.ending is None


def test_a_run_whose_host_is_not_there_is_ended(watched: Watched) -> None:
    run = Run.objects.create(lesson="any", host="of the first edition")
    watched.reaper.look()
    assert Event.objects.get(run=run).payload == {"outcome": "lost", "reason": ENDED}
    assert Run.objects.get(pk=run.pk).state == Run.State.ENDED
