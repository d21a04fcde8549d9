"""A pack.toml to begin with: a title, how cases are numbered, roles that are taken over and roles that are new. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.model.packs import Act, Relation, Role, RoleKind
from engine.packs import editing
from engine.packs.editing import Plain

#: what a role that is only named may do at first: open cases of the pack, see them and work their tasks
FIRST_ACTS = (Act.CASE_OPEN, Act.CASE_LIST, Act.CASE_VIEW, Act.TASK_WORK, Act.NOTICE_VIEW)
#: and which classes it reads and writes: facts of the case, names, what is shared on the case; nothing private
FIRST_CLASSES = ("C1", "C2", "C3")
_BEGIN = """# Begun in the browser. Rules, roles and words are changed on the pages of its change.
"""


def text(
    key: str, title: str, process: str, roles: Iterable[Role], named: Mapping[str, str], *, classes: Mapping[str, str], language: str
) -> str:
    """The text of a new pack of this key, whose cases begin with `process`. A second person approves what changes in it.

    `roles` are taken over as they are, with the roles that make somebody eligible left to the caller; `named` are new
    ones, label by key; `classes` says what the classes are called.
    """
    found = _BEGIN
    for path, value in {"key": key, "title": title, "language": language}.items():
        found = editing.put(found, (path,), value)
    found = editing.put(found, ("case",), {"label": "Case", "number": number(key), "process": process})
    for role in roles:
        found = editing.put(found, ("roles", role.key), entry(role))
    for name, label in named.items():
        found = editing.put(found, ("roles", name), entry(first(name, label)))
    if classes:
        found = editing.put(found, ("classes",), dict(classes))
    return editing.put(found, ("policies",), {"approval": True})


def number(key: str) -> str:
    """How cases of a pack are numbered, by the letters that its key begins with."""
    letters = re.sub(r"[^a-z]", "", key)[:3].upper() or "C"
    return f"{letters}{{year}}-{{serial:03d}}"


def first(key: str, label: str) -> Role:
    """A role of the program with the rights that a new one begins with."""
    rights = dict.fromkeys(FIRST_CLASSES, Relation.PROGRAM)
    return Role(key, label, RoleKind.PROGRAM, True, None, rights, rights, frozenset(FIRST_ACTS))


def entry(role: Role) -> Mapping[str, Plain]:
    """A role as pack.toml has it."""
    found: dict[str, Plain] = {"label": role.label, "kind": role.kind.value}
    if not role.staff:
        found["staff"] = False
    if role.eligible:
        found["eligible"] = role.eligible
    for verb, matrix in (("read", role.read), ("write", role.write)):
        if matrix:
            found[verb] = {cls: relation.value for cls, relation in matrix.items()}
    if role.may:
        found["may"] = [act.value for act in Act if act in role.may]
    return found
