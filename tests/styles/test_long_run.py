"""The parts of a run that is too long to be shown as a whole."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from tests.styles.long_run import STEPS, long_trace
from tests.trace import life
from tests.trace.events import asked, lesson, trace_of
from tutor.runs.models import Run
from tutor.styles.headline import STOPS
from tutor.styles.moment import Moment
from tutor.styles.rendering import fragments, stage, walk_nav
from tutor.styles.window import COLUMNS, ROWS, WHOLE

RUN = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs=lesson().defaults)


def html(step: int) -> str:
    """Return the fragments of the run at a step."""
    trace = long_trace()
    return fragments(Moment(lesson(), RUN, trace, trace.number, step))


def text(step: int) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html(step)).split()))


def links(step: int) -> dict[str, int]:
    """Return the links at a step that can be pressed: id → the step that they lead to."""
    found = re.findall(r'<a (?:class="[^"]*" )?id="([\w-]+)"[^>]*? href="[^"]*\?step=(\d+)"', html(step))
    return {name: int(number) for name, number in found}


def test_a_step_does_not_grow_with_the_run() -> None:
    early, late = len(html(100).encode()), len(html(3000).encode())
    assert late < 1.2 * early
    assert late < 100_000


def test_a_short_part_of_the_run_is_shown_as_a_whole() -> None:
    assert html(WHOLE).count("data-row=") == WHOLE
    assert not {"earlier-rows", "earlier-transcript", "earlier-printed"} & set(links(WHOLE))
    assert html(WHOLE + 1).count("data-row=") == ROWS


def test_what_is_left_out_is_said_with_a_link_to_it() -> None:
    assert f"Steps 1 to {3000 - ROWS} came before these. Show steps {3001 - 2 * ROWS} to {3000 - ROWS}" in text(3000)
    assert html(3000).count("data-row=") == ROWS
    for part in ("rows", "transcript"):
        assert links(3000)[f"earlier-{part}"] == 3000 - ROWS
    assert [links(3000)[f"earlier-{part}"] for part in ("values", "printed")] == [2988, 2972]


def test_the_scrubber_shows_a_page_of_steps_and_leads_to_the_pages_beside_it() -> None:
    assert [name for name in links(3000) if name.startswith("dot-")] == [f"dot-{step}" for step in range(2961, 3001)]
    assert f"‹ Steps 2921–2960 Step 3000 of {STEPS}: Stored Steps 3001–3040 ›" in text(3000)
    found = links(3000)
    assert (found["previous-page"], found["next-page"]) == (2921, 3001)
    assert (found["first"], found["last"]) == (1, STEPS)
    assert "previous-page" not in links(1)
    assert "next-page" not in links(STEPS)


def test_links_lead_to_every_step() -> None:
    reached: set[int] = set()
    step: int | None = 1
    while step:
        there = links(step)
        reached |= {number for name, number in there.items() if name.startswith("dot-")}
        step = there.get("next-page")
    assert reached == set(range(1, STEPS + 1))


def test_nothing_of_later_steps_is_shown() -> None:
    assert "t1001" not in html(3000)
    assert "t1000" in html(3000)


def test_a_screen_reader_is_told_the_size_of_the_whole() -> None:
    assert f'aria-setsize="{STEPS}" aria-posinset="3000"' in html(3000)
    assert 'aria-rowcount="3001">' in html(3000)
    assert re.search(r'data-row="3000"[^>]*>\s*<tr aria-rowindex="3001">', html(3000))


def test_the_tracker_has_the_start_and_a_few_steps() -> None:
    assert html(3000).count('id="after-') == 1 + COLUMNS


def test_a_run_that_goes_on_has_its_open_end_on_the_last_page() -> None:
    trace = replace(long_trace(), ended=None)
    early, late = (walk_nav(Moment(lesson(), RUN, trace, trace.number - 1, step)) for step in (3000, STEPS))
    assert f"Step 3000 of {STEPS} so far: Stored" in early
    assert "The run goes on" not in early
    assert "The run goes on" in late
    assert 'aria-setsize="-1" aria-posinset="3000"' in early


def test_the_way_of_a_task_that_comes_again_and_again_is_shown_from_its_end() -> None:
    deliveries = [
        each
        for number in range(1, STOPS)
        for each in (life.picked(delivery=number), life.started(delivery=number), life.died(73, task="t1"))
    ]
    trace = trace_of([asked(), life.queued(), *deliveries])
    (way,) = re.findall(
        r'(?s)<p id="path" class="headline__path">.*?</p>',
        stage(Moment(lesson(), RUN, trace, trace.number, len(trace.steps))),
    )
    assert re.search(r": \d+ earlier <span", way)
    assert len(re.findall(r'<span(?: class="headline__here")?>[^<]+</span>', way)) == STOPS
    assert "Start task" not in way
