"""Panels of the case page against the forms that they show and ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import feel
from engine.feel import FeelSyntaxError
from engine.language import kept
from engine.model.errors import Problem
from engine.model.fillings import Filling, Hearing
from engine.model.forms import Form
from engine.model.packs import Criterion, Pack, Panel, PanelKind, Role, ValueType, Weighing

#: kinds that hold what people add to them, and nothing else
_OF_ENTRIES = frozenset({PanelKind.CONSOLE, PanelKind.DUE, PanelKind.PEOPLE, PanelKind.RELEASE, PanelKind.TIMELINE})
_PROCESS_FACTS = ("C0", "C1")
#: what a rule for messages of entries sees
_SEEN = frozenset({"entry", "earlier"})


def entry_forms(pack: Pack) -> frozenset[str]:
    """The forms with which entries are written, or a permission for one."""
    return frozenset(key for panel in pack.panels for key in (*panel.entries, panel.permission) if key)


def problems(pack: Pack, forms: Mapping[str, Form], file: str) -> Iterator[Problem]:
    """Every contradiction between the panels of a pack and its forms and roles."""
    for panel in pack.panels:
        element = f"panels.{panel.key}"
        for code, message in (*_missing(panel), *_unknown(pack, panel, forms), *_rights(pack, panel, forms), *_release(panel, forms)):
            yield Problem(file, element, code, message)


def _missing(panel: Panel) -> Iterator[tuple[str, str]]:
    if not panel.forms and not panel.entries:
        yield (
            "panel-empty",
            kept("This panel has neither forms of tasks nor forms for entries, so it would stay empty; choose at least one."),
        )
    if panel.kind in _OF_ENTRIES and not panel.entries:
        yield "panel-empty", kept("A panel of the kind “{kind}” shows what people add to it; choose a form for entries.", kind=panel.kind)
    if panel.entries and not panel.adds:
        yield "panel-unwritten", kept("Nothing says who may add entries here; choose the roles.")
    if panel.kind in (PanelKind.DUE, PanelKind.TIMELINE) and panel.date is None:
        yield (
            "panel-undated",
            kept("A panel of the kind “{kind}” is in the order of a date; name the question that asks for it.", kind=panel.kind),
        )


def _unknown(pack: Pack, panel: Panel, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    asked = (*panel.forms, *panel.entries, *(key for key in (panel.permission, panel.signatures) if key))
    for key in dict.fromkeys(asked):
        if key not in forms:
            yield "unknown-form", kept("There is no form “{key}”; choose another one, or build it.", key=key)
    for key, role in panel.about.items():
        if key not in panel.entries:
            yield (
                "unknown-form",
                kept("“{key}” is no form for entries of this panel, so nothing is written about anybody with it.", key=key),
            )
        yield from _no_role(pack, role)
    for role in panel.adds:
        yield from _no_role(pack, role)
    if panel.fills is not None:
        yield from _filling(pack, panel, panel.fills, forms)
    if panel.hears is not None:
        yield from _hearing(panel, panel.hears, forms)
    for key, text in panel.tally.items():
        yield from _tally(pack, key, text)
    if panel.balance is not None:
        yield from _weighing(pack, panel.balance, forms)
    for rule in panel.tells:
        if rule.form not in panel.entries:
            yield (
                "unknown-form",
                kept("“{form}” is no form for entries of this panel, so it never sends “{problem}”.", form=rule.form, problem=rule.message),
            )
        try:
            feel.compile(rule.when.removeprefix("="), _SEEN)
        except FeelSyntaxError as wrong:
            yield "expression-syntax", kept("When “{problem}” is sent cannot be read: {wrong}.", problem=rule.message, wrong=wrong)
    for criterion in panel.criteria:
        yield from _criterion(pack, panel, criterion, forms)
    names = {name for key in (*panel.forms, *panel.entries) if key in forms for name in forms[key].class_of}
    for field in (*panel.columns, *(name for name in (panel.date, panel.state) if name)):
        if names and field not in names:
            yield (
                "unknown-field",
                kept("No form of this panel asks for “{field}”; choose another column, or add the question.", field=field),
            )


def _filling(pack: Pack, panel: Panel, filling: Filling, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    """What is filled in by itself is asked for where it comes from, and goes to nobody who may not read it there."""
    if filling.milestone not in pack.milestones:
        yield "unknown-milestone", kept("There is no milestone “{key}”, so this panel is never filled.", key=filling.milestone)
    if filling.entry not in panel.entries:
        message = kept("“{form}” is no form for entries of this panel, so it cannot be filled in by itself.", form=filling.entry)
        yield "unknown-form", message
    if filling.form not in forms:
        yield "unknown-form", kept("There is no form “{key}”; choose another one, or build it.", key=filling.form)
    if filling.form not in forms or filling.entry not in forms:
        return
    source = next((one for one in forms[filling.form].fields if one.name == filling.rows), None)
    asked = {one.name for one in source.fields} if source else set()
    classes = forms[filling.entry].class_of
    for name in (*filling.takes.values(), *([filling.about] if filling.about else [])):
        if name not in asked:
            message = kept("No row of “{rows}” is asked for “{field}”, so nothing is taken from it.", rows=filling.rows, field=name)
            yield "unknown-field", message
    for name in (*filling.takes, *filling.begins):
        if name not in classes:
            yield "unknown-field", kept("“{form}” does not ask for “{field}”, so nothing is written there.", form=filling.entry, field=name)
        elif source is not None and name in filling.takes and classes[name] != source.cls:
            message = kept(
                "“{field}” has another class than “{rows}”, from which it is filled in: others would read it. Give both the same class.",
                field=name,
                rows=filling.rows,
            )
            yield "panel-tells-others", message


def _hearing(panel: Panel, hearing: Hearing, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    """What is said of entries names them in each row, and goes to nobody who does not read the rows."""
    if hearing.form not in forms:
        yield "unknown-form", kept("There is no form “{key}”; choose another one, or build it.", key=hearing.form)
        return
    source = next((one for one in forms[hearing.form].fields if one.name == hearing.rows), None)
    asked = {one.name: one for one in source.fields} if source else {}
    if not any(one.widget == f"entry:{panel.key}" for one in asked.values()):
        message = kept(
            "No row of “{rows}” names an entry of this panel; add a question with the widget entry:{key}.", rows=hearing.rows, key=panel.key
        )
        yield "unknown-field", message
    classes = {name: cls for key in panel.entries if key in forms for name, cls in forms[key].class_of.items()}
    for target, name in hearing.takes.items():
        if name not in asked:
            message = kept("No row of “{rows}” is asked for “{field}”, so nothing is taken from it.", rows=hearing.rows, field=name)
            yield "unknown-field", message
        if target not in classes:
            yield "unknown-field", kept("“{form}” does not ask for “{field}”, so nothing is written there.", form=panel.key, field=target)
        elif source is not None and classes[target] != source.cls:
            message = kept(
                "“{field}” has another class than “{rows}”, from which it is filled in: others would read it. Give both the same class.",
                field=target,
                rows=hearing.rows,
            )
            yield "panel-tells-others", message


def _tally(pack: Pack, key: str, text: str) -> Iterator[tuple[str, str]]:
    """What a panel comes to is a fact of the case that holds no words."""
    rule = pack.variables.get(key)
    if rule is None or not rule.fact or rule.type not in (ValueType.NUMBER, ValueType.DATE):
        message = kept("“{key}” is no fact that is a number or a date; declare it, so that this panel can be told in figures.", key=key)
        yield "unknown-variable", message
    try:
        feel.compile(text.removeprefix("="), frozenset({"entries"}))
    except FeelSyntaxError as wrong:
        yield "expression-syntax", kept("How “{key}” is worked out cannot be read: {wrong}.", key=key, wrong=wrong)


def _weighing(pack: Pack, weighing: Weighing, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    for key in (*weighing.forms, *weighing.shown):
        if key not in forms:
            yield "unknown-form", kept("There is no form “{key}”; choose another one, or build it.", key=key)
    for key in weighing.forms:
        if not any(key in one.about for one in pack.panels):
            yield (
                "unknown-form",
                kept("No panel has entries about participants with the form “{key}”, so there is nothing to compare.", key=key),
            )
    facts = {name: cls for key in weighing.forms if key in forms for name, cls in forms[key].class_of.items()}
    for name in weighing.minutes:
        if facts.get(name) not in _PROCESS_FACTS:
            yield (
                "unknown-field",
                kept("“{name}” is no question of these forms for process facts (C1), so its minutes cannot be counted.", name=name),
            )
    rule = pack.settings.get(weighing.limit)
    if rule is None or rule.type != "number":
        yield (
            "unknown-setting",
            kept("There is no setting “{limit}” that is a number; name the one with the largest difference.", limit=weighing.limit),
        )


def _criterion(pack: Pack, panel: Panel, criterion: Criterion, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    if criterion.form not in panel.entries:
        yield (
            "unknown-form",
            kept("“{form}” is no form for entries of this panel, so nothing waits for what is asked first.", form=criterion.form),
        )
    for key in (*criterion.records, *([criterion.since] if criterion.since else [])):
        if key not in forms:
            yield "unknown-form", kept("There is no form “{key}”; choose another one, or build it.", key=key)
    if criterion.each is not None and not any(criterion.each in one.about for one in pack.panels):
        yield (
            "unknown-form",
            kept("No panel has entries about participants with the form “{each}”; say there whom it is about.", each=criterion.each),
        )
    if not criterion.records and criterion.each is None:
        yield (
            "panel-closed",
            kept("Nothing would ever open “{form}”; name `records` of tasks, or entries about `each` participant.", form=criterion.form),
        )


def _no_role(pack: Pack, key: str) -> Iterator[tuple[str, str]]:
    if key not in pack.roles:
        yield (
            "unknown-role",
            kept(
                "There is no role “{key}”; choose one of these: {list}.",
                key=key,
                list=", ".join(role.label for role in pack.roles.values()),
            ),
        )


def _rights(pack: Pack, panel: Panel, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    """Each form can be written by one of the roles at least; what an outside participant writes is about themselves."""
    roles = [pack.roles[key] for key in panel.adds if key in pack.roles]
    for key in panel.entries:
        classes = {cls for cls in forms[key].classes if cls not in _PROCESS_FACTS} if key in forms else set()
        if roles and not any(_writes(role, classes) for role in roles):
            yield (
                "role-cannot-write",
                kept("None of the roles that add entries here may write all that “{key}” asks for; change one of them.", key=key),
            )
        if key not in forms:
            continue
        open_to_all = not panel.staff and key in panel.about and any(cls in _PROCESS_FACTS for cls in forms[key].classes)
        if open_to_all:
            # Process facts are read by everybody on the case: that there is an entry would be told to the others.
            message = kept(
                "“{key}” is about one participant and asks for process facts (C1), which the others would see; keep "
                "the panel to staff, or give these questions a higher class.",
                key=key,
            )
            yield "panel-tells-others", message


def _writes(role: Role, classes: set[str]) -> bool:
    return all(cls in role.write or cls.partition(".")[0] in role.write for cls in classes)


def _release(panel: Panel, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    if panel.kind is not PanelKind.RELEASE:
        return
    if panel.released is None or panel.permission is None:
        yield "panel-release", kept("Say which class an entry has once it is released, and in which form the permission is written down.")
    for key in panel.entries:
        if key not in panel.about:
            yield "panel-release", kept("Say whom an entry of “{key}” is about: it is their permission that opens it to others.", key=key)
        if key in forms and len(forms[key].classes) != 1:
            message = kept(
                "What is released is opened as a whole, so all questions of “{key}” need one class; move the others to another form.",
                key=key,
            )
            yield "panel-release", message
