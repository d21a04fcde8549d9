"""Files that come with the request for a case: chosen while there is no case yet, the case's own once it is open.

They lie apart, sealed, for their author alone. Opening the case puts them in with the form that names them; what belongs
to a case that nobody opened goes after two days.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import BinaryIO

from engine import access, clock, forms, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.errors import BadRequest
from engine.model.files import File, FileLink, OpeningFile
from engine.model.forms import Checked, Field, Form
from engine.model.ids import new_id
from engine.model.packs import Act
from engine.operations import live
from engine.operations.content import files
from engine.schemas import pointer
from engine.store import UnitOfWork

#: how long what was chosen waits for its case
KEPT = timedelta(days=2)


def rule(uow: UnitOfWork, actor: Actor, pack: str, name: str) -> Field:
    """The field of a pack's opening form that an input means. Raises Forbidden, NotFound; BadRequest where it takes no files."""
    found = live.sole_pack(uow, actor, pack)
    access.require(actor, Act.CASE_OPEN, Subject("program", actor.program_id), found)
    form = live.pack_form(uow, found, actor.program_id, found.case.opening_form)
    field = forms.files.field_at(form, forms.files.path_of(name)) if form else None
    if field is None or field.files is None:
        raise BadRequest(say("This form takes no file there."))
    return field


def add(uow: UnitOfWork, actor: Actor, pack: str, name: str, given: tuple[str, BinaryIO], *, scanned: bool) -> OpeningFile:
    """Keep a file for a case that the actor is opening; `given` is its name and content, which can be sought in.

    Raises what `rule` raises, and FormInvalid with a sentence for a file that cannot be taken.
    """
    field = rule(uow, actor, pack, name)
    assert field.files is not None
    path, title, content = pointer(forms.files.path_of(name)), forms.sniffing.clean_name(given[0]), given[1]
    size = content.seek(0, io.SEEK_END)
    sort = forms.sniffing.recognise(path, title, content, size, field.files)
    _require_room(uow, actor, path, size)
    now = clock.now()
    made = OpeningFile(
        id=new_id(now), program_id=actor.program_id, pack=pack, field=files.field_name(name), cls=field.cls, author_id=actor.person_id,
        media_type=sort.media_type, size=size, digest=files.digest(content), scanned=scanned, at=now, name=title,
    )  # fmt: skip
    store.opening_files.insert(uow, made, files.parts(content))
    return made


def remove(uow: UnitOfWork, actor: Actor, ids: Iterable[str]) -> None:
    """Take one's own files away again; others stay as they are."""
    own = {one.id for one in store.opening_files.of_author(uow, actor.program_id, actor.person_id)}
    store.opening_files.delete(uow, own & set(ids))


def beside(uow: UnitOfWork, actor: Actor, pack: str, form: Form | None) -> Mapping[str, FileLink]:
    """What the actor chose for cases of a pack that are not open yet, by id."""
    if form is None or not forms.files.has_files(form):
        return {}
    found = store.opening_files.of_author(uow, actor.program_id, actor.person_id)
    return {one.id: FileLink(one.id, one.name, one.size, one.scanned) for one in found if one.pack == pack}


def send(uow: UnitOfWork, actor: Actor, case: Case, form: Form, checked: Checked) -> Checked:
    """The answers with what records keep of each file, and the files put into the case that was just opened.

    Raises FormInvalid for a file that is not the actor's, not there any more, or was put at another field.
    """
    if not forms.files.has_files(form):
        return checked
    chosen = {one.id: one for one in store.opening_files.of_author(uow, case.program_id, actor.person_id) if one.pack == case.pack}
    known = {one.id: _of_case(one, case) for one in chosen.values()}
    kept, used = files.put_in(form, checked, known)
    for id in sorted(used):
        # Part by part through the sealing door again: from here on they are the case's.
        store.files.insert(uow, known[id], store.opening_files.parts(uow, chosen[id]))
    store.opening_files.delete(uow, used)
    return kept


def forget(uow: UnitOfWork) -> int:
    """Drop what was chosen for cases that nobody opened; how many files."""
    return store.opening_files.delete_before(uow, clock.now() - KEPT)


def are_old(uow: UnitOfWork) -> bool:
    """Whether there is anything that `forget` would drop."""
    return store.opening_files.are_before(uow, clock.now() - KEPT)


def _of_case(one: OpeningFile, case: Case) -> File:
    return File(
        id=one.id, program_id=one.program_id, case_id=case.id, task_id="", field=one.field, cls=one.cls, participant_id=None,
        author_id=one.author_id, media_type=one.media_type, size=one.size, digest=one.digest, scanned=one.scanned, at=one.at,
        sent_at=clock.now(), name=one.name,
    )  # fmt: skip


def _require_room(uow: UnitOfWork, actor: Actor, path: str, size: int) -> None:
    waiting = store.opening_files.of_author(uow, actor.program_id, actor.person_id)
    files.require_room(uow, actor, path, size + sum(one.size for one in waiting), len(waiting))
