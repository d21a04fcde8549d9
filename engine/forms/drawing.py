"""A signature drawn on a screen: a small PNG of which nothing is taken but what draws it. Pure."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Iterator

from engine.language import say
from engine.model.errors import FieldError, FormInvalid
from engine.schemas import pointer

#: largest drawing in bytes, and its largest sides in points
MOST, WIDEST, HIGHEST = 48_000, 1600, 800

_HEAD = b"\x89PNG\r\n\x1a\n"
#: the parts that draw; texts, profiles and whatever follows the end could carry something else along
_DRAWS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"pHYs"})


def cleaned(field: str, drawn: bytes) -> bytes:
    """The drawing with nothing in it but what draws it. `field` is the name of the field that it signs.

    Raises FormInvalid with a sentence for what is no drawing of ours: another format, too large, or damaged.
    """
    kept = _HEAD + b"".join(whole for name, whole in _parts(drawn) if name in _DRAWS) if _is_sound(drawn) else b""
    if not kept:
        message = say("The drawn signature could not be read. Draw it again, or leave the drawing out; your typed name is enough.")
        raise FormInvalid(message, (FieldError(pointer((field,)), "drawing", message),))
    return kept


def digest(written: str) -> str:
    """SHA-256 of a drawing that is written in base64, hexadecimal."""
    return hashlib.sha256(base64.b64decode(written)).hexdigest()


def _is_sound(drawn: bytes) -> bool:
    names = [name for name, _ in _parts(drawn)]
    if len(drawn) > MOST or names[:1] != [b"IHDR"] or names[-1] != b"IEND" or b"IDAT" not in names:
        return False
    width, height = struct.unpack_from(">II", drawn, len(_HEAD) + 8)
    return bool(0 < width <= WIDEST and 0 < height <= HIGHEST)


def _parts(drawn: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, the whole part) up to the end or the first damage."""
    at = len(_HEAD) if drawn.startswith(_HEAD) else len(drawn)
    while at + 12 <= len(drawn):
        (size,) = struct.unpack_from(">I", drawn, at)
        whole = drawn[at : at + 12 + size]
        if len(whole) != 12 + size or zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            return
        yield whole[4:8], whole
        if whole[4:8] == b"IEND":
            return
        at += 12 + size
