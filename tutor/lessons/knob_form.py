"""The form of a lesson's knobs: validates the texts that a person enters, and is rendered by pages.

The lesson's page and the `run_lesson` command both use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .errors import unknown
from .format.knobs import Knob, Value

INTEGER = re.compile(r"[+-]?[0-9]+")
FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
CSRF_TOKEN = "csrfmiddlewaretoken"  # noqa: S105
"""The field that `{% csrf_token %}` adds to a form."""
MAX_LENGTH = 400
"""The maximum length of a knob's text, in characters."""
MAX_QUOTED = 40
"""The maximum length of a text that a message quotes, in characters."""


class SwitchInput(forms.CheckboxInput):
    """A checkbox that sends "yes", after a hidden input that sends "no" where the box isn't ticked."""

    def __init__(self) -> None:
        super().__init__(check_test=is_yes)

    def format_value(self, value: Any) -> str:
        return "yes"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name)

    def render(self, name: str, *args: Any, **kwargs: Any) -> SafeString:
        return format_html('<input type="hidden" name="{}" value="no">{}', name, super().render(name, *args, **kwargs))


class KnobField(forms.Field):
    """A field for one knob. Its value has the knob's type and is within the knob's bounds."""

    def __init__(self, knob: Knob) -> None:
        self.knob = knob
        super().__init__(
            label=knob.label,
            help_text=knob.help,
            initial=knob.default,
            error_messages={"required": f"Enter {knob.allowed}."},
        )

    def read(self, text: str) -> Value | None:
        """Return the value that `text` stands for, which may be out of bounds; None if it isn't a value."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Value | None:
        text = str(value).strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        found = self.read(text) if len(text) <= MAX_LENGTH else None
        if found is None or not self.knob.allows(found):
            raise ValidationError(f'"{quoted(text)}" isn\'t {self.knob.allowed}.', code="invalid")
        return found

    def prepare_value(self, value: Any) -> str:
        return self.knob.text(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"aria-describedby": f"knob-{self.knob.name}-help"}


class NumberField(KnobField):
    """A field for a number: an int if the text has neither a point nor an exponent, otherwise a float."""

    widget = forms.TextInput

    def read(self, text: str) -> Value | None:
        if INTEGER.fullmatch(text):
            return int(text)
        return float(text) if FLOAT.fullmatch(text) else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        mode = "numeric" if self.knob.type == "integer" else "decimal"
        return {"inputmode": mode, "autocomplete": "off", "spellcheck": "false", **super().widget_attrs(widget)}


class ChoiceField(KnobField):
    """A field for one of the knob's choices."""

    widget = forms.Select

    def __init__(self, knob: Knob) -> None:
        super().__init__(knob)
        texts = [knob.text(choice) for choice in knob.choices]
        self.widget.choices = list(zip(texts, texts, strict=True))

    def read(self, text: str) -> Value | None:
        return next((choice for choice in self.knob.choices if self.knob.text(choice) == text), None)


class SwitchField(KnobField):
    """A field for yes or no."""

    widget = SwitchInput

    def read(self, text: str) -> Value | None:
        if is_yes(text):
            return True
        return False if text.lower() in NO else None


FIELDS: Mapping[str, type[KnobField]] = {
    "number": NumberField,
    "integer": NumberField,
    "choice": ChoiceField,
    "switch": SwitchField,
}
"""The type of a knob → its field."""


class KnobForm(forms.Form):
    """A form with a field for each knob. Its `cleaned_data` is knob → value."""

    use_required_attribute = False  # The browser's message wouldn't name the allowed values.

    def __init__(
        self,
        knobs: Iterable[Knob],
        data: Mapping[str, str] | None = None,
        *,
        values: Mapping[str, Value] | None = None,
        auto_id: str = "knob-%s",
    ) -> None:
        """Bind `data` (knob → text; a missing knob gets its default), or show `values` in an unbound form.

        `auto_id` is the pattern of the ids of the fields, for a second form on a page.
        """
        knobs = tuple(knobs)
        if data is not None:
            data = {knob.name: knob.text(knob.default) for knob in knobs} | dict(data.items())
        super().__init__(data, auto_id=auto_id, initial=dict(values or {}))
        self.fields.update({knob.name: FIELDS[knob.type](knob) for knob in knobs})

    def clean(self) -> None:
        for name in self.data:
            if name not in self.fields and name != CSRF_TOKEN:
                message = unknown("knob", quoted(name), self.fields)
                self.add_error(None, ValidationError(f"{message[0].upper()}{message[1:]}.", code="unknown"))


def is_yes(text: str) -> bool:
    return text.lower() in YES


def quoted(text: str) -> str:
    """Return the beginning of `text`, without characters that would break a line."""
    beginning = text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in beginning)
