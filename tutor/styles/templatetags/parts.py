"""Template tag for the parts of a moment's HTML that change by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from tutor.styles.byte_cache import ByteCache
from tutor.styles.parts import mark

register = template.Library()

MARKER = "part_marker"
"""The name in a context that makes the tag mark its part, with this text."""
SOURCE = "part_source"
"""The name in a context of what decides a part's HTML apart from its id and the values after `by`. Without it, nothing
is kept, and of a part without `by` neither."""
MAX_BYTES = 8 * 2**20
"""The bytes of the parts that a process keeps for other moments of their run."""
kept: ByteCache[SafeString] = ByteCache(MAX_BYTES)
"""Source, id and values of a part → its HTML."""


class PartNode(template.Node):
    """A part. Its id consists of the values of these expressions that aren't empty, with hyphens between them."""

    def __init__(
        self, words: Sequence[FilterExpression], by: Sequence[FilterExpression] | None, nodelist: NodeList
    ) -> None:
        self.words, self.by, self.nodelist = words, by, nodelist

    def render(self, context: Context) -> SafeString:
        name = "-".join(filter(None, (str(word.resolve(context)) for word in self.words)))
        if self.by is None or (source := context.get(SOURCE)) is None:
            return self.rendered(name, context)
        key = source, name, *(each.resolve(context) for each in self.by)
        return kept.get_or_set(key, lambda: self.rendered(name, context))

    def rendered(self, name: str, context: Context) -> SafeString:
        with context.push(part_id=name):
            html = self.nodelist.render(context)
        marker = context.get(MARKER)
        return SafeString(mark(name, html, marker)) if marker else html


@register.tag("part")
def part(parser: Parser, token: Token) -> PartNode:
    """Mark an element that a page can get by itself.

    `{% part "row" step.number %}<tr id="{{ part_id }}">…</tr>{% endpart %}` is the part `row-3` at step 3. The tag
    contains one element, whose id is `part_id`. White space at the borders of parts isn't kept.

    `{% part "row" step.number by is_now %}` is rendered once for each value of `is_now`, and used again at other
    moments of the same run in the same style. After `by` stand all values that may differ between moments.
    """
    _, *words = token.split_contents()
    words, by = (words[: words.index("by")], words[words.index("by") + 1 :]) if "by" in words else (words, None)
    if not words:
        raise template.TemplateSyntaxError("part needs the words of its id.")
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    compiled = [[parser.compile_filter(word) for word in each] for each in (words, by or ())]
    return PartNode(compiled[0], None if by is None else compiled[1], nodelist)
