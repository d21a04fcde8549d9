"""Files as browsers send them: single ones, or packed in a .zip."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from engine.language import say
from engine.model.errors import BadRequest, TooLarge

#: what a .zip may hold: files, bytes of all together
_FILES, _BYTES = 400, 20_000_000


def unpacked(sent: Iterable[FileStorage]) -> dict[str, bytes]:
    """Names and contents, those of archives unpacked.

    Raises BadRequest for a broken archive and for two different files of one name, of which only one could be kept; TooLarge for a bomb.
    """
    found: dict[str, bytes] = {}
    for one in sent:
        if not one.filename:
            continue
        arrived = _archive(one.filename, one.read()) if one.filename.lower().endswith(".zip") else [(one.filename, one.read())]
        for name, content in arrived:
            if found.setdefault(name, content) != content:
                raise BadRequest(say("Two different files are called {name}. Rename one of them, and send them again.", name=name))
    return found


def _archive(name: str, content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
            if len(entries) > _FILES or sum(entry.file_size for entry in entries) > _BYTES:
                raise TooLarge(
                    say(
                        "{name} holds too much: at most {files} files and {size} MB together.",
                        name=name,
                        files=_FILES,
                        size=_BYTES // 1_000_000,
                    )
                )
            return [(_flat(entry.filename), _read(archive, entry)) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as wrong:
        raise BadRequest(say("{name} cannot be unpacked; it is broken, or protected by a password.", name=name)) from wrong


def _is_litter(path: str) -> bool:
    """Whether a system put it there, not a person."""
    base = path.rpartition("/")[2]
    return path.startswith("__MACOSX/") or base.startswith("._") or base in (".DS_Store", "Thumbs.db", "desktop.ini")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as packed:
        found = packed.read(_BYTES + 1)  # what the directory says of its size may be a lie
    if len(found) > _BYTES:
        raise TooLarge(say("{name} is larger than what is accepted here.", name=entry.filename))
    return found


def _flat(path: str) -> str:
    """A file's name without the folders of the archive; scenarios keep theirs."""
    *folders, base = path.replace("\\", "/").split("/")
    return f"scenarios/{base}" if folders and folders[-1] == "scenarios" else base
