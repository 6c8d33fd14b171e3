"""Claims: links in prose whose targets name what a run has to show."""

from __future__ import annotations

import re

import pytest

from tutor.lessons.claims import ClaimSubject, subject_of


@pytest.mark.parametrize(
    ("target", "subject"),
    [
        ("status@queued", ClaimSubject("status", (("queued", 1),))),
        ("fails/!status@started-again#2", ClaimSubject("status", (("started-again", 2),), "", "fails", True)),
        ("order@queued,stored", ClaimSubject("order", (("queued", 1), ("stored", 1)))),
        ("rows:OrmQ", ClaimSubject("rows", (), "OrmQ")),
        ("value@used:result", ClaimSubject("value", (("used", 1),), "result")),
        ("executions", ClaimSubject("executions")),
    ],
)
def test_a_target_names_its_run_its_kind_and_its_steps(target: str, subject: ClaimSubject) -> None:
    assert subject_of(target) == subject
    assert str(subject) == target


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("mood@queued", 'unknown kind of claim "mood" (known: status, '),
        ("status", "takes 1 rule after an @"),
        ("order@queued", "takes 2 rules after an @: write order@RULE,RULE. Whether the first"),
        ("overlap@a,b", "takes 0 rules after an @: write overlap:NAME. Whether two executions, named as"),
        ("error@failed,stored", "takes 0 or 1 rule after an @"),
        ("status@Queued", "isn't a claim, such as status@stored"),
        ("status@queued#0", "isn't a rule, such as stored"),
        ("rows@queued", "needs an argument after a colon: write rows[@RULE]:NAME. Rows of a table"),
        ("steps:three", "takes no argument after a colon"),
    ],
)
def test_a_target_with_a_mistake_is_refused(target: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        subject_of(target)
