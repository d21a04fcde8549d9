"""Two sets of files, told apart in sentences: what is new, gone or different in each, and what a setting changes elsewhere. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine import scenarios
from engine.bpmn import compare as diagrams
from engine.bpmn import drawn
from engine.bpmn.xml import Unreadable
from engine.dmn import compare as tables
from engine.forms import compare as forms
from engine.language import say, say_many
from engine.model.compared import Difference, Facet, Mark, Thing
from engine.operations import bundles
from engine.operations.words import element_words, pack_words, sentences
from engine.operations.words.sentences import Words
from engine.packs import compare as packs

#: lines of a file that is compared as a text
_TEXT_LINES = 60
#: the order in which the kinds of files are told
_ORDER = ("bpmn", "pack", "form", "dmn", "scenario", "")
_SETTING = re.compile(r"\bsettings\.([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: `what`, and how it was and is; one of the two is None for what is new or gone.

    `place` is the element's, field's or entry's id in its file; `note` says whom it concerns.
    """

    place: str
    mark: Mark
    what: str
    before: str | None = None
    after: str | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        note = f" ({self.note})" if self.note else ""
        if self.before is not None and self.after is not None:
            return f"{self.what}: {self.before} → {self.after}{note}"
        said = self.after if self.after is not None else self.before
        return f"{self.what}: {said}{note}" if said else f"{self.what}{note}"


@dataclass(frozen=True, slots=True)
class FileChange:
    """What is different in one file. `before` and `after` are its contents, None where it is not there.

    `moved` counts elements that are only drawn elsewhere.
    """

    name: str
    kind: str
    title: str
    mark: Mark
    lines: tuple[Line, ...]
    moved: int = 0
    before: bytes | None = field(default=None, repr=False)
    after: bytes | None = field(default=None, repr=False)

    def places(self, mark: Mark) -> tuple[str, ...]:
        """The ids of what has this mark."""
        return tuple(dict.fromkeys(line.place for line in self.lines if line.mark is mark and line.place))


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a form or table in both versions, in words; `mark` is None for what is the same."""

    what: str
    before: str
    after: str
    mark: Mark | None


def columns(file: FileChange) -> tuple[Row, ...]:
    """Both versions of a form or table side by side, whole; what differs alone for every other kind of file."""
    things = {"form": forms.things, "dmn": tables.things}.get(file.kind)
    try:
        old, new = (things(part or b"") for part in (file.before, file.after)) if things else ({}, {})
    except (forms.Unreadable, tables.Unreadable):
        old, new = {}, {}
    if not old and not new:
        return tuple(Row(line.what, line.before or "", line.after or "", line.mark) for line in file.lines)
    found = []
    for id in [*old, *(id for id in new if id not in old)]:
        was, now = old.get(id), new.get(id)
        mark = Mark.ADDED if was is None else Mark.REMOVED if now is None else Mark.CHANGED if was != now else None
        thing = now or was
        assert thing is not None
        found.append(Row(pack_words.named(thing.kind, thing.name), _whole(was), _whole(now), mark))
    return tuple(found)


def _whole(thing: Thing | None) -> str:
    if thing is None:
        return ""
    asked = {key: text for key, text in thing.facets.items() if text and not _is_silent(thing.kind, key)}
    said = [f"{pack_words.trait(key)}: {pack_words.coded(key, text)}" for key, text in asked.items()]
    return "\n".join([thing.name, *said])


def _is_silent(kind: str, key: str) -> bool:
    """What every form has, and nobody decides on."""
    return kind == "form" and (key.startswith("$") or key in ("type", "x-version"))


@dataclass(frozen=True, slots=True)
class _Both:
    """The words of both versions, and the keys of the settings whose values differ."""

    before: Words
    after: Words
    settings: frozenset[str]


def between(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """Everything that is different between two sets of files, diagrams first, then rules, forms, tables, scenarios."""
    both = _both(before, after)
    found = [_file(name, before.get(name), after.get(name), both) for name in sorted(before.keys() | after.keys())]
    told = [one for one in found if one is not None]
    return tuple(sorted(told, key=lambda one: (_ORDER.index(one.kind), one.name)))


def _both(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> _Both:
    old, new = sentences.of_files(before), sentences.of_files(after)
    values = [{key: rule.default for key, rule in one.pack.settings.items()} if one.pack else {} for one in (old, new)]
    changed = {key for key in values[0].keys() & values[1].keys() if values[0][key] != values[1][key]}
    return _Both(old, new, frozenset(changed))


def _file(name: str, before: bytes | None, after: bytes | None, both: _Both) -> FileChange | None:
    kind = bundles.kind(name)
    if before == after and not (kind == "bpmn" and any(key.encode() in (after or b"") for key in both.settings)):
        return None
    mark = Mark.ADDED if before is None else Mark.REMOVED if after is None else Mark.CHANGED
    whole = FileChange(name, kind, name, mark, (), before=before, after=after)
    reader = _READERS.get(kind, _as_text)
    try:
        told = reader(whole, both)
    except (Unreadable, forms.Unreadable, tables.Unreadable, packs.Unreadable):
        told = _as_text(whole, both)
    return None if before == after and not told.lines else told


def _diagram(whole: FileChange, both: _Both) -> FileChange:
    was, now = (drawn.read(part) if part else drawn.Diagram({}) for part in (whole.before, whole.after))
    found, old, new = diagrams.drawings(was, now), was.elements, now.elements
    title = next((one.name or one.id for one in (new or old).values() if one.kind == "process"), whole.name)
    if whole.mark is not Mark.CHANGED:
        number = sum(one.kind in drawn.NODES for one in (new or old).values())
        said = f"{_fate(whole.mark)}, {say_many('{n} element', '{n} elements', number)}"
        return replace(whole, title=title, lines=(Line("", whole.mark, say("The diagram “{title}”", title=title), after=said),))
    lines: list[Line] = []
    for one in found.differences:
        lines += _element(one, old, new, both)
    lines += _by_settings(old, new, both, {(one.id, facet.key) for one in found.differences for facet in one.facets})
    return replace(whole, title=title, lines=tuple(lines), moved=found.moved)


def _element(one: Difference, old: Mapping[str, drawn.Drawn], new: Mapping[str, drawn.Drawn], both: _Both) -> Iterator[Line]:
    elements, words = (old, both.before) if one.mark is Mark.REMOVED else (new, both.after)
    side = new if one.mark is Mark.ADDED else old
    quoted = element_words.quoted(side.get(one.id), side, words)
    if one.mark is Mark.CHANGED:
        for facet in one.facets:
            yield _trait(one, quoted, facet, old, new, both)
        return
    what = quoted[:1].upper() + quoted[1:]
    said = _told(one, elements, words)
    text = _fate(one.mark)
    if one.kind != "sequenceFlow":
        kind = element_words.kind(one.kind)
        text = say("new {kind}", kind=kind) if one.mark is Mark.ADDED else say("{kind} taken out", kind=kind)
    yield Line(one.id, one.mark, what, after=", ".join([text, *said]) if one.mark is Mark.ADDED else text)


#: what somebody does: the plain step of the palette is a task too
_BY_PEOPLE = frozenset({"userTask", "manualTask", "task"})


def _told(one: Difference, elements: Mapping[str, drawn.Drawn], words: Words) -> list[str]:
    """The traits of a new element that people ask for first."""
    element = elements.get(one.id)
    if element is None:
        return []
    said = []
    doer = sentences.who(element.traits.get("own:role", ""), element.lane, words) if element.kind in _BY_PEOPLE else ""
    said += [say("done by {who}", who=doer)] if doer else []
    for key in ("own:form", "own:due", "timer", "conditionExpression", "own:notice", "own:decision", "calledElement", "script"):
        if key in element.traits:
            value = element_words.value(key, element.traits[key], words, _names(elements, words))
            said.append({"own:due": "", "timer": ""}.get(key, f"{element_words.trait(key)} ") + value)
    return said


def _names(elements: Mapping[str, drawn.Drawn], words: Words) -> Callable[[str], str]:
    return lambda element: element_words.name(elements.get(element), elements, words)


def _trait(one: Difference, quoted: str, facet: Facet, old: Mapping[str, drawn.Drawn], new: Mapping[str, drawn.Drawn], both: _Both) -> Line:
    before = None if facet.before is None else element_words.value(facet.key, facet.before, both.before, _names(old, both.before))
    after = None if facet.after is None else element_words.value(facet.key, facet.after, both.after, _names(new, both.after))
    start = quoted[:1].upper() + quoted[1:]
    return Line(one.id, Mark.CHANGED, f"{start}, {element_words.trait(facet.key)}", before or say("nothing"), after or say("nothing"))


def _by_settings(old: Mapping[str, drawn.Drawn], new: Mapping[str, drawn.Drawn], both: _Both, told: set[tuple[str, str]]) -> Iterator[Line]:
    """What stays as it is drawn and still becomes different, because a setting does."""
    for id, element in new.items():
        for key, written in element.traits.items():
            used = both.settings.intersection(_SETTING.findall(written))
            if not used or (id, key) in told or id not in old or key == "documentation":
                continue
            quoted = element_words.quoted(element, new, both.after)
            quoted = quoted[:1].upper() + quoted[1:]
            before, after = (element_words.value(key, written, words, _names(new, words)) for words in (both.before, both.after))
            if before == after:
                before, after = (_values(used, words) for words in (both.before, both.after))
            yield Line(
                id, Mark.CHANGED, f"{quoted}, {element_words.trait(key)}", _bare(before), _bare(after), say("by a setting; new cases")
            )


def _values(keys: frozenset[str], words: Words) -> str:
    return ", ".join(words.name(f"settings.{key}") for key in sorted(keys))


def _bare(said: str) -> str:
    start, _, end = say("{value} (setting “{label}”)", value="\x00", label="\x01").partition("\x01")
    return re.sub(rf"{re.escape(start.removeprefix(chr(0)))}[^”»]*{re.escape(end)}$", "", said)


def _form(whole: FileChange, both: _Both) -> FileChange:
    found = forms.compare(whole.before or b"", whole.after or b"")
    key = whole.name.rsplit("/", 1)[-1].removesuffix(".json")
    title = both.after.forms.get(key) or both.before.forms.get(key) or whole.name
    if whole.mark is not Mark.CHANGED:
        return replace(whole, title=title, lines=(_file_line(whole, say("The form “{title}”", title=title)),))
    return replace(whole, title=title, lines=tuple(line for one in found for line in _things(one)))


def _table(whole: FileChange, _both: _Both) -> FileChange:
    found = tables.compare(whole.before or b"", whole.after or b"")
    title = whole.name.removesuffix(".dmn")
    if whole.mark is not Mark.CHANGED:
        return replace(whole, title=title, lines=(_file_line(whole, say("The decision “{title}”", title=title)),))
    return replace(whole, title=title, lines=tuple(line for one in found for line in _things(one)))


def _pack(whole: FileChange, both: _Both) -> FileChange:
    found = packs.compare(whole.before or b"", whole.after or b"")
    title = say("Rules, roles and words")
    if whole.mark is Mark.REMOVED:
        return replace(whole, title=title, lines=(_file_line(whole, say("The pack")),))
    lines = [Line(*one) for difference in found for one in pack_words.told(difference, both.before, both.after)]
    return replace(whole, title=title, lines=tuple(lines))


def _scenario(whole: FileChange, both: _Both) -> FileChange:
    told = next((one.title for one in scenarios.read({whole.name: whole.after or whole.before or b""}).scenarios), "")
    name = told or whole.name.rsplit("/", 1)[-1].removesuffix(".toml")
    title = say("Scenario “{name}”", name=name)
    if whole.mark is not Mark.CHANGED:
        return replace(whole, title=title, lines=(_file_line(whole, say("The scenario “{name}”", name=name)),))
    return replace(_as_text(whole, both), title=title)


def _file_line(whole: FileChange, what: str) -> Line:
    return Line("", whole.mark, what, after=_fate(whole.mark))


def _fate(mark: Mark) -> str:
    return say("new") if mark is Mark.ADDED else say("taken out")


def _things(one: Difference) -> Iterator[Line]:
    """A difference of a form or table: one sentence for what is new or gone, one for each trait that differs."""
    quoted = pack_words.named(one.kind, one.name)
    if one.mark is Mark.REMOVED:
        yield Line(one.id, one.mark, quoted, after=say("taken out"))
    elif one.mark is Mark.ADDED:
        told = {facet.key: facet.after for facet in one.facets if facet.after and not _is_silent(one.kind, facet.key)}
        said = ", ".join(f"{pack_words.trait(key)} {pack_words.coded(key, text)}" for key, text in told.items())
        yield Line(one.id, one.mark, quoted, after=", ".join(part for part in (say("new"), said) if part))
    else:
        for facet in one.facets:
            before, after = (pack_words.coded(facet.key, text) if text else say("nothing") for text in (facet.before, facet.after))
            yield Line(one.id, one.mark, f"{quoted}, {pack_words.trait(facet.key)}", before, after)


def _as_text(whole: FileChange, _both: _Both) -> FileChange:
    """A file that has no reading of its own, line by line."""
    if whole.mark is not Mark.CHANGED:
        return replace(whole, lines=(_file_line(whole, whole.name),))
    old, new = ((part or b"").decode("utf-8", "replace").splitlines() for part in (whole.before, whole.after))
    lines: list[Line] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone, come = "\n".join(old[first:last]).strip(), "\n".join(new[start:end]).strip()
            lines.append(Line("", Mark.CHANGED, say("Line {number}", number=start + 1), gone or say("nothing"), come or say("nothing")))
    more = (Line("", Mark.CHANGED, say("{number} more places", number=len(lines) - _TEXT_LINES)),) if len(lines) > _TEXT_LINES else ()
    return replace(whole, lines=(*lines[:_TEXT_LINES], *more))


_READERS: Mapping[str, Callable[[FileChange, _Both], FileChange]] = {
    "bpmn": _diagram,
    "form": _form,
    "dmn": _table,
    "pack": _pack,
    "scenario": _scenario,
}
