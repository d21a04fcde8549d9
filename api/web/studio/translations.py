"""The pages where a change's texts stand beside what they are in another language: of a form, and of the pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page, words
from api.web.studio import form_preview
from engine import forms
from engine.language import known, say, tag_of
from engine.model.access import Actor
from engine.model.errors import Invalid
from engine.model.states import ChangeState
from engine.operations.drafting import changes, rewording
from engine.store import UnitOfWork

blueprint = Blueprint("translations", __name__, url_prefix="/procedures/changes/<change_id>")

_ROW = re.compile(r"text-(\d{1,4})")


@blueprint.get("/form-translations/<path:name>")
def form(change_id: str, name: str) -> page.Answer:
    """A form's texts beside another language (`?language=`), and the form as it is read in it."""
    with page.reading() as (uow, actor):
        return _form_page(uow, actor, change_id, name)


def _form_page(uow: UnitOfWork, actor: Actor, change_id: str, name: str, wrong: Invalid | None = None) -> Response:
    language = request.values.get("language", "")
    found, said = rewording.of_form(uow, actor, change_id, name, language)
    if wrong is not None:
        said = replace(said, texts=_typed_over(said.texts))
    shown = forms.translated(found.form, said.language) if found.form else None
    values = {"found": found, "words": said, "name": name, "shown": shown, "sections": form_preview.sections(shown)}
    return _render(uow, actor, change_id, "form_translations", wrong, **values)


def _typed_over(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The pairs with what was typed in place of what is kept."""
    given = {text: words for text, words, _was in _rows()}
    return tuple((text, given.get(text, said)) for text, said in texts)


@blueprint.post("/form-translations/<path:name>")
def save_form(change_id: str, name: str) -> page.Answer:
    """Keep what was typed; what somebody else translated meanwhile stays."""
    language = request.form.get("language", "")
    return _saved(
        lambda uow, actor: rewording.translate_form(uow, actor, change_id, name, language, _sent()),
        lambda uow, actor, wrong: _form_page(uow, actor, change_id, name, wrong),
        url_for("translations.form", change_id=change_id, name=name, language=language),
    )


@blueprint.get("/pack-translations")
def pack(change_id: str) -> page.Answer:
    """The texts of the pack, or of one diagram (`?of=`), beside another language."""
    with page.reading() as (uow, actor):
        return _pack_page(uow, actor, change_id)


def _pack_page(uow: UnitOfWork, actor: Actor, change_id: str, wrong: Invalid | None = None) -> Response:
    groups = rewording.of_pack(uow, actor, change_id, request.values.get("language", ""))
    asked = request.values.get("of", rewording.OWN)
    group = next((one for one in groups if one.key == asked), groups[0] if groups else None)
    return _render(uow, actor, change_id, "pack_translations", wrong, groups=groups, group=group, words=group.words if group else None)


@blueprint.post("/pack-translations")
def save_pack(change_id: str) -> page.Answer:
    """Keep what was typed; what somebody else translated meanwhile stays."""
    language, of = request.form.get("language", ""), request.form.get("of", rewording.OWN)
    return _saved(
        lambda uow, actor: rewording.translate_pack(uow, actor, change_id, language, _sent()),
        lambda uow, actor, wrong: _pack_page(uow, actor, change_id, wrong),
        url_for("translations.pack", change_id=change_id, language=language, of=of),
    )


@blueprint.post("/pack-languages")
def add_language(change_id: str) -> page.Answer:
    """Keep the program in one more language."""
    language = tag_of(request.form.get("language", ""))
    return _saved(
        lambda uow, actor: rewording.add_language(uow, actor, change_id, language),
        lambda uow, actor, wrong: _pack_page(uow, actor, change_id, wrong),
        url_for("translations.pack", change_id=change_id, language=language),
    )


def _saved(
    work: Callable[[UnitOfWork, Actor], object], again: Callable[[UnitOfWork, Actor, Invalid], Response], href: str
) -> Response | AnyResponse:
    try:
        page.act(work)
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return again(uow, actor, wrong)
    return page.go(href, say("Saved."))


def _sent() -> Mapping[str, str]:
    """What was changed on the page: text as written → what was typed."""
    return {text: words for text, words, was in _rows() if words.strip() != was.strip()}


def _rows() -> list[tuple[str, str, str]]:
    sent = request.form
    numbers = [found[1] for key in sent if (found := _ROW.fullmatch(key))]
    return [(_lines(sent[f"text-{n}"]), _lines(sent.get(f"said-{n}", "")), _lines(sent.get(f"was-{n}", ""))) for n in numbers]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _render(uow: UnitOfWork, actor: Actor, change_id: str, template: str, wrong: Invalid | None, **values: Any) -> Response:
    change = changes.get(uow, actor, change_id)
    values |= {
        "change": change,
        "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
        "names": words.LANGUAGES,
        "choices": known().values(),
        "errors": [("f-language" if wrong.errors else None, wrong.message)] if wrong else [],
    }
    return page.render(f"studio/{template}.html", uow, actor, here="studio", status=422 if wrong else 200, **values)
