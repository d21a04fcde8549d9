"""Panels of the case page that a pack declares: what people add to them, by class, beside what they wrote in tasks.

An entry is known to who may read a part of it, and to nobody else: it is in no list and no count of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine import access, clock, store
from engine.language import Pattern, dated, say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.content import Entry, Record
from engine.model.errors import NotFound
from engine.model.forms import Form
from engine.model.packs import Act, Pack, Panel, PanelKind
from engine.model.panel_views import AddForm, DraftView, EntryView, PanelPage, VersionView
from engine.model.states import CaseState
from engine.model.views import TimelineEntry, VisibleRecord, Who
from engine.operations import labels, live, naming, ties
from engine.operations.content import criteria, records, timeline
from engine.operations.discretion import Discretion
from engine.operations.people import standing_in
from engine.operations.scope import within
from engine.store import UnitOfWork

#: what the procedure does to reach somebody, told in a log beside what people write there
_SENT = frozenset({"notice_sent", "notice_not_wanted", "mail_sent", "message_received"})
#: how many lines of those a log shows
_MOST_SENT = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as one actor meets it, for its panels."""

    actor: Actor
    case: Case
    subject: Subject
    pack: Pack
    names: naming.Names

    @property
    def roles(self) -> frozenset[str]:
        """The roles in which the actor meets the case."""
        return access.roles_on(self.actor, self.subject, self.pack)

    @property
    def outside(self) -> bool:
        """Whether the actor takes part from outside of the program."""
        return not access.is_staff_on(self.actor, self.subject, self.pack)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the actor may read of a case's records: those of tasks, and by version of an entry."""

    of_tasks: tuple[tuple[Record, VisibleRecord], ...]
    of_entries: dict[str, list[tuple[Record, VisibleRecord]]]
    #: of every version how many records it has, whoever reads them
    parts: dict[str, int]
    #: every version of every entry, oldest first, whoever reads it
    versions: dict[str, list[Entry]]


def seen(uow: UnitOfWork, actor: Actor, case_id: str) -> Seen:
    """The case for who may see its page. Raises NotFound or Forbidden."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    actor = standing_in.for_case(uow, actor, case, Act.CASE_VIEW)
    subject, pack = ties.to_case(uow, actor, case), live.spoken(uow, actor, case.pack)
    access.require(actor, Act.CASE_VIEW, subject, pack)
    if pack is None:
        raise NotFound
    return Seen(actor, case, subject, pack, naming.Names(uow, actor, case, subject, pack))


def declared(found: Seen, key: str) -> Panel:
    """A panel of the case's pack that this reader may look at. Raises NotFound."""
    panel = next((one for one in found.pack.panels if one.key == key), None)
    if panel is None or (panel.staff and found.outside):
        raise NotFound
    return panel


def is_open(found: Seen, panel: Panel) -> bool:
    """Whether entries are written still: on a closed case only where the panel goes on after it."""
    return panel.afterwards or found.case.state is not CaseState.CLOSED


def page(uow: UnitOfWork, actor: Actor, case_id: str, key: str) -> PanelPage:
    """One panel of a case, for one reader."""
    found = seen(uow, actor, case_id)
    return _page(uow, found, declared(found, key), _read(uow, found))


def all_of(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[PanelPage, ...]:
    """Every panel that has something for this reader, or that they may add something to."""
    found = seen(uow, actor, case_id)
    read = _read(uow, found)
    listed = [_page(uow, found, panel, read) for panel in found.pack.panels if not (panel.staff and found.outside)]
    return tuple(one for one in listed if one.number or one.automatic or one.adds)


def _read(uow: UnitOfWork, found: Seen) -> _Read:
    readable = records.readable(uow, found.actor, found.case, found.subject, found.pack)
    of_entries: dict[str, list[tuple[Record, VisibleRecord]]] = defaultdict(list)
    for record, shown in readable:
        if record.entry_id is not None:
            of_entries[record.entry_id].append((record, shown))
    parts: dict[str, int] = defaultdict(int)
    for record in store.records.of_case(uow, found.case.id):
        if record.entry_id is not None:
            parts[record.entry_id] += 1
    versions: dict[str, list[Entry]] = defaultdict(list)
    for row in store.entries.of_case(uow, found.case.id):
        versions[row.entry].append(row)
    return _Read(tuple(pair for pair in readable if pair[0].entry_id is None), of_entries, parts, versions)


def _page(uow: UnitOfWork, found: Seen, panel: Panel, read: _Read) -> PanelPage:
    entries = _entries(uow, found, panel, read)
    shown = tuple(pair for pair in read.of_tasks if pair[0].form in panel.forms)
    as_versions, as_rounds = panel.kind is PanelKind.VERSIONS, panel.kind is PanelKind.ROUNDS
    writable = is_open(found, panel)
    may_add = bool(found.roles & set(panel.adds)) and bool(panel.entries)
    return PanelPage(
        case_id=found.case.id,
        case_number=found.case.number,
        key=panel.key,
        title=panel.title,
        kind=panel.kind,
        entries=entries,
        records=tuple(view for _, view in shown),
        drafts=_drafts(panel, shown, read.of_tasks) if as_versions else (),
        signed=panel.signatures is not None,
        rounds=_rounds(panel, [view for _, view in shown]) if as_rounds else (),
        automatic=_automatic(uow, found) if panel.kind is PanelKind.LOG else (),
        people=_people(uow, found, panel, entries) if panel.kind is PanelKind.PEOPLE else (),
        adds=add_forms(uow, found, panel) if may_add and writable else (),
        closed=say("The case is closed, so nothing more is written here.") if may_add and not writable else "",
    )


def add_forms(uow: UnitOfWork, found: Seen, panel: Panel) -> tuple[AddForm, ...]:
    """The forms that the actor can write an entry with: all of its classes, about somebody where it has to be."""
    if not found.roles & set(panel.adds):
        return ()
    listed = []
    for key in panel.entries:
        form = live.spoken_form(found.pack, found.actor, live.pack_form(uow, found.pack, found.case.program_id, key))
        people = participants(uow, found, panel, key)
        about = people[0][0] if people else None
        if form is not None and can_fill_in(found, form, about) and (people or key not in panel.about):
            listed.append(AddForm(key, form.title, form.description, people, criteria.first(uow, found.case.id, found.pack, panel, key)))
    return tuple(listed)


def participants(uow: UnitOfWork, found: Seen, panel: Panel, form: str) -> tuple[tuple[str, str], ...]:
    """Whom an entry may be about: those in the role that the panel names; an outside participant only themselves."""
    role = panel.about.get(form)
    if role is None:
        return ()
    current = [one for one in store.participants.of_case(uow, found.case.id) if one.role == role]
    own = [one for one in current if one.id in found.subject.participant_ids]
    return tuple((one.id, found.names.of(one).label) for one in (own if found.outside else current))


def can_fill_in(found: Seen, form: Form, participant_id: str | None) -> bool:
    """Whether the actor may write what has to be answered; a question that they may not write they are not asked."""
    needed = {one.cls for one in form.fields if one.required} or form.classes
    return all(can_write(found, cls, participant_id) for cls in needed)


def can_write(found: Seen, cls: str, participant_id: str | None) -> bool:
    """Whether the actor may write a class about a participant, or about nobody alone."""
    return access.can_write(found.actor, ties.to_record(found.subject, cls, participant_id, None), found.pack)


def _entries(uow: UnitOfWork, found: Seen, panel: Panel, read: _Read) -> tuple[EntryView, ...]:
    own = [rows for rows in read.versions.values() if rows[0].panel == panel.key]
    listed = [_entry(uow, found, panel, rows, read) for rows in own if any(row.id in read.of_entries for row in rows)]
    if panel.kind in (PanelKind.DUE, PanelKind.TIMELINE):
        return tuple(sorted(listed, key=lambda one: (one.done, one.on, one.id)))
    return tuple(sorted(listed, key=lambda one: (one.on, one.id), reverse=True))


def _entry(uow: UnitOfWork, found: Seen, panel: Panel, every: Sequence[Entry], read: _Read) -> EntryView:
    """An entry out of those of its versions that the reader may read a part of."""
    rows = [row for row in every if row.id in read.of_entries]
    newest = rows[-1]
    versions = tuple(_version(found, panel, row, number, read) for number, row in enumerate(rows, start=1))[::-1]
    said = {name: value for record, _ in read.of_entries[newest.id] for name, value in _body(record).items()}
    named = _moment(said.get(panel.date or ""))
    done = panel.state is not None and said.get(panel.state) in panel.done
    open_ = is_open(found, panel)
    whole = newest is every[-1] and len(read.of_entries[newest.id]) == read.parts[newest.id]
    mine = open_ and whole and bool(found.roles & set(panel.adds)) and _is_theirs(found, every[0])
    may_change = mine and not newest.released and _may_fill_in(uow, found, newest)
    late = panel.kind is PanelKind.DUE and named is not None and not done and named + timedelta(days=1) <= clock.now()
    return EntryView(
        id=newest.entry,
        form=newest.form,
        form_title=versions[0].records[0].form_title,
        participant=found.names.participant(newest.participant_id),
        versions=versions,
        on=named or rows[0].at,
        dated=named is not None,
        done=done,
        late=late,
        released=newest.released,
        version=newest.version if may_change else 0,
        may_change=may_change,
        may_release=mine and panel.kind is PanelKind.RELEASE and not newest.released,
        source=_source(uow, found, newest),
        state=_state(uow, found, panel, newest, said),
    )


def _state(uow: UnitOfWork, found: Seen, panel: Panel, entry: Entry, said: Mapping[str, object]) -> str:
    """How far an entry is, in the words of its form; "" where its panel does not ask for it."""
    form = live.pack_form_at(uow, found.pack, found.case.program_id, entry.form, entry.at)
    spoken = live.spoken_form(found.pack, found.actor, form) if panel.state in said else None
    field = next((one for one in spoken.fields if one.name == panel.state), None) if spoken else None
    return str(labels.shown(field, said[field.name])) if field else ""


def _source(uow: UnitOfWork, found: Seen, entry: Entry) -> str:
    """What the procedure filled an entry from: which form, and when it was written; nothing of what it says."""
    if entry.source_id is None:
        return ""
    record = store.records.get(uow, entry.source_id)
    title = records.title_of(records.form_of(uow, found.actor, found.pack, record), record.form)
    zone = ZoneInfo(store.programs.get(uow, found.case.program_id).timezone)
    return say("From “{title}” of {when}.", title=title, when=dated(record.at.astimezone(zone), Pattern.FULL))


def _is_theirs(found: Seen, first: Entry) -> bool:
    """What an outside participant wrote, or is written about them, is theirs; the staff on the case work with all of it."""
    own = first.author_id == found.actor.person_id or first.participant_id in found.subject.participant_ids
    return own or not found.outside


def _may_fill_in(uow: UnitOfWork, found: Seen, entry: Entry) -> bool:
    author = store.persons.find(uow, entry.author_id) if entry.author_id else None
    if author is not None and not author.staff and author.id != found.actor.person_id:
        return False
    form = live.pack_form(uow, found.pack, found.case.program_id, entry.form)
    return form is not None and can_fill_in(found, form, entry.participant_id)


def _version(found: Seen, panel: Panel, row: Entry, number: int, read: _Read) -> VersionView:
    parts = tuple(view for _, view in read.of_entries[row.id])
    if panel.staff:
        told = {part.cls: records.audience(found.pack, part.cls, part.participant, inside=True) for part in parts}
        parts = tuple(replace(part, audience=told[part.cls]) for part in parts)
    return VersionView(number, row.at, found.names.person(row.author_id), row.released, parts)


def _body(record: Record) -> dict[str, object]:
    return record.body if isinstance(record.body, dict) else {}


def _moment(value: object) -> datetime | None:
    """A date, or a date and time, that an entry names; a date counts from its beginning."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else datetime.combine(date(moment.year, moment.month, moment.day), moment.time(), UTC)


def _drafts(
    panel: Panel, shown: Sequence[tuple[Record, VisibleRecord]], every: Iterable[tuple[Record, VisibleRecord]]
) -> tuple[DraftView, ...]:
    """Records of the panel's first form as versions, newest first, each with what was signed until the next one."""
    drafted = [pair for pair in shown if pair[0].form == panel.forms[0]]
    signed = [pair for pair in every if panel.signatures and pair[0].form == panel.signatures]
    found = []
    for number, (record, view) in enumerate(drafted, start=1):
        until = drafted[number][0].at if number < len(drafted) else None
        signs = tuple(sign for one, sign in signed if one.at >= record.at and (until is None or one.at < until))
        found.append(DraftView(number, view, signs, records.digest(record)))
    return tuple(found[::-1])


def _rounds(panel: Panel, shown: Sequence[VisibleRecord]) -> tuple[tuple[VisibleRecord, ...], ...]:
    rounds: list[list[VisibleRecord]] = []
    for record in shown:
        # One form gives a record for each class, all at the same moment.
        same = bool(rounds) and all(one.form == record.form and one.at == record.at for one in rounds[-1])
        if not rounds or (record.form == panel.forms[0] and not same):
            rounds.append([])
        rounds[-1].append(record)
    return tuple(tuple(one) for one in rounds[::-1])


def _automatic(uow: UnitOfWork, found: Seen) -> tuple[TimelineEntry, ...]:
    hidden = Discretion(uow, found.actor, found.case, found.subject, found.pack)
    lines = timeline.of_case(uow, found.case, found.names, found.pack, hidden)
    return tuple(line for line in lines if line.event in _SENT)[:_MOST_SENT]


def _people(uow: UnitOfWork, found: Seen, panel: Panel, entries: Sequence[EntryView]) -> tuple[tuple[Who, tuple[EntryView, ...]], ...]:
    roles = set(panel.about.values())
    current = [one for one in store.participants.of_case(uow, found.case.id) if one.role in roles]
    told = [found.names.of(one) for one in current if not found.outside or one.id in found.subject.participant_ids]
    return tuple(
        (who, tuple(one for one in entries if one.participant is not None and one.participant.participant_id == who.participant_id))
        for who in told
    )
