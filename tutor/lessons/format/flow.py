"""The concept flow: `[flow]` with its nodes and edges."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt

from .patterns import Pattern
from .toml_table import Id, NonEmptyStr, TomlTable

TokenOwner = Literal["task", "about", "caller", "schedule", "group", "cluster"]
"""Whose token a lit node moves: that of the delivery of the task that the event is about (or of the program or the
cluster if it is about no task), or of the task that the row is about, or of what is named."""
SubjectKind = Literal["task", "caller", "schedule", "group", "cluster"]


class LitBy(Pattern):
    """Events that light a node."""

    token: TokenOwner = Field("task", description="Whose token moves there; by default that of the event's task.")


class Node(TomlTable):
    """One node of the concept flow."""

    id: Id = Field(description="Its name in edges and steps.")
    label: NonEmptyStr = Field(description="Its text.")
    shape: Literal["terminal", "step", "decision"] = Field("step", description="Its outline.")
    at: tuple[StrictInt, StrictInt] = Field(description="Its column and row in the drawing, from 0.")
    lit_by: tuple[LitBy, ...] = Field((), description="Events that light it, in addition to the steps that name it.")
    enter: tuple[SubjectKind, ...] = Field(
        (),
        description="The kinds of tokens that may enter the flow here: task, caller, schedule, group, cluster. A kind"
        " that no node names enters at its first lit node.",
    )


class Edge(TomlTable):
    """An arrow of the concept flow."""

    source: Id = Field(alias="from", description="The node that it starts at.")
    target: Id = Field(alias="to", description="The node that it points to.")
    label: str = Field("", description="Its text, such as the answer to a decision.")


class Flow(TomlTable):
    """The concept flow: what happens, as a drawing whose nodes light up."""

    caption: NonEmptyStr = Field(description="A sentence that says what the drawing shows.")
    nodes: tuple[Node, ...] = Field(min_length=1, description="The nodes.")
    edges: tuple[Edge, ...] = Field((), description="The arrows.")
