from __future__ import annotations

import pytest

from tutor.protocol.event_fields import ADDED_FIELDS, FieldType
from tutor.protocol.events import KINDS, field_type


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("started", "delivery", "number"),
        ("started", "rows", "tables"),
        ("started", "rows.OrmQ.count", "number"),
        ("started", "rows.Order.rows", "list"),
        ("line", "locals", "names"),
        ("line", "locals.result", "text"),
        ("started", "nothing", None),
        ("started", "rows.Order.colour", None),
        ("started", "delivery.number", None),
    ],
)
def test_a_field_has_a_type_also_inside_another_one(kind: str, name: str, expected: FieldType | None) -> None:
    assert field_type(kind, name) == expected


@pytest.mark.parametrize("name", ADDED_FIELDS)
def test_what_the_site_orders_events_by_cannot_be_named_by_a_lesson(name: str) -> None:
    assert [kind for kind in KINDS if field_type(kind, name)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_described_by_a_sentence(kind: str) -> None:
    assert KINDS[kind].description.endswith(".")
    assert KINDS[kind].lanes
