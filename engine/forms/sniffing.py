"""What a file is by its content, whatever its name says; and names of files made fit to be shown and kept. Pure."""

from __future__ import annotations

import codecs
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from engine.language import noted, say
from engine.model.errors import FieldError, FormInvalid
from engine.model.files import FileRule

#: characters of a name
LONGEST_NAME = 120
_HEAD = 4096
#: how deep a packed file may be looked into
_MOST_MEMBERS = 5000
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})
#: how much of a text is looked at in one go
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of file: its kind, its media type, its endings, and how it begins."""

    kind: str
    media_type: str
    endings: tuple[str, ...]
    #: (place, bytes) that all have to be there; none: told by `inside`, or by being text
    marks: tuple[tuple[int, bytes], ...] = ()
    #: how a member of a packed file begins that only this sort has
    inside: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
SORTS: tuple[Sort, ...] = (
    Sort("pdf", "application/pdf", ("pdf",), ((0, b"%PDF-"),)),
    Sort("picture", "image/png", ("png",), ((0, b"\x89PNG\r\n\x1a\n"),)),
    Sort("picture", "image/jpeg", ("jpg", "jpeg"), ((0, b"\xff\xd8\xff"),)),
    Sort("picture", "image/webp", ("webp",), ((0, b"RIFF"), (8, b"WEBP"))),
    Sort("picture", "image/heic", ("heic",), ((4, b"ftyphei"),)),
    Sort("document", f"{_OFFICE}.wordprocessingml.document", ("docx",), inside="word/"),
    Sort("sheet", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), inside="xl/"),
    Sort("document", f"{_OPEN}.text", ("odt",), inside=f"{_OPEN}.text"),
    Sort("sheet", f"{_OPEN}.spreadsheet", ("ods",), inside=f"{_OPEN}.spreadsheet"),
    Sort("text", "text/plain", ("txt", "csv")),
)
KINDS: Mapping[str, str] = {
    "pdf": noted("PDF"),
    "picture": noted("picture"),
    "document": noted("text document"),
    "sheet": noted("spreadsheet"),
    "text": noted("plain text"),
}


def recognise(path: str, name: str, content: BinaryIO, size: int, rule: FileRule) -> Sort:
    """The sort of a file that a field takes. `path` is the JSON Pointer of the field.

    Raises FormInvalid with a sentence for a file that is empty, too large, of another kind, or other than its name says.
    """
    known = _sort(content)
    ending = PurePosixPath(name).suffix.removeprefix(".").casefold()
    if size == 0:
        raise _wrong(path, "empty-file", say("“{name}” is empty; choose another file.", name=name))
    if size > rule.most:
        message = say("“{name}” is too large; a file has at most {size} MB here.", name=name, size=rule.most // 1_000_000)
        raise _wrong(path, "file-too-large", message)
    if known is None or known.kind not in rule.kinds:
        message = say("“{name}” cannot be taken. Choose one of: {kinds}.", name=name, kinds=said(rule))
        if ending not in SORTS[-1].endings and any(ending in endings(kind) for kind in rule.kinds):
            message += " " + say("It is called a file of that kind, but inside it is none; it may be damaged.")
        if known is None and ending in SORTS[-1].endings and "text" in rule.kinds:
            message += " " + say("Plain text has to be saved with the encoding UTF-8.")
        raise _wrong(path, "file-kind", message)
    if ending not in known.endings:
        message = say(
            "“{name}” is not what its name says: inside it is a file of the kind {kind} (.{ending}). Save it under that ending, "
            "or choose another file.",
            name=name, kind=say(KINDS[known.kind]), ending=known.endings[0],
        )  # fmt: skip
        raise _wrong(path, "file-lies", message)
    return known


def said(rule: FileRule) -> str:
    """The kinds that a field takes, with their endings, in words."""
    return ", ".join(f"{say(KINDS[kind])} ({', '.join('.' + one for one in endings(kind))})" for kind in rule.kinds)


def endings(kind: str) -> tuple[str, ...]:
    """The endings of a kind."""
    return tuple(ending for sort in SORTS if sort.kind == kind for ending in sort.endings)


def clean_name(name: str) -> str:
    """A name without folders, characters that cannot be seen and signs that turn the reading direction; never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(one if unicodedata.category(one)[0] not in "CZ" else " " if one in " \t\u00a0" else "" for one in last)
    whole = " ".join(unicodedata.normalize("NFC", seen).split()).lstrip(".")
    if len(whole) > LONGEST_NAME:
        ending = PurePosixPath(whole).suffix[:10]
        whole = whole[: LONGEST_NAME - len(ending)].rstrip() + ending
    return whole or say("file")


def _sort(content: BinaryIO) -> Sort | None:
    content.seek(0)
    head = content.read(_HEAD)
    content.seek(0)
    for sort in SORTS:
        if sort.marks and all(head[at : at + len(mark)] == mark for at, mark in sort.marks):
            return sort
    if head.startswith(b"PK\x03\x04"):
        return _packed(content)
    return SORTS[-1] if _is_text(head, content) else None


def _packed(content: BinaryIO) -> Sort | None:
    """A document that is a packed folder; with a program inside it is none that is taken."""
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100].decode("ascii", "replace") if _is_small(archive, "mimetype") else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return None
    finally:
        content.seek(0)
    if len(names) > _MOST_MEMBERS or any(name.casefold().endswith(("vbaproject.bin", ".exe", ".js")) for name in names):
        return None
    office = "[Content_Types].xml" in names
    fitting = (one for one in SORTS if one.inside)
    return next((one for one in fitting if kind.strip() == one.inside or (office and _holds(names, one.inside))), None)


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.NameToInfo and archive.getinfo(name).file_size <= 200


def _holds(names: list[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _is_text(head: bytes, content: BinaryIO) -> bool:
    """Whether it is UTF-8 without control characters to its end; pages and programs are text too, and are none that is taken."""
    if not head or head.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"<", b"#!")):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := content.read(_BLOCK):
            if block.translate(None, _CONTROLS) != block:
                return False
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        content.seek(0)
    return True


def _wrong(path: str, code: str, message: str) -> FormInvalid:
    return FormInvalid(message, (FieldError(path, code, message),))
