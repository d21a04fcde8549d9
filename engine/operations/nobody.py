"""Why nobody can do a task: stored in English with the role as the pack is written, told in the reader's language."""

from __future__ import annotations

from engine import language
from engine.language import noted
from engine.model.packs import Pack
from engine.operations import wording

NO_ROLE = noted("Nobody can do this, because its lane belongs to no role of the pack.")
EXCLUDED = noted("Nobody can do this, because everybody in the role {role} holds another duty on this case that excludes this one.")
NOT_ON_CASE = noted("Nobody can do this, because no active account holds the role {role} on this case.")
NOT_HELD = noted("Nobody can do this, because no active account has the role {role}.")


def told(stored: str | None, pack: Pack | None) -> str | None:
    """The stored sentence in the language spoken now; None stays None."""
    if not stored:
        return stored
    return language.retold(stored, (NO_ROLE, EXCLUDED, NOT_ON_CASE, NOT_HELD), lambda role: wording.of_pack(pack, role))
