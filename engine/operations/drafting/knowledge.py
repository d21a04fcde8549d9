"""What a diagram of a change may refer to, and the variables that can be set before each of its elements.

Drawers see it as choices and as names that an expression may use. Files that cannot be read are left out, so that the
rest of a change in the middle of being drawn is known all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine import dmn, forms, packs
from engine.bpmn import upstream
from engine.bpmn.upstream import Outline, Sources
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import ModelRefused, NotFound
from engine.model.forms import Form
from engine.model.packs import Pack, RungAct, VariableRule
from engine.operations import bundles, vocabulary
from engine.operations.drafting import change_files, changes
from engine.store import UnitOfWork

Names = frozenset[str]
_NO: Names = frozenset()
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision that a task may ask: its id and name, what it reads and what it gives."""

    id: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A process that may be called: its key and name, and what it is given."""

    key: str
    name: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known where one diagram of a change is drawn."""

    #: of the change; the live one when the change's cannot be read; None without any
    pack: Pack | None
    forms: tuple[Form, ...] = ()
    decisions: tuple[Choice, ...] = ()
    processes: tuple[Procedure, ...] = ()
    duties: tuple[str, ...] = ()
    #: messages of the pack and of all diagrams
    messages: tuple[str, ...] = ()
    #: by element or flow of the diagram: variables that can be set before it
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, VariableRule | None]:
        """Every variable by name with what the pack says of it; None for those that live only inside a diagram."""
        declared: dict[str, VariableRule | None] = dict(self.pack.variables) if self.pack else {}
        local = {name for names in self.at.values() for name in names} - declared.keys()
        return declared | dict.fromkeys(sorted(local))


def of_file(uow: UnitOfWork, actor: Actor, change_id: str, name: str, with_: Mapping[str, bytes] | None = None) -> Knowledge:
    """What is known where a diagram of a change is drawn; `with_` are contents that are not saved yet. Raises NotFound."""
    change = changes.get(uow, actor, change_id)
    files = {**change_files.contents(uow, change), **(with_ or {})}
    if name not in files:
        raise NotFound(say("This change has no such file."))
    base = change_files.base(uow, change)
    return of_files(files, name, fallback=_pack(base))


def spoken(known: Knowledge, actor: Actor) -> Knowledge:
    """The same with the labels of pack and forms in the actor's language; steps of deadline rules stay as written, as they are edited."""
    if known.pack is None:
        return known
    language = packs.fitting(known.pack, actor.languages)
    labelled = replace(packs.translated(known.pack, language), deadline_rules=known.pack.deadline_rules)
    return replace(known, pack=labelled, forms=tuple(forms.translated(form, language) for form in known.forms))


def of_files(files: Mapping[str, bytes], name: str, *, fallback: Pack | None = None) -> Knowledge:
    """The same for files; `fallback` is the pack that counts when theirs cannot be read."""
    pack = _pack(files) or fallback
    read = tuple(_forms(files))
    outlines = {file: upstream.outlines(content) for file, content in files.items() if bundles.kind(file) == "bpmn"}
    every = [outline for found in outlines.values() for outline in found]
    sources = _sources(pack, read, every)
    at: dict[str, tuple[str, ...]] = {}
    for outline in outlines.get(name, ()):
        at |= {element: tuple(sorted(names)) for element, names in upstream.at(outline, sources).items()}
    return Knowledge(
        pack=pack,
        forms=read,
        decisions=tuple(_decisions(files)),
        processes=tuple(Procedure(one.key, one.name, tuple(sorted(one.inputs or sources.starts.get(one.key, _NO)))) for one in every),
        duties=tuple(sorted({duty for one in every for duty in one.duties})),
        messages=tuple(dict.fromkeys([*(pack.messages if pack else ()), *sorted({name for one in every for name in one.messages})])),
        at=at,
    )


def _pack(files: Mapping[str, bytes]) -> Pack | None:
    content = next((content for name, content in files.items() if bundles.kind(name) == "pack"), None)
    return packs.read(content, file="pack.toml")[0] if content is not None else None


def _forms(files: Mapping[str, bytes]) -> Iterator[Form]:
    for name, content in sorted(files.items()):
        if bundles.kind(name) == "form":
            form, _problems = forms.read(content, file=name)
            if form is not None:
                yield form


def _decisions(files: Mapping[str, bytes]) -> Iterator[Choice]:
    for name, content in sorted(files.items()):
        if bundles.kind(name) != "dmn":
            continue
        try:
            found = dmn.load(content).decisions.values()
        except ModelRefused:
            continue  # the table's own room says what is wrong with it
        yield from (Choice(one.id, one.name, one.inputs, one.outputs) for one in found)


def _sources(pack: Pack | None, read: Iterable[Form], outlines: Iterable[Outline]) -> Sources:
    """Who sets variables, beside the diagrams' own elements."""
    facts = {form.key: frozenset(name for name, cls in form.class_of.items() if not packs.is_content(cls)) for form in read}
    events: dict[tuple[str, str], Names] = {}
    starts: dict[str, Names] = {}
    for outline in outlines:
        _add(events, outline.sends)
        _add(starts, outline.passes)
    if pack is not None:
        _add(events, {("message", rule.name): frozenset(rule.payload) for rule in pack.messages.values()})
        _add(starts, {pack.case.process: facts.get(pack.case.opening_form or "", _NO)})
        for rung in (rung for rule in pack.deadline_rules for rung in rule.rungs):
            if rung.act is RungAct.START and rung.process:
                _add(starts, {rung.process: frozenset(vocabulary.RUNG_VARIABLES)})
    return Sources(facts, events, starts)


def _add(found: dict[K, Names], more: Mapping[K, Names]) -> None:
    for key, names in more.items():
        found[key] = found.get(key, _NO) | names
