"""What each action of the protocol does to a plain project."""

import os
import signal
import time

from django.conf import settings


def kill_process(intervention):
    os.kill(os.getpid(), signal.SIGKILL)


def raise_error(intervention):
    raise RuntimeError("Raised on purpose, as this run was asked to")


def take_longer(intervention):
    time.sleep(intervention.seconds)


def stop_cluster(intervention):
    os.kill(cluster_pid(), signal.SIGTERM)


def stop_group(intervention):
    os.killpg(cluster_pid(), signal.SIGTERM)


def ask_scheduler(intervention):
    from django_q.brokers import get_broker
    from django_q.scheduler import scheduler

    scheduler(broker=get_broker())


def kill_caller(intervention):
    os.kill(int((settings.BASE_DIR / "caller.pid").read_text()), signal.SIGKILL)


def go_on(intervention):
    """Do nothing: the process has not waited at the gate."""


def cluster_pid():
    """Return the process that runs `qcluster`, which leads the cluster's process group."""
    return int((settings.BASE_DIR / "cluster.pid").read_text())


ACTIONS = {
    "kill": kill_process,
    "raise": raise_error,
    "slow": take_longer,
    "skip-gate": go_on,
    "kill-caller": kill_caller,
    "stop": stop_cluster,
    "stop-group": stop_group,
    "half-minute": ask_scheduler,
}
"""Name → function that a process calls with the intervention when it reaches its event."""
