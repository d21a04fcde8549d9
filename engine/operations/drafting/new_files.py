"""New diagrams and decision tables of a change: named by people, keyed by what their name says."""

from __future__ import annotations

import re
import unicodedata

from engine import store
from engine.bpmn import blank as blank_diagram
from engine.dmn import blank as blank_table
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.operations.drafting import change_files, changes
from engine.operations.drafting.change_files import ChangeFile
from engine.store import UnitOfWork

#: characters of a name, and of the key made of it
NAME, _KEY = 80, 60
_MAKERS = {"bpmn": blank_diagram.diagram, "dmn": blank_table.table}


def create(uow: UnitOfWork, actor: Actor, change_id: str, kind: str, name: str) -> ChangeFile:
    """A new file of a change: kind is bpmn or dmn. Its key and file name are made of the name, and are new in the pack.

    Raises Invalid for a name without letters, too long a name or another kind, and as `change_files.save` does.
    """
    change = changes.to_draw(uow, actor, change_id)
    words = " ".join(name.split())
    if kind not in _MAKERS or not 0 < len(words) <= NAME or not words.isprintable():
        raise wrong(say("Give the new file a name of 1 to {name} characters.", name=NAME))
    stem = key_of(words)
    if not stem:
        raise wrong(say("Give the new file a name with letters in it."))
    taken = change_files.contents(uow, change).keys()
    key = next(key for key in numbered(stem) if f"{key}.{kind}" not in taken and not _known(uow, actor, kind, key))
    known = store.models.in_change(uow, change_id, f"{key}.{kind}")
    return change_files.save(uow, actor, change_id, f"{key}.{kind}", _MAKERS[kind](key, words), known.revision if known else 0)


def key_of(name: str) -> str:
    """A name as a key: small letters, digits and hyphens, beginning with a letter; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-").lstrip("0123456789-")[:_KEY].rstrip("-")


def numbered(stem: str) -> list[str]:
    """A key, and what it is called when it is taken: with 2, 3 and so on behind it."""
    return [stem, *(f"{stem}-{number}" for number in range(2, change_files.MOST + 3))]


def _known(uow: UnitOfWork, actor: Actor, kind: str, key: str) -> bool:
    return kind == "bpmn" and store.definitions.latest(uow, actor.program_id, key) is not None


def wrong(message: str) -> Invalid:
    """A name that cannot be used, said beside its field."""
    return Invalid(message, (FieldError("/name", "name", message),))
