"""A pack's words in another language: labels of its own, and what its diagrams are called, found by the text itself.

What has no translation is shown as written. Codes, keys and rules never change with the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.model.calendars import Calendar
from engine.model.execution import ProcessModel
from engine.model.packs import Pack, Panel
from engine.packs import measures, surveys, telling

_Say = Callable[[str], str]


def languages(pack: Pack) -> tuple[str, ...]:
    """The languages that a pack speaks, the one it is written in first."""
    return tuple(dict.fromkeys((pack.language, *pack.languages)))


def fitting(pack: Pack, wanted: Iterable[str]) -> str:
    """The first wanted language that the pack speaks, es for es-MX too; else the one that it is written in."""
    spoken = {language.casefold(): language for language in languages(pack)}
    for one in wanted:
        tag = one.casefold()
        found = spoken.get(tag) or spoken.get(tag.partition("-")[0])
        if found is not None:
            return found
    return pack.language


def say(pack: Pack, language: str, text: str) -> str:
    """A text of the pack or of its diagrams in a language; as written where it has no translation."""
    return pack.translations.get(language, {}).get(text, text)


def texts(pack: Pack, processes: Sequence[ProcessModel] = ()) -> tuple[str, ...]:
    """Everything of a pack and of these diagrams that people read, each text once, in the order it is met."""
    return tuple(dict.fromkeys(text for text in (*_own(pack), *_drawn(processes)) if text))


def _own(pack: Pack) -> Iterator[str]:
    yield pack.title
    yield pack.case.label
    yield from (role.label for role in pack.roles.values())
    yield from (exclusion.reason for exclusion in pack.exclusions)
    for variable in pack.variables.values():
        yield variable.label
        yield from variable.values.values()
    yield from (setting.label for setting in pack.settings.values())
    for notice in pack.notices.values():
        yield notice.title
        yield notice.text
    yield from pack.classes.values()
    yield from pack.milestones.values()
    for calendar in pack.calendars.values():
        yield calendar.label
        yield from (day.label for day in calendar.days)
        yield from (recess.label for recess in calendar.recesses)
    for rule in pack.deadline_rules:
        yield rule.label
        yield from (rung.label or "" for rung in rule.rungs)
    for message in pack.messages.values():
        yield message.label
        yield message.confirm or ""
    yield from (panel.title for panel in pack.panels)
    yield from (criterion.label for panel in pack.panels for criterion in panel.criteria)
    for tile in pack.tiles:
        yield tile.title
        yield tile.note
    for measure in pack.measures:
        yield from measures.texts(measure)
    yield pack.caseload.note if pack.caseload else ""
    for survey in pack.surveys:
        yield from surveys.texts(survey)
    for guide in pack.guides:
        yield guide.title
        yield guide.text
    yield from telling.texts(pack.telling)


def drawn_texts(processes: Sequence[ProcessModel]) -> tuple[str, ...]:
    """The names that people read of some diagrams, and what their user tasks say to do."""
    return tuple(dict.fromkeys(text for text in _drawn(processes) if text))


def _drawn(processes: Sequence[ProcessModel]) -> Iterator[str]:
    for model in processes:
        yield model.name
        for element in model.elements:
            # A name that is worked out has no words of its own.
            yield "" if element.name.startswith("=") else element.name
            yield element.documentation if element.type == "userTask" else ""


def missing(pack: Pack, language: str, processes: Sequence[ProcessModel] = ()) -> tuple[str, ...]:
    """The texts that have no translation, in the order they are met."""
    known = pack.translations.get(language, {})
    return tuple(text for text in texts(pack, processes) if text not in known)


def unused(pack: Pack, language: str, processes: Sequence[ProcessModel]) -> tuple[str, ...]:
    """Texts that are translated but that neither the pack nor these diagrams hold (any more)."""
    held = frozenset(texts(pack, processes))
    return tuple(text for text in pack.translations.get(language, {}) if text not in held)


def translated(pack: Pack, language: str) -> Pack:
    """The pack with its labels as read in a language; itself when it has no translation into it."""
    known = pack.translations.get(language)
    if not known:
        return pack

    def say_it(text: str) -> str:
        return known.get(text, text)

    return _with_rules(_with_labels(pack, say_it), say_it)


def _with_labels(pack: Pack, say_it: _Say) -> Pack:
    return replace(
        pack,
        title=say_it(pack.title),
        case=replace(pack.case, label=say_it(pack.case.label)),
        roles={key: replace(role, label=say_it(role.label)) for key, role in pack.roles.items()},
        variables={key: replace(rule, label=say_it(rule.label), values=_said(rule.values, say_it)) for key, rule in pack.variables.items()},
        settings={key: replace(rule, label=say_it(rule.label)) for key, rule in pack.settings.items()},
        milestones=_said(pack.milestones, say_it),
        classes=_said(pack.classes, say_it),
    )


def _calendar(one: Calendar, say_it: _Say) -> Calendar:
    return replace(
        one,
        label=say_it(one.label),
        days=tuple(replace(day, label=say_it(day.label)) for day in one.days),
        recesses=tuple(replace(recess, label=say_it(recess.label)) for recess in one.recesses),
    )


def _with_rules(pack: Pack, say_it: _Say) -> Pack:
    return replace(
        pack,
        exclusions=tuple(replace(rule, reason=say_it(rule.reason)) for rule in pack.exclusions),
        notices={key: replace(one, title=say_it(one.title), text=say_it(one.text)) for key, one in pack.notices.items()},
        calendars={key: _calendar(one, say_it) for key, one in pack.calendars.items()},
        deadline_rules=tuple(
            replace(
                rule,
                label=say_it(rule.label),
                rungs=tuple(replace(rung, label=say_it(rung.label) if rung.label else None) for rung in rule.rungs),
            )
            for rule in pack.deadline_rules
        ),
        messages={
            key: replace(one, label=say_it(one.label), confirm=say_it(one.confirm) if one.confirm else None)
            for key, one in pack.messages.items()
        },
        panels=tuple(_panel(panel, say_it) for panel in pack.panels),
        tiles=tuple(replace(tile, title=say_it(tile.title), note=say_it(tile.note)) for tile in pack.tiles),
        measures=tuple(measures.said(one, say_it) for one in pack.measures),
        caseload=replace(pack.caseload, note=say_it(pack.caseload.note)) if pack.caseload else None,
        surveys=tuple(surveys.said(one, say_it) for one in pack.surveys),
        guides=tuple(replace(one, title=say_it(one.title), text=say_it(one.text)) for one in pack.guides),
    )


def _panel(panel: Panel, say_it: _Say) -> Panel:
    criteria = tuple(replace(one, label=say_it(one.label)) for one in panel.criteria)
    return replace(panel, title=say_it(panel.title), criteria=criteria)


def _said(labels: Mapping[str, str], say_it: _Say) -> dict[str, str]:
    return {key: say_it(label) for key, label in labels.items()}
