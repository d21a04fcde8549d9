"""Forms: their fields, each with a confidentiality class, and what checking filled-in data gives (engine/forms)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.files import FileRule


class FieldType(StrEnum):
    """What a field holds. choices: several of given answers; repeat: rows of fields; group: fields under one name."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICES = "choices"
    REPEAT = "repeat"
    GROUP = "group"


class Mode(StrEnum):
    """Who fills the form in: the person it is meant for, or staff on behalf of a participant."""

    SELF = "self"
    ON_BEHALF = "on-behalf"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: the code that is stored and what people read."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Condition:
    """True when the answer of another field is (`among`) or is not (`unless`) one of some values."""

    field: str
    among: tuple[object, ...] | None
    unless: tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, or of a group or repeat in it (those have the class of the outer field)."""

    name: str
    type: FieldType
    title: str
    description: str
    #: confidentiality class, C0 to C8, or a sub-class such as C5.safeguards
    cls: str
    widget: str
    help: str
    required: bool
    options: tuple[Option, ...]
    #: date, date-time, email, uri or None
    format: str | None
    max_length: int | None
    show_if: Condition | None
    required_if: Condition | None
    #: exists only when staff fill the form in for a participant
    on_behalf_only: bool
    #: "today", "now", "actor" or None
    autofill: str | None
    default: object
    #: the fields of a group, or of one row of a repeat
    fields: tuple[Field, ...]
    #: canonical JSON Schema of the value alone; empty for a group
    schema: str
    #: what it takes when it is for a file
    files: FileRule | None = None
    #: what belongs to the question and is read beside it, such as a notice that is asked about: Markdown
    read: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields shown together under a heading."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """An entry worked out from the answers by a FEEL expression. A C1 entry becomes a variable."""

    name: str
    cls: str
    type: str
    expression: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A FEEL expression that must not be false over the answers, and what to say at which field when it is."""

    expression: str
    message: str
    field: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read from its file."""

    key: str
    title: str
    description: str
    version: int
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    derive: tuple[Derivation, ...]
    rules: tuple[Rule, ...]
    #: SHA-256 of the file, hexadecimal
    digest: str
    #: language -> text of the form -> what it is in that language
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: what the answers are called once they are kept, where the title says what to do; empty: the title
    kept_as: str = ""
    #: keys of forms whose newest record lies open before the questions, and stands in what is signed
    reads: tuple[str, ...] = ()

    @property
    def classes(self) -> frozenset[str]:
        """Every class that the form's fields and derived entries have."""
        return frozenset(self.class_of.values())

    @property
    def class_of(self) -> dict[str, str]:
        """The class of every field and derived entry, by name."""
        return {field.name: field.cls for field in self.fields} | {entry.name: entry.cls for entry in self.derive}


@dataclass(frozen=True, slots=True)
class RecordPart:
    """The answers of one class, as plain JSON; becomes one record."""

    cls: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a filled-in form gives: FEEL values of class C1 for variables, and the rest by class for records."""

    facts: Mapping[str, object]
    records: tuple[RecordPart, ...]
    #: names of all answered fields, for the audit trail
    field_names: tuple[str, ...]
