"""Template tag for the parts of a moment's HTML that change by themselves."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from tutor.styles.parts import mark

register = template.Library()

MARKER = "part_marker"
"""The name in a context that makes the tag mark its part, with this text."""


class PartNode(template.Node):
    """A part. Its id consists of the values of these expressions that aren't empty, with hyphens between them."""

    def __init__(self, words: list[FilterExpression], nodelist: NodeList) -> None:
        self.words, self.nodelist = words, nodelist

    def render(self, context: Context) -> SafeString:
        name = "-".join(filter(None, (str(word.resolve(context)) for word in self.words)))
        with context.push(part_id=name):
            html = self.nodelist.render(context)
        marker = context.get(MARKER)
        return SafeString(mark(name, html, marker)) if marker else html


@register.tag("part")
def part(parser: Parser, token: Token) -> PartNode:
    """Mark an element that a page can get by itself.

    `{% part "row" step.number %}<tr id="{{ part_id }}">…</tr>{% endpart %}` is the part `row-3` at step 3. The tag
    contains one element, whose id is `part_id`. White space at the borders of parts isn't kept.
    """
    _, *words = token.split_contents()
    if not words:
        raise template.TemplateSyntaxError("part needs the words of its id.")
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode([parser.compile_filter(word) for word in words], nodelist)
