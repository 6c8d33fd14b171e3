"""Questions in Moodle XML. See https://docs.moodle.org/en/Moodle_XML_format."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from .answers import Answer
from .exported import Export, Exported
from .moodle import categories, losses, wildcards_escaped
from .portable import Portable, held

TRUE, FALSE = "true", "false"
AS_HTML, AS_TEXT = "html", "plain_text"


def moodle_xml(title: str, questions: Sequence[Exported]) -> Export:
    """Return questions in Moodle XML, in a category with that title."""
    found, left_out = held(questions, can_hold)
    quiz = ET.Element("quiz")
    text_in(ET.SubElement(quiz, "question", type="category"), "category", categories(title))
    for each in found:
        add_question(quiz, each)
    ET.indent(quiz)
    text = ET.tostring(quiz, encoding="UTF-8", xml_declaration=True).decode()
    return Export(f"{text}\n", (*left_out, *losses(found)))


def can_hold(question: Portable) -> None:
    """Moodle XML holds every question that has the common form."""


def add_question(quiz: ET.Element, question: Portable) -> None:
    element = ET.SubElement(quiz, "question", type=question.kind)
    text_in(element, "name", question.name)
    text_in(element, "questiontext", question.text, AS_HTML)
    text_in(element, "generalfeedback", question.why, AS_HTML)
    value_in(element, "defaultgrade", "1")
    value_in(element, "penalty", f"{1 / question.source.tries:.7g}")
    value_in(element, "hidden", "0")
    for tag, value in properties(question).items():
        value_in(element, tag, value)
    for place, answer in enumerate(question.answers, 1):
        add_answer(element, question, answer, place)
    if question.hint:
        text_in(element, "hint", question.hint, AS_HTML)
    tags = ET.SubElement(element, "tags")
    for each in question.tags:
        text_in(tags, "tag", each)


def properties(question: Portable) -> dict[str, str]:
    """Return the elements that only this kind of question has, with their values."""
    match question.kind:
        case "multichoice":
            shuffles = FALSE if question.keeps_order else TRUE
            return {"single": TRUE, "shuffleanswers": shuffles, "answernumbering": "abc"}
        case "shortanswer":
            return {"usecase": "1" if question.has_case else "0"}
        case "ordering":
            return {
                "layouttype": "VERTICAL",
                "selecttype": "ALL",
                "selectcount": str(len(question.answers)),
                "gradingtype": "ALL_OR_NOTHING",
                "showgrading": "HIDE",
            }


def add_answer(element: ET.Element, question: Portable, answer: Answer, place: int) -> None:
    """Add an answer. The fraction of an item is its place in the order."""
    is_written = question.kind == "shortanswer"
    percent = 100 if answer.is_right else 0
    added = ET.SubElement(
        element,
        "answer",
        fraction=str(place if question.kind == "ordering" else percent),
        format=AS_TEXT if is_written else AS_HTML,
    )
    value_in(added, "text", wildcards_escaped(answer.text) if is_written else answer.html)
    if question.kind != "ordering":
        text_in(added, "feedback", answer.feedback, AS_HTML)


def text_in(parent: ET.Element, tag: str, text: str, form: str = "") -> None:
    """Add an element with a text, as Moodle has them: <tag format="html"><text>…</text></tag>."""
    value_in(ET.SubElement(parent, tag, {"format": form} if form else {}), "text", text)


def value_in(parent: ET.Element, tag: str, value: str) -> None:
    ET.SubElement(parent, tag).text = value
