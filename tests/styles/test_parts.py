from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from tests.styles.shown_page import ShownPage
from tutor.styles.parts import Change, Part, changes, split

MARKER = "\0secret\0"


LONG = "word " * 40


def row(number: int, text: str = LONG) -> Part:
    return Part(f"row-{number}", (f'<p id="row-{number}">{text}{number}</p>',))


def table(*pieces: str | Part, tag: str = '<div id="table">') -> Part:
    first, *rest = pieces or ("",)
    inner = (f"{tag}{first}", *rest) if isinstance(first, str) else (tag, first, *rest)
    return Part("table", (*inner, "</div>"))


def changed(before: Part, after: Part) -> list[Change]:
    """Return the changes, after a check that they make the one part the other."""
    page = ShownPage(before.html)
    found = changes(before, after)
    page.apply(found)
    assert page.html == after.html
    return found


def test_nothing_changes_in_the_same_part() -> None:
    assert changed(table(row(1)), table(row(1))) == []


def test_a_part_in_a_part_is_replaced_by_itself() -> None:
    new = row(1, "new")
    assert changed(table(row(1), row(2)), table(new, row(2))) == [("replace", "row-1", new.html)]


def test_only_the_start_tag_is_sent_if_only_attributes_differ() -> None:
    before, after = '<div id="table" class="a > b">', '<div class="c" id="table">'
    assert changed(table(row(1), tag=before), table(row(1), tag=after)) == [("attributes", "table", after)]


def test_parts_are_added_and_removed_beside_those_that_stay() -> None:
    assert changed(table(row(1), row(2)), table(row(2), row(3))) == [
        ("remove", "row-1", ""),
        ("after", "row-2", row(3).html),
    ]
    assert changed(table(row(3)), table(row(1), row(2), row(3))) == [("before", "row-3", row(1).html + row(2).html)]


def test_a_part_is_replaced_if_none_stays_or_the_order_changes_or_its_own_text_does() -> None:
    for before, after in (
        (table(row(1)), table(row(2))),
        (table(row(1), row(2)), table(row(2), row(1))),
        (table(row(1)), table("Rows: ", row(1))),
        (table("Rows: ", row(1)), table(row(1), "rows")),
        (table(row(1)), table()),
    ):
        assert changed(before, after) == [("replace", "table", after.html)]


def test_a_part_is_replaced_if_one_in_it_has_moved_to_another_or_across_a_text() -> None:
    inner, outer = Part("inner", ('<p id="inner"></p>',)), Part("outer", ('<i id="outer">', row(3), "</i>"))
    holds_inner = Part("outer", ('<i id="outer">', row(3), inner, "</i>"))
    for before, after in (
        (table(row(1), inner, LONG, row(2)), table(row(1), LONG, row(2), inner)),
        (table(row(1), LONG, row(2), inner), table(row(1), inner, LONG, row(2))),
        (table(row(1), inner, outer), table(row(1), holds_inner)),
        (table(row(1), holds_inner), table(row(1), inner, outer)),
    ):
        assert changed(before, after) == [("replace", "table", after.html)]


def test_a_part_is_replaced_if_that_is_shorter_than_its_changes() -> None:
    after = table(row(1, "c"), row(2, "d"))
    assert changed(table(row(1, "a"), row(2, "b")), after) == [("replace", "table", after.html)]


def test_a_part_in_which_an_id_is_not_unique_is_replaced() -> None:
    assert changes(table(row(1), row(1)), table(row(1))) == [("replace", "table", table(row(1)).html)]


TEXTS = st.text(alphabet="xyz ", max_size=60)


@st.composite
def trees(draw: st.DrawFn) -> Part:
    """A part in which parts and texts follow each other at random, all with the ids of a small alphabet."""
    names = draw(st.permutations("abcdefgh"))
    parents = {name: draw(st.sampled_from(["root", *names[:at]])) for at, name in enumerate(names)}
    kept = {name for name in names if draw(st.booleans())}

    def made(name: str) -> Part:
        pieces: list[str | Part] = [f'<div id="{name}" class="{draw(TEXTS)}">{draw(TEXTS)}']
        for child in (child for child, parent in parents.items() if parent == name and child in kept):
            pieces.append(made(child))
            if text := draw(st.sampled_from(["", "", "", "between", LONG])):
                pieces.append(text)
        return Part(name, (*pieces, "</div>"))

    return made("root")


@given(trees(), trees())
def test_changes_make_any_version_of_a_part_any_other(before: Part, after: Part) -> None:
    page = ShownPage(before.html)
    page.apply(changes(before, after))
    assert page.html == after.html


@given(trees(), trees())
def test_changes_are_never_longer_than_the_part(before: Part, after: Part) -> None:
    assert sum(len(html) for _, _, html in changes(before, after)) <= len(after.html)


def rendered(template: str, **names: object) -> str:
    return Template("{% load parts %}" + template).render(Context(names))


def test_the_tag_gives_a_part_the_id_that_its_words_make() -> None:
    row = '{% part "row" number %}<i id="{{ part_id }}">{{ value }}</i>{% endpart %}'
    assert rendered(row, number=3, value=7) == '<i id="row-3">7</i>'
    marked = rendered(f"<b> {row} </b>", number=3, value=7, part_marker=MARKER)
    assert split("b", marked, MARKER) == Part("b", ("<b>", Part("row-3", ('<i id="row-3">7</i>',)), "</b>"))


def test_parts_can_be_in_parts_and_beside_each_other() -> None:
    nested = '{% part "a" %}<a>{% part "b" %}<b/>{% endpart %} {% part "c" %}<c/>{% endpart %}</a>{% endpart %}'
    (found,) = split("", rendered(nested, part_marker=MARKER), MARKER).pieces
    assert found == Part("a", ("<a>", Part("b", ("<b/>",)), Part("c", ("<c/>",)), "</a>"))
    assert list(found.ids()) == ["a", "b", "c"]
    assert found.html == "<a><b/><c/></a>"


def test_a_part_without_an_id_is_an_error_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered("{% part %}{% endpart %}")


def test_a_part_is_rendered_once_for_each_source_and_each_of_its_values() -> None:
    row = '{% part "row" number by is_now %}<i id="{{ part_id }}">{{ value }}</i>{% endpart %}'
    names = {"part_source": "run", "number": 1, "is_now": True}
    assert rendered(row, **names, value="first") == rendered(row, **names, value="second")
    for other in ({"part_source": "other run"}, {"number": 2}, {"is_now": False}, {"part_source": None}):
        assert "third" in rendered(row, **{**names, **other}, value="third")
