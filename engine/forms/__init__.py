"""Forms: JSON Schema with classes -> checks, splitting into facts and records, redaction; pure.

A form file is the subset of JSON Schema 2020-12 in `shape.py` plus `x-` words; everything else in it is refused.
"""

from engine.forms import drawing, entries, files, signing, sniffing
from engine.forms.checking import check
from engine.forms.conditions import Writable, holds, is_blank, is_offered, offered_fields, visible_fields
from engine.forms.html import initial, parse_html
from engine.forms.reading import read
from engine.forms.redacting import redact
from engine.forms.translating import missing, texts, translated, unused

__all__ = [
    "read",
    "check",
    "redact",
    "parse_html",
    "initial",
    "visible_fields",
    "offered_fields",
    "is_offered",
    "is_blank",
    "holds",
    "Writable",
    "texts",
    "translated",
    "missing",
    "unused",
    "drawing",
    "entries",
    "files",
    "signing",
    "sniffing",
]
