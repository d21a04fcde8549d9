"""What of a program has no words yet in a language that it is kept in: as advice, one line a file and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.forms import translating as form_words
from engine.language import LanguageName, kept
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
            message = kept(
                "“{text}” is translated into {language}, but neither the pack nor a diagram says it; give the "
                "translation to the new words, or drop it.",
                text=text[:80],
                language=LanguageName(language),
            )
            yield Problem(file, f"translations.{language}", "translation-unused", message, Level.WARN)


def _missing(file: str, language: str, texts: Sequence[str]) -> Iterator[Problem]:
    if texts:
        said = {"language": LanguageName(language), "text": texts[0][:80]}
        message = (
            kept("One text has no translation into {language} yet: “{text}”; until then it is shown as written.", **said)
            if len(texts) == 1
            else kept(
                "{number} texts have no translation into {language} yet, such as “{text}”; until then they are shown as written.",
                number=len(texts),
                **said,
            )
        )
        yield Problem(file, None, "lint-translation-missing", message)
