"""Snapshots of tables: strategies for arbitrary ones, and short ways to write some."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

VALUES = st.none() | st.booleans() | st.text(max_size=4)
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 8), "name": VALUES}, optional={"delivered": st.booleans()}),
    max_size=6,
    unique_by=lambda row: row["id"],
)
TABLES = st.none() | st.fixed_dictionaries(
    {"count": st.integers(0, 99), "rows": ROWS}, optional={"in_transaction": st.booleans()}
)
SNAPSHOTS = st.fixed_dictionaries({"OrmQ": TABLES, "Task": TABLES}, optional={"Order": TABLES, "changes": TABLES})
"""As processes of a lab send them; what two of them see needn't have anything in common."""


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": number, "name": f"task {number}", **fields}


def table(*numbers: int, count: int | None = None, **fields: Any) -> dict[str, Any]:
    """A table with the rows of these ids."""
    return {"count": len(numbers) if count is None else count, "rows": [row(each) for each in numbers], **fields}
