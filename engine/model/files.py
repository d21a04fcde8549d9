"""Files and signatures that people give with a form: what may be given, what is kept, and what a page shows of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileRule:
    """What a field for files takes."""

    #: kinds of engine.forms.sniffing, such as pdf and picture
    kinds: tuple[str, ...]
    #: largest file in bytes
    most: int


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept. Its content lies in parts of its own; the name is sealed with it."""

    id: str
    program_id: str
    case_id: str
    #: empty: it came with the request that the case was opened with
    task_id: str
    #: the field of the form: `field`, or `outer.inner` inside a group or rows
    field: str
    cls: str
    participant_id: str | None
    author_id: str
    media_type: str
    size: int
    #: SHA-256 of the content, hexadecimal
    digest: str
    #: whether a scanner looked at it and found nothing; False: none is configured
    scanned: bool
    at: datetime
    #: when it was sent with its form; None: it lies beside a draft, for its author alone
    sent_at: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class OpeningFile:
    """A file that its author chose for a case that is not open yet; it becomes a File of the case with its opening."""

    id: str
    program_id: str
    #: key of the pack whose opening form asked for it
    pack: str
    field: str
    cls: str
    author_id: str
    media_type: str
    size: int
    digest: str
    scanned: bool
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as a page shows it."""

    name: str
    at: datetime
    #: how it was given, in words
    method: str
    #: the text that it stands under, word for word
    shown: str
    #: SHA-256 of that text
    digest: str
    #: whether the text, and the drawing, are still what was signed
    intact: bool
    #: the drawing beside the name, a PNG in base64; empty: none was drawn
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file as a page shows it."""

    file_id: str
    name: str
    size: int
    scanned: bool
