"""Panels of the case page as one reader may see them, and what is asked for when something is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.forms import Form
from engine.model.packs import PanelKind
from engine.model.views import TimelineEntry, VisibleRecord, Who, version_code


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an entry, as far as the reader may read it. `number` counts those that they may read."""

    number: int
    at: datetime
    author: Who | None
    #: this version opened to others what was said before
    released: bool
    records: tuple[VisibleRecord, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with the versions that the reader may read, the newest first."""

    id: str
    form: str
    form_title: str
    participant: Who | None
    versions: tuple[VersionView, ...]
    #: when it was, or until when it is to be done; else when it was first written
    on: datetime
    #: the date is one that the entry names
    dated: bool
    #: nothing is left to do
    done: bool
    #: the date has passed and something is left to do
    late: bool
    #: others than the participant read it now
    released: bool
    #: what a change goes on from; 0 when the reader may not change it
    version: int
    may_change: bool
    may_release: bool
    #: what the procedure filled it from, in words; "": somebody added it
    source: str = ""
    #: how far it is, in words; "" where the panel does not say it
    state: str = ""

    @property
    def newest(self) -> VersionView:
        """What counts now."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class DraftView:
    """One record of a task as a version, with the records that sign it."""

    number: int
    record: VisibleRecord
    signatures: tuple[VisibleRecord, ...]
    #: SHA-256 of what was signed, hexadecimal; the same words give the same
    digest: str

    @property
    def code(self) -> str:
        """The version as people compare it."""
        return version_code(self.digest)


@dataclass(frozen=True, slots=True)
class AddForm:
    """A form that the reader may add an entry with, and whom it may be about; without any it is about nobody alone."""

    form: str
    title: str
    description: str
    participants: tuple[tuple[str, str], ...]
    #: what has to be done first; "": it can be filled in now
    first: str = ""


@dataclass(frozen=True, slots=True)
class PanelPage:
    """A panel with all that the reader may read in it."""

    case_id: str
    case_number: str
    key: str
    title: str
    kind: PanelKind
    entries: tuple[EntryView, ...]
    records: tuple[VisibleRecord, ...]
    drafts: tuple[DraftView, ...]
    #: its versions are signed
    signed: bool
    #: records of tasks by rounds, the newest round first
    rounds: tuple[tuple[VisibleRecord, ...], ...]
    #: what the procedure sent, newest first
    automatic: tuple[TimelineEntry, ...]
    #: participants that entries are about, each with theirs
    people: tuple[tuple[Who, tuple[EntryView, ...]], ...]
    adds: tuple[AddForm, ...]
    #: why nothing can be added; "" when something can, or the reader is not one who adds
    closed: str

    @property
    def number(self) -> int:
        """How much stands in it."""
        return len(self.entries) + len(self.records)


@dataclass(frozen=True, slots=True)
class EntryForm:
    """A form to fill in for an entry: with what it says now, and what the reader is offered."""

    case_id: str
    case_number: str
    panel: str
    panel_title: str
    kind: PanelKind
    form: Form
    #: classes that the reader may write
    writable: frozenset[str]
    class_labels: Mapping[str, str]
    #: class -> who can read it, in words
    audiences: Mapping[str, str]
    participants: tuple[tuple[str, str], ...]
    #: whom it is about, once that is settled
    participant: Who | None
    answers: Mapping[str, object]
    #: the newest version that it goes on from; 0: a new entry
    version: int
    #: names what is typed here and not sent yet
    place: str = ""
