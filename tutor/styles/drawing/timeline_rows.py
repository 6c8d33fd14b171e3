"""The table of a timeline: a row for each mark, band and sign, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from .timeline_drawing import Drawing


def table_rows(drawing: Drawing) -> Iterator[tuple[str, SafeString]]:
    """Yield (id, HTML) of each row: those of marks in the order in which they begin, then bands, then signs."""
    writer = drawing.writer
    marks = ((mark, lane.lane.label) for lane in drawing.lanes for mark in lane.marks)
    for mark, name in sorted(marks, key=lambda each: each[0].begin_ms):
        cells = [writer.what(mark), writer.clock(mark.begin_ms), writer.ends(mark), writer.lasts(mark)]
        yield row(mark.key, name, [*cells, "; ".join(writer.facts(mark))])
    for number, lane in enumerate(drawing.lanes):
        if lane.earlier:
            first, last = lane.earlier[0], max(lane.earlier, key=lambda mark: mark.until_ms)
            ends = [writer.clock(first.begin_ms), writer.clock(last.until_ms)]
            what = f"{sum(len(mark.bars) for mark in lane.earlier)} bars"
            yield row(f"earlier{number}", lane.lane.label, [what, *ends, "", "earlier steps show them one by one"])
        if lane.band:
            ends = [writer.clock(lane.band[0].begin_ms), writer.clock(lane.band[-1].end_ms)]
            what = f"at most {lane.highest} at the same time"
            yield row(f"band{number}", lane.lane.label, [what, *ends, "", "too many to be drawn one by one"])
    for number, sign in enumerate(drawing.signs):
        yield row(f"sign{number}", sign.place, [sign.text, sign.at_text, "", "", sign.kind])


def row(key: str, name: str, cells: Sequence[str]) -> tuple[str, SafeString]:
    data = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return key, SafeString(f'<tr id="{escape(key)}"><th scope="row">{escape(name)}</th>{data}</tr>')
