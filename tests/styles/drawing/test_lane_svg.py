"""The lanes of a row as SVG."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.styles.drawing.timelines import bar, steps_at, timeline
from tutor.styles.drawing.lane_rows import draw_lane_rows
from tutor.styles.drawing.lane_svg import cell_svg
from tutor.trace.bars import Place


def test_the_number_of_a_band_is_below_the_tag_of_the_row_and_left_of_it() -> None:
    stored = [bar("stored", n, None, task=f"t{n}", task_label=f"t{n}", success=True) for n in range(1, 8)]
    line = timeline(*stored, now_ms=7, lanes=(Place("Task"),))
    first, last = steps_at(1, 7)
    svg = cell_svg(draw_lane_rows(line, [(first,), (replace(last, task="t7"),)], {"t7": "12"}).rows[-1].cell)
    tag = re.search(r'<svg x="([\d.]+)%" y="50%"><g class="tag"><rect x="0"[^>]*><text [^>]*>12</text>', svg)
    count = re.search(r'<svg x="([\d.]+)%" y="100%"><text class="band__count"[^>]*>7</text>', svg)
    assert tag
    assert count
    assert float(count[1]) < float(tag[1])


def test_the_number_of_rows_of_a_lessons_table_is_said_to_be_one() -> None:
    line = timeline(bar("rows", 1, None, count=1), now_ms=7, lanes=(Place("Order"),))
    svg = cell_svg(draw_lane_rows(line, [(step,) for step in steps_at(1, 7)], {}).rows[-1].cell)
    assert ">1<tspan> row</tspan></text>" in svg
