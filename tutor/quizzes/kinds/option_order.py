"""The order in which a question shows its options."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def order_of(seed: str, question: str, count: int) -> tuple[int, ...]:
    """Return the indexes of the `count` options of a question, in the order in which they are shown.

    The same seed gives the same order, and all orders are equally frequent. It depends on the site's secret, so that it
    tells nothing about the key, even to somebody who knows where most keys are in the lessons' files.
    """
    return tuple(sorted(range(count), key=lambda index: rank(seed, question, index)))


def rank(seed: str, question: str, index: int) -> bytes:
    return salted_hmac("tutor.quizzes.option_order", f"{seed}/{question}/{index}", algorithm="sha256").digest()
