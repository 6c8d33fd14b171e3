"""docs/events.md tells authors which events there are, with one of each from a run."""

from __future__ import annotations

import re
from pathlib import Path

from tests.checking.conftest import Checked
from tutor.checking.event_vocabulary import NO_EXAMPLE, Example, examples_in, vocabulary
from tutor.protocol.events import KINDS

PAGE = Path(__file__).parents[2] / "docs/events.md"
EXAMPLE = re.compile(r"In \S+:\n\n```\n(?P<line>.+)\n```")


def without_examples(page: str) -> str:
    return EXAMPLE.sub(NO_EXAMPLE, page).strip()


def test_the_page_has_all_kinds_and_fields_as_they_are_defined() -> None:
    assert without_examples(PAGE.read_text()) == "\n".join(vocabulary({}))


def test_the_pages_examples_have_fields_that_are_defined() -> None:
    for section in PAGE.read_text().split("\n## ")[1:]:
        kind, found = section.split()[0], EXAMPLE.search(section)
        names = set(re.findall(r"(?:^| )([a-z_]+)=", found["line"])) if found else set()
        assert not names or names & {*KINDS[kind].fields, "rows"}, section


def test_an_example_is_the_first_event_of_its_kind_in_a_run(checked: Checked) -> None:
    examples = examples_in(checked.runs.values())
    assert examples["ended"] == Example("my-first/default", "host ended outcome=finished")
    assert examples["stored"].line.startswith("monitor stored task=")
    assert "success=true" in examples["stored"].line
    assert examples["died"].run == "my-first/killed"
