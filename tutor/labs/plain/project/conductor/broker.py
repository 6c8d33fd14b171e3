"""The broker of a plain project with a conductor."""

from django_q.brokers.orm import ORM
from django_q.signing import SignedPackage

from .breakpoints import reach


class GatedBroker(ORM):
    """django-q2's own broker, which reaches a `picked` event for each task that it hands on."""

    def dequeue(self):
        picked = super().dequeue()
        for _, payload in picked or ():
            reach("picked", "pusher", name=SignedPackage.loads(payload)["name"])
        return picked
