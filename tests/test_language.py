"""Every sentence has its Spanish, the page follows who reads it, and what is not said through a catalog is found."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from string import Formatter

import pytest

from api.setup.checkout import ROOT
from engine import language
from engine.language import LanguageName, Pattern, dated, kept, say, say_many, told
from engine.operations import nobody
from tests import bare, catalogs

_FOLDERS = list(catalogs.CATALOGS)
#: what is made up for whoever draws pages is in the language of the code
_TEMPLATES = [path for path in sorted((ROOT / "api/web/templates").rglob("*.html")) if path.name != "components.html"]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use(language.SOURCE)


@pytest.mark.parametrize("folder", _FOLDERS)
def test_every_sentence_is_translated_and_nothing_else_is_kept(folder: str) -> None:
    wanted = catalogs.wanted(folder)
    for path in sorted(catalogs.CATALOGS[folder].glob("*.po")):
        known = catalogs.read(path)
        missing = [text for text, many in wanted.items() if not _whole(known.get(text, ()), many)]
        assert missing == [], f"{path.name} of {folder}: `python -m tests.catalogs` writes what is missing into it; translate that."
        assert [text for text in known if text not in wanted] == [], "`python -m tests.catalogs` takes out what is no longer said."


@pytest.mark.parametrize("folder", _FOLDERS)
def test_a_translation_holds_the_same_values_as_the_sentence(folder: str) -> None:
    wanted = catalogs.wanted(folder)
    for path in sorted(catalogs.CATALOGS[folder].glob("*.po")):
        told = {text: forms for text, forms in catalogs.read(path).items() if "{" in text or any("{" in form for form in forms)}
        # a plural may leave out the number where its form says it
        assert [text for text, forms in told.items() if any(_values(form) - {"n"} != _values(text) - {"n"} for form in forms)] == []
        assert [text for text in told if wanted[text] is None and any(_values(form) != _values(text) for form in told[text])] == []


def test_what_both_catalogs_hold_they_say_alike() -> None:
    first, second = (catalogs.read(catalogs.CATALOGS[folder] / "es.po") for folder in _FOLDERS)
    assert {text: (first[text], second[text]) for text in first.keys() & second.keys() if first[text] != second[text]} == {}


def test_a_sentence_is_said_in_the_language_spoken_now_and_in_english_where_there_is_no_other() -> None:
    with language.speaking("es"):
        assert say("Nobody knows {name}.", name="Ana") == "Nobody knows Ana."
        assert say("{list} and {last}", list="a, b", last="c") == "a, b y c"
    assert say("{list} and {last}", list="a, b", last="c") == "a, b and c"


def test_a_reason_that_was_stored_in_english_is_told_anew_and_anything_else_as_it_is() -> None:
    stored = nobody.NOT_HELD.format(role="Keeper")
    assert nobody.told(stored, None) == stored
    with language.speaking("es"):
        assert nobody.told(stored, None) == "Nadie puede hacer esto, porque ninguna cuenta activa tiene el rol Keeper."
        assert nobody.told("Something else.", None) == "Something else."
        assert nobody.told(None, None) is None


def test_what_is_kept_for_everybody_is_english_until_it_is_told_to_a_reader_with_all_that_stands_in_it() -> None:
    with language.speaking("es"):  # whoever comes first decides nothing
        found = kept("There is no form “{form}”; choose another one, or build it (file {form}.json).", form="terms")
        beside = kept("The timer cannot be used. {wrong}", wrong=ValueError(kept("The moment lies before the year 1.")))
        missing = kept("One text has no translation into {language} yet: “{text}”; until then it is shown as written.",
                       language=LanguageName("es"), text="x")  # fmt: skip
        assert found == "There is no form “terms”; choose another one, or build it (file terms.json)."
        assert "into Spanish yet" in missing
        assert told(found) == "No hay ningún formulario «terms»; elija otro, o hágalo (archivo terms.json)."
        assert told(beside) == "No se puede usar el temporizador. El momento está antes del año 1."
        assert "(español)" in told(missing)
        assert say("{message} Nothing was saved.", message=found).startswith("No hay ningún formulario")
        assert told(pickle.loads(pickle.dumps(found))) == told(copy.deepcopy(found)) == told(found)
    assert told(found) == found
    assert told("anything else") == "anything else"
    assert kept("{ is a brace") == "{ is a brace"


def test_a_number_brings_its_form() -> None:
    assert [say_many("{n} day", "{n} days", number) for number in (1, 2)] == ["1 day", "2 days"]


def test_a_text_without_values_may_hold_braces() -> None:
    assert say("{ is a brace") == "{ is a brace"


def test_dates_are_written_as_each_language_writes_them() -> None:
    at = datetime(2026, 11, 27, 9, 5, tzinfo=UTC)
    assert [dated(at, pattern) for pattern in (Pattern.SHORT, Pattern.FULL)] == ["Fri 27 Nov, 09:05", "Friday 27 November 2026, 09:05"]
    with language.speaking("es"):
        assert dated(at, Pattern.FULL) == "viernes, 27 de noviembre de 2026, 09:05"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [(("es-MX", "en"), "es"), (("fr", "es"), "es"), (("fr",), "en"), ((), "en"), (("EN_us",), "en"), (("*", "\x00", "es"), "es")],
)
def test_the_first_language_that_is_spoken_here_fits(wanted: tuple[str, ...], spoken: str) -> None:
    assert language.fitting(wanted) == spoken


def test_a_language_that_nobody_knows_is_english() -> None:
    language.use("tlh")
    assert language.current() == "en"


def test_templates_hold_no_words_outside_a_catalog() -> None:
    found = {str(path.relative_to(ROOT)): words for path in _TEMPLATES if (words := bare.of_template(path.read_text(encoding="utf-8")))}
    assert found == {}, "Say it: {{ _(…) }}."
    for wrong in ("<p>Not said</p>", '<a title="Not said">{{ x }}</a>', '{{ explain("Not said") }}', "{% if x %}Said{% endif %} not"):
        assert bare.of_template(wrong), wrong
    assert bare.of_template('<p class="narrow">{{ _("Said") }}</p>{% block main_class %}narrow{% endblock %}') == []


def test_scripts_hold_no_words_outside_a_catalog() -> None:
    scripts = sorted((ROOT / "api/web/src").rglob("*.js"))
    found = {str(path.relative_to(ROOT)): words for path in scripts if (words := bare.of_script(path.read_text(encoding="utf-8")))}
    assert found == {}, 'Say it: say("…").'
    shown = ('node.textContent = "Not said";', 'one.setAttribute("aria-label", "Not said");', 'h("p", {}, "Not said yet")')
    for wrong in (*shown, "x = `${n} are late now`;"):
        assert bare.of_script(wrong), wrong
    assert bare.of_script('node.textContent = say("Said so"); // Not said\nnode.className = "row one two";') == []


def _whole(forms: tuple[str, ...], many: str | None) -> bool:
    return bool(forms) and all(forms) and (len(forms) == 1 if many is None else len(forms) > 1)


def _values(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()
