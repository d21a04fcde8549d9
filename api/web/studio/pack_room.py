"""The room where the words and rules of a change's pack are changed, part by part, without script and without TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import pack_fields, pack_words
from api.web.studio.changes import ROOMS
from api.web.studio.pack_part import Part
from api.web.studio.pack_parts import PARTS
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound
from engine.model.states import ChangeState
from engine.operations.drafting import change_problems, changes, pack_changes, pack_choices
from engine.operations.drafting.pack_changes import mark
from engine.packs import editing
from engine.packs.shape import NAME
from engine.store import UnitOfWork

blueprint = Blueprint("pack_room", __name__, url_prefix="/procedures/changes/<change_id>/pack")

ROOMS["pack"] = ("pack_room.show", "Change")


@blueprint.get("")
def show(change_id: str) -> page.Answer:
    """The parts of the pack, and what stands against it."""
    with page.reading() as (uow, actor):
        found = pack_changes.get(uow, actor, change_id)
        problems = [one for one in change_problems.told(uow, actor, change_id) if one.problem.file == found.file.name]
        numbers = {key: len(_found(one, found.raw, None) or ()) for key, one in PARTS.items()}
        return _render(
            uow, actor, change_id, "pack_overview", title=found.raw.get("title", ""), numbers=numbers, problems=problems, parts=PARTS
        )


def _render(uow: UnitOfWork, actor: Actor, change_id: str, template: str, status: int = 200, **values: Any) -> Response:
    change = changes.get(uow, actor, change_id)
    may_draw = change.state is ChangeState.DRAWING and changes.may_draw(uow, actor)
    values |= {"change": change, "may_draw": may_draw, "words": pack_words}
    return page.render(f"studio/{template}.html", uow, actor, here="studio", status=status, **values)


@blueprint.get("/<part>")
def part(change_id: str, part: str) -> page.Answer:
    """One part: its entries, or its one page."""
    asked = _part(part)
    with page.reading() as (uow, actor):
        if asked.whole:
            return _entry_page(uow, actor, change_id, asked, None)
        around = pack_choices.around(uow, actor, change_id)
        rows = [(key, [tell(entry, around) for _, tell in asked.columns]) for key, entry in _entries(asked, around.raw)]
        return _render(uow, actor, change_id, "pack_part", part=asked, rows=rows)


def _part(key: str) -> Part:
    if key not in PARTS:
        raise NotFound
    return PARTS[key]


def _entries(asked: Part, raw: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found = _found(asked, raw, None)
    pairs = enumerate(found or ()) if asked.listed else (found or {}).items()
    return [(str(key), entry) for key, entry in pairs if isinstance(entry, Mapping)]


@blueprint.get("/<part>/new", defaults={"key": ""})
@blueprint.get("/<part>/entries/<key>")
def entry(change_id: str, part: str, key: str) -> page.Answer:
    """One entry of a part, or a new one."""
    with page.reading() as (uow, actor):
        return _entry_page(uow, actor, change_id, _part(part), key)


def _entry_page(
    uow: UnitOfWork,
    actor: Actor,
    change_id: str,
    asked: Part,
    key: str | None,
    given: Mapping[str, Any] | None = None,
    wrong: Invalid | None = None,
) -> Response:
    around = pack_choices.around(uow, actor, change_id)
    now = _found(asked, around.raw, key)
    if now is None and key:
        raise NotFound(say("The pack does not have this any more."))
    known = {one.name for one in asked.fields}
    named = (
        [(first if (first := error.path.lstrip("/").partition("/")[0]) in known else "", error.message) for error in wrong.errors]
        if wrong
        else []
    )
    shown = _as_entry(asked, now) if given is None else given
    views = pack_fields.views(asked.fields, shown, around, dict(reversed(named)), new=key == "")
    values: dict[str, Any] = {"part": asked, "key": key, "views": views, "was": request.form.get("was") or mark(now)}
    errors = [(f"f-{name}" if name else None, message) for name, message in named]
    last = len(_found(asked, around.raw, None) or ()) - 1
    return _render(uow, actor, change_id, "pack_entry", 422 if wrong else 200, errors=errors, last=last, **values)


def _found(asked: Part, raw: Mapping[str, Any], key: str | None) -> Any:
    """What the file has of a part (key None) or of an entry; None for a new one, and for what is gone."""
    found: Any = raw
    for part in asked.path:
        found = found.get(part) if isinstance(found, Mapping) else None
    if key is None:
        return found
    if not asked.listed:
        return (found or {}).get(key)
    return found[int(key)] if found and key.isascii() and key.isdigit() and int(key) < len(found) else None


def _as_entry(asked: Part, found: Any) -> Mapping[str, Any]:
    """A table whose entries are the codes themselves is one field of its page."""
    if asked.whole and asked.fields[0].name == asked.key:
        return {asked.key: found or {}}
    return found or {}


@blueprint.post("/<part>")
def save_part(change_id: str, part: str) -> page.Answer:
    """Save a part that is one page."""
    asked = _part(part)
    return _saved(change_id, asked, None) if asked.whole else page.go(url_for("pack_room.part", change_id=change_id, part=part))


@blueprint.post("/<part>/new", defaults={"key": ""})
@blueprint.post("/<part>/entries/<key>")
def save(change_id: str, part: str, key: str) -> page.Answer:
    """Save an entry, or a new one."""
    return _saved(change_id, _part(part), key)


def _saved(change_id: str, asked: Part, key: str | None) -> page.Answer:
    sent, given = request.form, {}

    def work(uow: UnitOfWork, actor: Actor) -> None:
        raw = pack_changes.get(uow, actor, change_id).raw
        before = _as_entry(asked, _found(asked, raw, key))
        read = pack_fields.read(asked.fields, sent, before, new=key == "")
        given.update(read)
        _write(uow, actor, change_id, asked, key, read, raw)

    try:
        page.act(work)
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _entry_page(uow, actor, change_id, asked, key, given, wrong)
    said = say("Saved: {what}.", what=say(asked.title).lower() if asked.whole else say(asked.one))
    if asked.whole:
        return page.go(url_for("pack_room.show", change_id=change_id), said)
    return page.go(url_for("pack_room.part", change_id=change_id, part=asked.key), said)


def _write(
    uow: UnitOfWork, actor: Actor, change_id: str, asked: Part, key: str | None, read: dict[str, Any], raw: Mapping[str, Any]
) -> None:
    was = request.form.get("was", "")
    if key is None:
        value = read.get(asked.key, {}) if asked.fields[0].name == asked.key else read
        if value or _found(asked, raw, None) is not None:
            pack_changes.put_part(uow, actor, change_id, asked.path, value, was)
    elif asked.listed and not key:
        pack_changes.append_part(uow, actor, change_id, asked.path, read)
    elif asked.listed:
        pack_changes.put_part(uow, actor, change_id, _path(asked, key), read, was)
    else:
        wanted = str(read.pop("_key", ""))
        pack_changes.put_part(uow, actor, change_id, (asked.key, key or _new_key(asked, wanted, read, raw)), read, was if key else "")


def _path(asked: Part, key: str) -> editing.Path:
    if not asked.listed:
        return asked.key, key
    if not (key.isascii() and key.isdigit()):
        raise NotFound
    return *asked.path, int(key)


def _new_key(asked: Part, wanted: str, read: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    """The key that was typed, or one made of the label. Raises Invalid for one that cannot be used or is taken."""
    taken = raw.get(asked.key, {})
    if not wanted:
        wanted = base = _made_key(asked, str(read.get("label") or read.get("title") or ""))
        number = 2
        while wanted in taken:
            wanted, number = f"{base}{number}", number + 1
    if wanted in taken:
        raise Invalid(errors=(FieldError("/_key", "taken", say("There is one of that name already; choose another.")),))
    if not re.fullmatch(asked.pattern, wanted):
        message = (
            say("Begin with a letter and use letters and digits.")
            if asked.pattern == NAME
            else say("Use lower case letters, digits and dashes.")
        )
        raise Invalid(errors=(FieldError("/_key", "bad-name", message),))
    return wanted


def _made_key(asked: Part, label: str) -> str:
    words = re.findall(r"[a-z0-9]+", label.lower())[:5]
    if asked.pattern == NAME:
        return "".join(word if place == 0 else word.capitalize() for place, word in enumerate(words))
    return "-".join(words)


@blueprint.post("/<part>/entries/<key>/removal")
def remove(change_id: str, part: str, key: str) -> AnyResponse:
    """Take an entry out of the pack."""
    asked, was = _part(part), request.form.get("was", "")
    page.act(lambda uow, actor: pack_changes.remove_part(uow, actor, change_id, _path(asked, key), was))
    said = say("The {one} is taken out by this change. What still names it is listed as a problem.", one=say(asked.one))
    return page.go(url_for("pack_room.part", change_id=change_id, part=part), said)


@blueprint.post("/<part>/entries/<key>/move")
def move(change_id: str, part: str, key: str) -> AnyResponse:
    """Let an entry stand one place higher or lower."""
    asked = _part(part)
    if not asked.ordered:
        raise NotFound
    *_, place = _path(asked, key)
    to = int(place) + (1 if request.form.get("to") == "down" else -1)
    page.act(lambda uow, actor: pack_changes.edit(uow, actor, change_id, lambda text: editing.move(text, asked.key, int(place), to)))
    return page.go(url_for("pack_room.part", change_id=change_id, part=part), say("Moved."))
