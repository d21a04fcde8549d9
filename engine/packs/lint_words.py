"""What of a program has no words yet in a language that it is kept in: as advice, one line a file and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.forms import translating as form_words
from engine.language import called
from engine.model.errors import Level, Problem
from engine.model.execution import ProcessModel
from engine.model.forms import Form
from engine.model.packs import Pack
from engine.packs import translating


def problems(pack: Pack, forms: Mapping[str, Form], processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    """Texts of the forms, the pack and its diagrams that miss a translation, and translations of what nobody says any more."""
    for language in translating.languages(pack)[1:]:
        for form in forms.values():
            yield from _missing(f"{form.key}.json", language, form_words.missing(form, language))
        yield from _missing(file, language, translating.missing(pack, language, processes))
        for text in translating.unused(pack, language, processes):
            message = (
                f"“{text[:80]}” is translated into {called(language)}, but neither the pack nor a diagram says it; "
                "give the translation to the new words, or drop it."
            )
            yield Problem(file, f"translations.{language}", "translation-unused", message, Level.WARN)


def _missing(file: str, language: str, texts: Sequence[str]) -> Iterator[Problem]:
    if texts:
        many = f"{len(texts)} texts have" if len(texts) > 1 else "One text has"
        message = f"{many} no translation into {called(language)} yet, such as “{texts[0][:80]}”; until then it is shown as written."
        yield Problem(file, None, "lint-translation-missing", message)
