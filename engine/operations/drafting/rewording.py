"""What a change's forms, pack and diagrams say in the program's other languages: told side by side, and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import forms, packs
from engine.forms import rewording as in_form
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import NotFound
from engine.operations.drafting import change_files, changes, form_changes, pack_changes, pack_choices
from engine.operations.drafting.change_files import ChangeFile
from engine.operations.drafting.form_changes import FormFile
from engine.packs import editing
from engine.store import UnitOfWork

#: the group of texts that stand in pack.toml itself; others are named by their diagram's file
OWN = "pack"


@dataclass(frozen=True, slots=True)
class Words:
    """Texts beside what they are in one language. A pair is (text as written, its translation or "")."""

    #: the language that is written in
    written: str
    language: str
    #: the other languages there are
    languages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    #: translations of what is not said any more
    left: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> int:
        """How many texts have no translation."""
        return sum(not said for _text, said in self.texts)


@dataclass(frozen=True, slots=True)
class Group:
    """Some texts of a pack: those of pack.toml, or of one diagram."""

    key: str
    title: str
    words: Words


def _languages(uow: UnitOfWork, actor: Actor, change_id: str) -> tuple[str, tuple[str, ...]]:
    """The language that the change's pack is written in, and the others that it is kept in."""
    try:
        raw = pack_changes.get(uow, actor, change_id).raw
    except NotFound:
        return "en", ()
    written = str(raw.get("language", "en"))
    return written, tuple(str(one) for one in raw.get("languages", []) if one != written)


def of_form(uow: UnitOfWork, actor: Actor, change_id: str, name: str, language: str) -> tuple[FormFile, Words]:
    """A form's texts and what they are in a language ("": the first other one). Nothing while the form cannot be read."""
    found = form_changes.get(uow, actor, change_id, name)
    written, others = _languages(uow, actor, change_id)
    known = found.form.translations if found.form else {}
    spoken = tuple(dict.fromkeys((*others, *known)))
    asked = language or next(iter(spoken), "")
    said = known.get(asked, {})
    texts = forms.texts(found.form) if found.form else ()
    left = tuple((text, said[text]) for text in forms.unused(found.form, asked)) if found.form else ()
    return found, Words(written, asked, spoken, tuple((text, said.get(text, "")) for text in texts), left)


def translate_form(uow: UnitOfWork, actor: Actor, change_id: str, name: str, language: str, said: Mapping[str, str]) -> ChangeFile:
    """Keep translations of some texts of a form, by the text as written; an empty one drops it."""
    return form_changes.edit(uow, actor, change_id, name, "", "", lambda data: in_form.translate(data, language, said))


def of_pack(uow: UnitOfWork, actor: Actor, change_id: str, language: str) -> tuple[Group, ...]:
    """The texts of a change's pack and of its diagrams, in groups, with what they are in a language."""
    found = pack_changes.get(uow, actor, change_id)
    written, others = _languages(uow, actor, change_id)
    asked = language or next(iter(others), "")
    if found.pack is None:
        return ()
    models = pack_choices.drawn(change_files.contents(uow, changes.get(uow, actor, change_id)))
    said = found.pack.translations.get(asked, {})
    left = tuple((text, said[text]) for text in packs.unused(found.pack, asked, models))
    own = packs.texts(found.pack)

    def words(texts: Sequence[str], left: tuple[tuple[str, str], ...] = ()) -> Words:
        return Words(written, asked, others, tuple((text, said.get(text, "")) for text in texts), left)

    drawn = [(model, [text for text in packs.drawn_texts([model]) if text not in own]) for model in models]
    return (
        Group(OWN, say("Labels, notices and rules"), words(own, left)),
        *(Group(model.key, model.name or model.key, words(texts)) for model, texts in drawn),
    )


def translate_pack(uow: UnitOfWork, actor: Actor, change_id: str, language: str, said: Mapping[str, str]) -> ChangeFile:
    """Keep translations of some texts of the pack and its diagrams; an empty one drops it."""
    in_form.require_language(language)
    given = {text: words.replace("\r\n", "\n").strip()[: in_form.LONGEST] for text, words in said.items()}

    def work(text: str) -> str:
        known = editing.at(text, ("translations", language)) or {}
        after = {key: words for key, words in {**known, **given}.items() if words}
        return editing.put(text, ("translations", language), after) if after != known else text

    return pack_changes.edit(uow, actor, change_id, work)


def add_language(uow: UnitOfWork, actor: Actor, change_id: str, language: str) -> ChangeFile:
    """Let the change's pack be kept in one more language. Raises Invalid for what is no language tag."""
    in_form.require_language(language)

    def work(text: str) -> str:
        raw = editing.plain(text)
        written = str(raw.get("language", "en"))
        return editing.put(text, ("languages",), list(dict.fromkeys((written, *raw.get("languages", []), language))))

    return pack_changes.edit(uow, actor, change_id, work)
