"""Exported files as they are read back: GIFT by a parser from PyPI, Moodle XML by the elements in Moodle's manual."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

from pygiftparser import parser
from pygiftparser.answer import MatchingSet

ESCAPE = re.compile(r"\\([~=#{}:\\n])")
APART = 0xE000
"""The private characters that stand for escaped ones while the parser looks for the signs of the format."""


@dataclass(frozen=True)
class ReadAnswer:
    text: str
    percent: float
    feedback: str = ""


@dataclass(frozen=True)
class ReadQuestion:
    """A question of a file. All texts but the name and written values are HTML."""

    kind: str
    name: str
    text: str
    why: str
    answers: tuple[ReadAnswer, ...]
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    penalty: float | None = None
    shuffles: bool | None = None
    uses_case: bool = False

    def percent_of(self, written: str) -> float | None:
        """Return what Moodle gives for a value: the percentage of the first answer whose pattern it matches."""
        return next((each.percent for each in self.answers if is_match(written, each.text, self.uses_case)), None)


def is_match(written: str, pattern: str, uses_case: bool) -> bool:
    """Compare as Moodle's short answers do: an asterisk is any text, unless there is a backslash before it."""
    written, pattern = (unicodedata.normalize("NFC", each) for each in (written, pattern))
    parts = [re.escape(part.replace(r"\*", "*")) for part in re.split(r"(?<!\\)\*+", pattern)]
    return bool(re.fullmatch(".*".join(parts), written.strip(), 0 if uses_case else re.IGNORECASE))


def read_gift(text: str) -> list[ReadQuestion]:
    """Read GIFT. The parser finds the parts; it leaves escapes to whoever uses them."""
    apart = ESCAPE.sub(lambda match: chr(APART + ord(match[1])), text)
    found = parser.parseFile(StringIO(apart))
    assert all(each.valid for each in found)
    return [gift_question(each) for each in found]


def gift_question(found: parser.Question) -> ReadQuestion:
    assert found.markup == "html" and not found.tail and found.cat.startswith("$course$")
    given = found.answers.answers
    match = isinstance(found.answers, MatchingSet)
    answers = [ReadAnswer(whole(each.answer), each.fraction, whole(each.feedback)) for each in given]
    kind = "ordering" if match else "shortanswer" if all(each.select for each in given) else "multichoice"
    if match:
        assert [each.question.strip() for each in given] == ["1st", "2nd", "3rd", "4th", "5th"][: len(given)]
    return ReadQuestion(kind, whole(found.title), whole(found.text), whole(found.generalFeedback), tuple(answers))


def whole(text: str) -> str:
    """Return a text with the characters that were escaped."""
    signs = {APART + ord(sign): sign for sign in "~=#{}:\\"} | {APART + ord("n"): "\n"}
    return text.strip().translate(signs)


TEXTS = {"questiontext", "generalfeedback"}
VALUES = {"defaultgrade", "penalty", "hidden"}
KINDS = {
    "multichoice": {"single", "shuffleanswers", "answernumbering"},
    "shortanswer": {"usecase"},
    "ordering": {"layouttype", "selecttype", "selectcount", "gradingtype", "showgrading"},
}
ALLOWED = {
    "single": {"true", "false"},
    "shuffleanswers": {"true", "false"},
    "answernumbering": {"none", "abc", "ABCD", "123"},
    "usecase": {"0", "1"},
    "layouttype": {"VERTICAL", "HORIZONTAL"},
    "selecttype": {"ALL", "RANDOM", "CONTIGUOUS"},
    "gradingtype": {"ALL_OR_NOTHING", "ABSOLUTE_POSITION"},
    "showgrading": {"SHOW", "HIDE"},
    "hidden": {"0", "1"},
}


def read_moodle_xml(text: str) -> tuple[str, list[ReadQuestion]]:
    """Return the category and the questions. Fail at anything that Moodle's documentation doesn't have."""
    quiz = ET.fromstring(text)
    assert quiz.tag == "quiz" and not quiz.attrib
    category, *questions = quiz
    assert category.attrib == {"type": "category"} and [each.tag for each in category] == ["category"]
    return text_in(category[0]), [xml_question(each) for each in questions]


def xml_question(element: ET.Element) -> ReadQuestion:
    kind = element.attrib["type"]
    assert element.tag == "question" and element.attrib == {"type": kind}
    tags = [each.tag for each in element]
    assert set(tags) <= {"name", "answer", "hint", "tags"} | TEXTS | VALUES | KINDS[kind]
    once = [each for each in tags if each not in ("answer", "hint")]
    assert sorted(once) == sorted({"name", "tags"} | TEXTS | VALUES | KINDS[kind])
    for each in VALUES | KINDS[kind]:
        assert not element.find(each)
        assert element.findtext(each) in ALLOWED.get(each, {element.findtext(each)})
    assert kind != "multichoice" or element.findtext("single") == "true"
    answers = tuple(xml_answer(each, kind) for each in element.findall("answer"))
    assert kind != "ordering" or int(element.findtext("selectcount", "")) == len(answers)
    return ReadQuestion(
        kind,
        text_in(element.find("name")),
        html_in(element.find("questiontext")),
        html_in(element.find("generalfeedback")),
        answers,
        hints=tuple(html_in(each) for each in element.findall("hint")),
        tags=tuple(text_in(each) for each in element.findall("tags/tag")),
        penalty=float(element.findtext("penalty", "")),
        shuffles={"true": True, "false": False}.get(element.findtext("shuffleanswers", "")),
        uses_case=element.findtext("usecase") == "1",
    )


def xml_answer(element: ET.Element, kind: str) -> ReadAnswer:
    assert set(element.attrib) == {"fraction", "format"}
    assert element.attrib["format"] == ("plain_text" if kind == "shortanswer" else "html")
    assert [each.tag for each in element] == ["text", *(["feedback"] if kind != "ordering" else [])]
    feedback = "" if kind == "ordering" else html_in(element.find("feedback"))
    return ReadAnswer(element.findtext("text", ""), float(element.attrib["fraction"]), feedback)


def html_in(element: ET.Element | None) -> str:
    assert element is not None and element.attrib == {"format": "html"}
    return text_in(element)


def text_in(element: ET.Element | None) -> str:
    assert element is not None and [each.tag for each in element] == ["text"]
    return element[0].text or ""


class Words(HTMLParser):
    """The words, addresses and tags of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        self.words.append(named.get("alt") or "")
        self.addresses += filter(None, (named.get("href"), named.get("src")))


def words(html: str) -> str:
    """Return the text of HTML, without white space."""
    return "".join("".join(fed(html).words).split())


def fed(html: str) -> Words:
    found = Words()
    found.feed(html)
    found.close()
    return found
