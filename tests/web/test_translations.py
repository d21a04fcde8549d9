"""The pages where texts stand beside another language: of a form and of the pack, with what is missing and a preview."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import begin

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit) -> Visitor:
    return visit("tom")


@pytest.fixture
def change(tom: Visitor) -> str:
    address = begin(tom)
    tom.see(f"{address}/pack-translations")
    tom.submit("Add the language", {"language": "Spanish"})
    return address


def field_of(page: Any, text: str) -> str:
    """The name of the input beside a text."""
    hidden = page.xpath(f"//input[starts-with(@name, 'text-')][@value='{text}']")[0]
    return str(hidden.get("name")).replace("text-", "said-")


def form_file(tom: Visitor, change: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tom.client.get(f"{change}/files/loan-terms.json").text)
    return found


def test_a_form_is_translated_beside_its_texts_and_previewed_in_the_language(tom: Visitor, change: str) -> None:
    address = f"{change}/form-translations/loan-terms.json?language=es"
    page = tom.see(address)
    assert "texts are missing" in tom.text()
    tom.submit("Save", {field_of(page, "Back on"): "Se devuelve el", field_of(page, "Yes"): "Sí"})
    assert form_file(tom, change)["x-translations"] == {"es": {"Back on": "Se devuelve el", "Yes": "Sí"}}
    page = tom.see(address)
    aside = page.xpath("//aside//*[@lang='es']")[0].text_content()
    assert "Se devuelve el" in aside
    assert "Do you accept the terms?" in aside, "what is missing is shown as written"
    assert page.xpath("//label[contains(., 'Do you accept the terms?')][contains(., '(missing)')]")
    tom.submit("Save", {field_of(page, "Back on"): "", field_of(page, "Yes"): ""})
    assert "x-translations" not in form_file(tom, change)


def test_a_text_that_changed_misses_its_translation_which_is_kept_to_be_used_again(tom: Visitor, change: str) -> None:
    address = f"{change}/form-translations/loan-terms.json?language=es"
    tom.submit("Save", {field_of(tom.see(address), "Back on"): "Se devuelve el"})
    tom.see(f"{change}/form-fields/loan-terms.json?field=dueBack")
    tom.submit("Save", {"title": "Back by"})
    page = tom.see(address)
    assert page.xpath("//label[contains(., 'Back by')][contains(., '(missing)')]")
    assert page.xpath("//h3[contains(., 'Not in the form any more')]")
    assert page.xpath("//input[@value='Se devuelve el']")
    tom.see(f"{change}/form/loan-terms.json")
    assert "“Back on” is translated (es)" in tom.text()


def test_what_two_people_translate_at_once_is_all_kept(visit: Visit, tom: Visitor, change: str) -> None:
    address = f"{change}/form-translations/loan-terms.json?language=es"
    tia = visit("tia")
    first, second = tom.see(address), tia.see(address)
    tom.submit("Save", {field_of(first, "Back on"): "Se devuelve el"})
    tia.submit("Save", {field_of(second, "Yes"): "Sí"})
    assert form_file(tom, change)["x-translations"] == {"es": {"Back on": "Se devuelve el", "Yes": "Sí"}}


def test_the_words_of_the_pack_and_of_its_diagrams_are_translated_in_groups(tom: Visitor, change: str) -> None:
    address = f"{change}/pack-translations?language=es"
    tom.submit("Save", {field_of(tom.see(address), "Librarian"): "Bibliotecaria"})
    tom.submit("Save", {field_of(tom.see(f"{address}&of=loan"), "Answer the terms"): "Responder a las condiciones"})
    pack = tomllib.loads(tom.client.get(f"{change}/files/pack.toml").text)
    assert pack["languages"] == ["en", "es"]
    assert pack["translations"] == {"es": {"Librarian": "Bibliotecaria", "Answer the terms": "Responder a las condiciones"}}


@pytest.mark.parametrize("language", ["", "Spanish!", "x" * 300, "<b>"])
def test_what_is_no_language_is_refused_in_words(tom: Visitor, change: str, language: str) -> None:
    tom.send(f"{change}/pack-languages", {"language": language}, 422)
    assert "Say the language as a short tag" in tom.text()
    tom.send(f"{change}/form-translations/loan-terms.json", {"language": language, "text-0": "Yes", "said-0": "Sí"}, 422)


def test_hostile_rows_are_taken_as_texts_and_nothing_breaks(tom: Visitor, change: str) -> None:
    tom.send(f"{change}/form-translations/loan-terms.json", {"language": "es", "text-0": "Yes", "said-0": "<script>"})
    assert form_file(tom, change)["x-translations"]["es"]["Yes"] == "<script>"
    assert not tom.see(f"{change}/form-translations/loan-terms.json?language=es").xpath("//aside//script")
    too_long = {"language": "es", "text-0": "Yes", "said-0": "x" * 4001, "text-9999999": "no"}
    tom.send(f"{change}/form-translations/loan-terms.json", too_long, 422)
    assert "at most 4000 characters" in tom.text()
