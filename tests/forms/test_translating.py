"""Forms in other languages: what is translated is shown so, the rest as written; what is left over is told."""

from __future__ import annotations

import pytest

from engine import forms
from engine.model.errors import FormInvalid, Level
from tests.forms.building import YES, field, form, read, text

SPANISH = {"Small": "Pequeño", "Who?": "¿Quién?", "Yes": "Sí", "No": "No", "Part": "Parte", "Tell us": "Cuéntenos"}
SPANISH["The terms"] = "Las condiciones"
FIELDS = {
    "who": text(title="Who?", **{"x-help": "Tell us", "x-read": "The terms"}),
    "sure": field("string", title="Sure?", oneOf=YES),
    "rows": field("array", title="Part", items={"type": "object", "properties": {"one": text(title="Who?")}}),
}


def test_every_text_that_people_read_is_listed_once_in_its_order() -> None:
    made = form(FIELDS, **{"x-kept-as": "Answer", "x-sections": [{"title": "First", "fields": ["who", "sure", "rows"]}]})
    assert forms.texts(made) == ("Small", "Answer", "First", "Who?", "Tell us", "The terms", "Sure?", "Yes", "No", "Part")


def test_a_translated_form_reads_in_its_language_at_every_depth_and_keeps_names_and_codes() -> None:
    made = forms.translated(form(FIELDS, **{"x-translations": {"es": SPANISH}}), "es")
    who, sure, rows = made.fields
    assert who.read == "Las condiciones"
    assert (made.title, who.title, who.help, rows.title, rows.fields[0].title) == ("Pequeño", "¿Quién?", "Cuéntenos", "Parte", "¿Quién?")
    assert [(one.value, one.title) for one in sure.options] == [("yes", "Sí"), ("no", "No")]
    assert [one.name for one in made.fields] == ["who", "sure", "rows"]


def test_what_has_no_translation_is_shown_as_written_and_told_as_missing() -> None:
    made = form(FIELDS, **{"x-translations": {"es": SPANISH}})
    assert forms.translated(made, "es").fields[1].title == "Sure?"
    assert forms.missing(made, "es") == ("Sure?",)
    assert forms.translated(made, "fr") is made


def test_a_rule_speaks_the_language_of_who_broke_it() -> None:
    rules = [{"expression": "count > 1", "message": "More, please.", "field": "count"}]
    spanish = {"More, please.": "Más, por favor."}
    made = form({"count": field("integer")}, **{"x-rules": rules, "x-translations": {"es": spanish}})
    with pytest.raises(FormInvalid) as refused:
        forms.check(forms.translated(made, "es"), {"count": 1}, writable=lambda _cls: True)
    assert refused.value.errors[0].message == "Más, por favor."


def test_a_translation_of_what_the_form_does_not_say_is_told_and_keeps_nothing_from_being_published() -> None:
    _made, problems = read(FIELDS, **{"x-translations": {"es": {"Whom?": "¿A quién?"}}})
    assert [(one.code, one.level) for one in problems] == [("translation-unused", Level.WARN)]
    assert "“Whom?”" in problems[0].message


@pytest.mark.parametrize("said", [{"Spanish!": {}}, {"es": {"Who?": ""}}, {"es": {"Who?": 5}}, {"es": []}])
def test_translations_of_another_shape_are_refused(said: dict[str, object]) -> None:
    made, problems = read(FIELDS, **{"x-translations": said})
    assert made is None
    assert all(one.level is Level.REFUSE for one in problems)
