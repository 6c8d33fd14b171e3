from __future__ import annotations

from tutor.styles.task_tags import task_tags


def tags(*labels: str) -> list[str]:
    return list(task_tags(labels).values())


def test_a_task_is_named_by_its_first_letter() -> None:
    assert tags("charge", "report") == ["C", "R"]


def test_another_task_of_the_same_name_has_a_number() -> None:
    assert tags("charge", "charge #2", "charge #3") == ["C", "C2", "C3"]


def test_a_task_whose_name_ends_in_a_number_is_named_by_it() -> None:
    assert tags("mail 36", "mail 37") == ["36", "37"]


def test_tasks_with_the_same_first_letter_have_more_letters() -> None:
    assert tags("ship", "send", "send #2", "set") == ["S", "Se", "Se2", "Set"]


def test_no_two_tasks_have_the_same_tag() -> None:
    labels = ("sum", "s", "Su", "sum #2", "su", "s2", "mail 2", "2", "?", "??", "letter 2", "send #2")
    assert len(set(tags(*labels))) == len(labels)


def test_a_tag_stays_the_same_when_more_tasks_appear() -> None:
    labels = ("ship", "send", "mail 2", "send #2", "letter 2")
    everything = task_tags(labels)
    for count in range(len(labels)):
        assert task_tags(labels[:count]) == {label: everything[label] for label in labels[:count]}
