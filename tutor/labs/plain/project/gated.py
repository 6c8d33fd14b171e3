"""django-q2's own broker, with a gate behind it."""

from conductor import meet
from django_q.brokers.orm import ORM
from django_q.signing import SignedPackage


class Broker(ORM):
    def dequeue(self):
        picked = super().dequeue()
        for _, payload in picked or ():
            meet("picked", "pusher", name=SignedPackage.loads(payload)["name"])
        return picked
