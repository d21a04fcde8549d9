"""A pack's words in other languages: labels of its own and names of its diagrams; rules and codes never change."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from engine import packs
from engine.model.errors import Level
from engine.model.packs import Pack
from tests.packs.writing import toml
from tests.world import ROOT

LIBRARY = (ROOT / "tests/packs/library/pack.toml").read_text()


def spanish(translations: dict[str, dict[str, str]], **top: Any) -> Pack:
    made, problems = packs.read(toml(tomllib.loads(LIBRARY) | {"translations": translations, **top}).encode(), file="pack.toml")
    assert made is not None
    assert [one for one in problems if one.level is Level.REFUSE] == []
    return made


def test_every_label_of_a_translated_pack_reads_in_its_language() -> None:
    written = spanish({}, languages=["en", "es"])
    said = {text: f"({text})" for text in packs.texts(written)}
    made = packs.translated(spanish({"es": said}, languages=["en", "es"]), "es")
    assert packs.texts(made) == tuple(f"({text})" for text in packs.texts(written))
    assert made.roles["librarian"].label == "(Librarian)"
    assert (made.roles.keys(), made.lanes, made.case.number) == (written.roles.keys(), written.lanes, written.case.number)
    assert made.roles["librarian"].read == written.roles["librarian"].read


def test_calendars_and_their_days_read_in_its_language() -> None:
    week = {"monday": "09:00-17:00"}
    recess = {"from": "2026-12-27", "to": "2026-12-31", "label": "Between the years"}
    desk = {"label": "Desk hours", "zone": "UTC", "week": week, "days": [{"on": "2026-12-24", "label": "Eve"}], "recesses": [recess]}
    said = {"Desk hours": "Horario", "Eve": "Víspera", "Between the years": "Entre años"}
    found = packs.translated(spanish({"es": said}, languages=["en", "es"], calendars={"desk": desk}), "es").calendars["desk"]
    assert (found.label, found.days[0].label, found.recesses[0].label) == ("Horario", "Víspera", "Entre años")
    assert found.week[0]


def test_what_has_no_translation_stays_as_written() -> None:
    made = spanish({"es": {"Librarian": "Bibliotecaria"}}, languages=["en", "es"])
    assert packs.translated(made, "es").roles["curator"].label == "Curator"
    assert packs.say(made, "es", "Librarian") == "Bibliotecaria"
    assert packs.say(made, "es", "Ask for the loan") == "Ask for the loan"
    assert packs.translated(made, "fr") is made


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("es",), "es"),
        (("es-MX", "en"), "es"),
        (("ES",), "es"),
        (("zh", "es"), "es"),
        (("zh", "*"), "en"),
        ((), "en"),
        (("en", "es"), "en"),
    ],
)
def test_a_reader_gets_the_first_language_they_want_that_the_pack_is_kept_in(wanted: tuple[str, ...], found: str) -> None:
    assert packs.fitting(spanish({}, languages=["es"]), wanted) == found


def test_a_table_of_a_language_that_the_pack_does_not_name_is_refused() -> None:
    raw = tomllib.loads(LIBRARY) | {"languages": ["en"], "translations": {"es": {"Librarian": "Bibliotecaria"}}}
    _made, problems = packs.read(toml(raw).encode(), file="pack.toml")
    assert [(one.element_id, one.code) for one in problems] == [("translations.es", "unknown-language")]
