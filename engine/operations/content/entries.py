"""Writing entries of the case page's panels: new ones, changes as new versions, and releases with a permission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from engine import access, clock, forms, store
from engine.language import say
from engine.model.access import Actor
from engine.model.content import Entry, Record
from engine.model.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from engine.model.forms import Checked, Form
from engine.model.ids import new_id
from engine.model.packs import Panel, PanelKind
from engine.model.panel_views import EntryForm, EntryView
from engine.operations import live, ties, trail
from engine.operations.content import entry_messages, panels, records
from engine.operations.content.panels import Seen
from engine.operations.running import tallying
from engine.store import UnitOfWork

_FACTS = ("C0", "C1")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which form of which panel is filled in, and about whom (a participant's id)."""

    case_id: str
    panel: str
    form: str
    participant_id: str | None = None


def form_for_new(uow: UnitOfWork, actor: Actor, asked: Asked) -> EntryForm:
    """What to fill in for a new entry. Raises NotFound when the actor cannot add one."""
    found, panel, form = _new(uow, actor, asked)
    people = panels.participants(uow, found, panel, asked.form)
    chosen = asked.participant_id if asked.participant_id in dict(people) else people[0][0] if len(people) == 1 else None
    return _asking(found, panel, form, chosen, people, {}, 0, _place_of_new(asked, chosen))


def add(uow: UnitOfWork, actor: Actor, asked: Asked, data: Mapping[str, object], once: str | None = None) -> str:
    """Write an entry; gives its id. `once` names the act: sent again, it gives the entry that is there.

    Raises FormInvalid with a path for each mistake, Invalid when nobody was chosen, Conflict when the case is closed.
    """
    found, panel, form = _new(uow, actor, asked)
    people = dict(panels.participants(uow, found, panel, asked.form))
    if panel.about.get(asked.form) and asked.participant_id not in people:
        raise Invalid(say("Choose whom this is about."))
    about = asked.participant_id if people else None
    mark = once or new_id(clock.now())
    there = store.entries.versions(uow, mark)
    if there:
        if there[0].case_id != found.case.id or there[0].author_id != (actor.person_id or None):
            raise Conflict
        return mark
    _write(uow, found, _row(found, panel, form.key, mark, 1, about), form, data)
    for typed_about in (about, None):
        store.drafts.delete(uow, _place_of_new(asked, typed_about), actor.person_id)
    return mark


def form_for_change(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str) -> EntryForm:
    """An entry's form with what it says now. Raises NotFound for what the actor may not change."""
    found, panel, row, _ = _there(uow, actor, case_id, key, entry)
    form = _form(uow, found, row.form)
    said: dict[str, object] = {}
    for record in _parts(uow, row):
        said |= record.body if isinstance(record.body, dict) else {}
    return _asking(found, panel, form, row.participant_id, (), said, row.version, f"change/{row.entry}")


def change(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str, data: Mapping[str, object], *, version: int) -> int:
    """Write the next version of an entry; gives its number. What stood before stays as it was.

    Raises PreconditionFailed when another version came after `version`, else as `add`.
    """
    found, panel, row, view = _there(uow, actor, case_id, key, entry)
    if not view.may_change:
        raise Forbidden(say("This entry cannot be changed by you."))
    if row.version != version:
        raise PreconditionFailed(say("Somebody changed this entry meanwhile. What you typed is still here; look at the entry first."))
    following = replace(_row(found, panel, row.form, row.entry, row.version + 1, row.participant_id), source_id=row.source_id)
    _write(uow, found, following, _form(uow, found, row.form), data)
    store.drafts.delete(uow, f"change/{row.entry}", actor.person_id)
    return following.version


def form_for_release(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str) -> EntryForm | None:
    """In which form the permission for a release is written down; None for participants, who release what is theirs."""
    found, panel, row, view = _there(uow, actor, case_id, key, entry)
    if not view.may_release:
        raise NotFound
    if row.participant_id in found.subject.participant_ids:
        return None
    return _asking(found, panel, _form(uow, found, panel.permission or ""), row.participant_id, (), {}, row.version, f"release/{row.entry}")


def release(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str, permission: Mapping[str, object]) -> None:
    """Open an entry to all who read the panel's `released` class, as its next version.

    Participants release what is about themselves; staff write down in the panel's form that the participant permitted it.
    """
    found, panel, row, view = _there(uow, actor, case_id, key, entry)
    if not view.may_release or panel.released is None:
        raise Forbidden(say("This entry cannot be released by you."))
    if not panels.can_write(found, panel.released, row.participant_id):
        raise Forbidden(say("None of your roles may write what others would read then."))
    opened = _row(found, panel, row.form, row.entry, row.version + 1, row.participant_id, released=True)
    opened = replace(opened, source_id=row.source_id)
    said: dict[str, object] = {}
    for record in _parts(uow, row):
        said |= record.body if isinstance(record.body, dict) else {}
    parts = [_part(found, opened, row.form, panel.released, said)]
    if row.participant_id not in found.subject.participant_ids:
        form = _form(uow, found, panel.permission or "")
        given = _checked(found, form, permission, row.participant_id)
        parts += [_part(found, opened, form.key, cls, fields) for cls, fields in _by_class(form, given, permission).items()]
    store.entries.insert(uow, opened)
    store.records.insert_many(uow, parts)
    _note(uow, found, opened, "entry_released", {})


def _place_of_new(asked: Asked, about: str | None) -> str:
    """What is typed about one participant is never filled in for another."""
    return f"new/{asked.case_id}/{asked.panel}/{asked.form}/{about or '-'}"


def _new(uow: UnitOfWork, actor: Actor, asked: Asked) -> tuple[Seen, Panel, Form]:
    found = panels.seen(uow, actor, asked.case_id)
    panel = panels.declared(found, asked.panel)
    if asked.form not in panel.entries:
        raise NotFound
    _require_open(found, panel)
    offered = next((one for one in panels.add_forms(uow, found, panel) if one.form == asked.form), None)
    if offered is None:
        raise Forbidden(say("None of your roles adds to this part of the case."))
    if offered.first:
        raise Conflict(offered.first)
    return found, panel, _form(uow, found, asked.form)


def _require_open(found: Seen, panel: Panel) -> None:
    if not panels.is_open(found, panel):
        raise Conflict(say("The case is closed, so nothing more is written here."))


def _there(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str) -> tuple[Seen, Panel, Entry, EntryView]:
    """An entry that the actor sees, with its newest version. Raises NotFound, also for what they may not know of."""
    found = panels.seen(uow, actor, case_id)
    panel = panels.declared(found, key)
    view = next((one for one in panels.page(uow, actor, case_id, key).entries if one.id == entry), None)
    rows = store.entries.versions(uow, entry)
    if view is None or not rows:
        raise NotFound
    _require_open(found, panel)
    return found, panel, rows[-1], view


def _form(uow: UnitOfWork, found: Seen, key: str) -> Form:
    form = live.spoken_form(found.pack, found.actor, live.pack_form(uow, found.pack, found.case.program_id, key))
    if form is None:
        raise NotFound
    return form


def _asking(
    found: Seen,
    panel: Panel,
    form: Form,
    participant_id: str | None,
    people: tuple[tuple[str, str], ...],
    answers: Mapping[str, object],
    version: int,
    place: str,
) -> EntryForm:
    bound = participant_id or (people[0][0] if people else None)
    participant = found.names.participant(participant_id)
    return EntryForm(
        case_id=found.case.id,
        case_number=found.case.number,
        panel=panel.key,
        panel_title=panel.title,
        kind=PanelKind(panel.kind),
        form=form,
        writable=frozenset(cls for cls in form.classes if panels.can_write(found, cls, bound)),
        class_labels={cls: records.class_label(found.pack, cls) for cls in form.classes},
        audiences={cls: records.audience(found.pack, cls, bound, inside=panel.staff) for cls in form.classes},
        participants=people,
        participant=participant,
        answers=answers,
        version=version,
        place=place,
    )


def _row(found: Seen, panel: Panel, form: str, entry: str, version: int, about: str | None, *, released: bool = False) -> Entry:
    now = clock.now()
    return Entry(
        id=new_id(now),
        entry=entry,
        version=version,
        program_id=found.case.program_id,
        case_id=found.case.id,
        panel=panel.key,
        form=form,
        participant_id=about,
        author_id=found.actor.person_id or None,
        at=now,
        released=released,
    )


def _checked(found: Seen, form: Form, data: Mapping[str, object], about: str | None) -> Checked:
    @cache
    def may_write(cls: str) -> bool:
        return access.can_write(found.actor, ties.to_record(found.subject, cls, about, None), found.pack)

    return forms.check(form, data, writable=may_write)


def _write(uow: UnitOfWork, found: Seen, row: Entry, form: Form, data: Mapping[str, object]) -> None:
    checked = _checked(found, form, data, row.participant_id)
    parts = [_part(found, row, form.key, cls, fields) for cls, fields in _by_class(form, checked, data).items()]
    if not parts:
        raise Invalid(say("Nothing was filled in yet, so there is nothing to keep."))
    store.entries.insert(uow, row)
    store.records.insert_many(uow, parts)
    tallying.of_panel(uow, found.case, panels.declared(found, row.panel))
    classes = form.class_of
    named: dict[str, list[str]] = {}
    for name in checked.field_names:
        named.setdefault(classes.get(name, "C1"), []).append(name)
    sent = entry_messages.send(uow, found.case.pack, panels.declared(found, row.panel), row, form)
    _note(uow, found, row, "entry_written", named, sent)


def _by_class(form: Form, checked: Checked, data: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """What was answered, by class. Process facts stay with the entry too: it steers no procedure."""
    classes = form.class_of
    facts = {name: data[name] for name in checked.field_names if classes.get(name) in _FACTS}
    parts: dict[str, Mapping[str, object]] = {"C1": facts} if facts else {}
    return parts | {part.cls: part.fields for part in checked.records}


def _part(found: Seen, row: Entry, form: str, cls: str, fields: Mapping[str, object]) -> Record:
    return Record(
        id=new_id(row.at),
        program_id=row.program_id,
        case_id=row.case_id,
        instance_id=None,
        task_id=None,
        form=form,
        cls=cls,
        participant_id=row.participant_id,
        author_id=row.author_id,
        on_behalf_of=found.actor.on_behalf_of,
        body=dict(fields),
        at=row.at,
        entry_id=row.id,
    )


def _parts(uow: UnitOfWork, row: Entry) -> tuple[Record, ...]:
    """What a version says, without a permission that stands beside it."""
    return tuple(one for one in store.records.of_case(uow, row.case_id, form=row.form) if one.entry_id == row.id)


def _note(
    uow: UnitOfWork, found: Seen, row: Entry, event: str, fields: Mapping[str, list[str]], sent: tuple[str, ...] = ()
) -> None:
    about: dict[str, object] = {"panel": row.panel, "form": row.form, "entry": row.entry, "version": row.version, "fields": dict(fields)}
    about |= {"messages": list(sent)} if sent else {}
    trail.note(uow, found.actor, event, case_id=row.case_id, details=about)
