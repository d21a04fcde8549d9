"""What a text that somebody searches for may stand for in the language that they read."""

from __future__ import annotations

import unicodedata

from engine import packs
from engine.model.access import Actor
from engine.operations import live
from engine.store import UnitOfWork

#: a longer text is an explanation, and no title
_LONGEST = 120


def titles(uow: UnitOfWork, actor: Actor, text: str) -> tuple[str, ...]:
    """Titles as drawn whose words in the actor's language contain a text, whatever its case and accents; () for their own."""
    wanted = plain(text)
    if not wanted:
        return ()
    found: set[str] = set()
    for pack in live.all_packs(uow, actor.program_id):
        known = pack.translations.get(packs.fitting(pack, actor.languages), {})
        found |= {drawn for drawn, said in known.items() if len(said) <= _LONGEST and wanted in plain(said)}
    return tuple(sorted(found))


def plain(text: str) -> str:
    """A text as it is compared: one case, without accents, runs of white space made one."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())
