"""Changing what a form's texts are in another language: text in, text out."""

from __future__ import annotations

from collections.abc import Mapping

from engine.forms import editing
from engine.language import say
from engine.model.errors import FieldError, Invalid
from engine.packs.shape import LANGUAGE
from engine.schemas import matches

#: longest translation of a text, in characters
LONGEST = 4000


def translate(data: bytes, language: str, said: Mapping[str, str]) -> bytes:
    """Other translations of some texts, by the text as written; an empty one drops it. Raises Invalid."""
    require_language(language)
    form = editing.raw(data)
    every = form.setdefault("x-translations", {})
    known = every.setdefault(language, {})
    for text, words in said.items():
        _put(known, text, words)
    if not known:
        del every[language]
    if not every:
        del form["x-translations"]
    return editing.written(form)


def _put(known: dict[str, str], text: str, words: str) -> None:
    kept = words.replace("\r\n", "\n").strip()
    if len(kept) > LONGEST:
        raise Invalid(say("A translation has at most {longest} characters; shorten it.", longest=LONGEST))
    if kept:
        known[text] = kept
    else:
        known.pop(text, None)


def require_language(language: str) -> None:
    """Raises Invalid for what is no language tag."""
    if matches(language, LANGUAGE) is not True:
        message = say("Say the language as a short tag, such as es for Spanish or pt-BR for the Portuguese of Brazil.")
        raise Invalid(message, (FieldError("/language", "language", message),))
