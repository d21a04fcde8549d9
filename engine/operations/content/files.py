"""Files given with a task's form: put beside the draft, sent with the form, opened by whoever may read their class."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from engine import access, clock, forms, store
from engine.jobs import Scanner, Verdict
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import BadRequest, FieldError, FormInvalid, NotFound, TaskNotOpen
from engine.model.files import File, FileLink, FileRule
from engine.model.forms import Checked, Field, Form, RecordPart
from engine.model.ids import new_id
from engine.model.packs import Act
from engine.model.states import UserTaskState
from engine.operations import live, ties
from engine.operations.content import panels
from engine.operations.people import task_access
from engine.operations.people.task_access import Seen
from engine.schemas import pointer
from engine.store import UnitOfWork

#: most files beside one draft, and most bytes that one person may leave unsent
MOST, MOST_BYTES = 30, 200_000_000

_VERDICTS = noted({
    Verdict.HARMFUL: "“{name}” was not taken: the check for harmful content found something in it.",
    Verdict.UNKNOWN: "“{name}” could not be checked for harmful content just now, so it was not taken. Try again in a few minutes.",
})
_GONE = noted("This file is not there any more; choose it again.")


def rule(uow: UnitOfWork, actor: Actor, task_id: str, name: str) -> FileRule:
    """What a field of an open task takes, for whoever may write its class. `name` is that of its input.

    Raises NotFound, Forbidden, TaskNotOpen; BadRequest for a field that takes no files.
    """
    _, field = _asked(uow, actor, task_id, name)
    assert field.files is not None
    return field.files


def require_harmless(scanner: Scanner, field: str, name: str, content: BinaryIO) -> None:
    """Let a scanner look at a file, which may take its time: no transaction is open. Raises FormInvalid unless it is clean."""
    verdict = scanner.scan(content)
    if verdict is not Verdict.CLEAN:
        message = say(_VERDICTS[verdict], name=forms.sniffing.clean_name(name))
        raise FormInvalid(message, (FieldError(pointer(forms.files.path_of(field)), f"file-{verdict}", message),))


def add(uow: UnitOfWork, actor: Actor, task_id: str, name: str, given: tuple[str, BinaryIO], *, scanned: bool) -> File:
    """Put a file beside the actor's draft of a task. `given` is its name and content, which can be sought in.

    Raises what `rule` raises, and FormInvalid with a sentence for a file that cannot be taken.
    """
    found, field = _asked(uow, actor, task_id, name)
    assert field.files is not None
    path = pointer(forms.files.path_of(name))
    title, content = forms.sniffing.clean_name(given[0]), given[1]
    size = content.seek(0, io.SEEK_END)
    sort = forms.sniffing.recognise(path, title, content, size, field.files)
    require_room(uow, actor, path, size, len(store.files.unsent(uow, task_id, actor.person_id)))
    now = clock.now()
    made = File(
        id=new_id(now), program_id=found.case.program_id, case_id=found.case.id, task_id=task_id, field=field_name(name), cls=field.cls,
        participant_id=found.task.participant_id, author_id=actor.person_id, media_type=sort.media_type, size=size,
        digest=digest(content), scanned=scanned, at=now, sent_at=None, name=title,
    )  # fmt: skip
    store.files.insert(uow, made, parts(content))
    return made


def remove(uow: UnitOfWork, actor: Actor, task_id: str, ids: Collection[str]) -> None:
    """Take one's own files away again that were not sent; others stay as they are."""
    store.files.delete_unsent(uow, [one.id for one in store.files.unsent(uow, task_id, actor.person_id) if one.id in ids])


def beside(uow: UnitOfWork, actor: Actor, task_id: str, form: Form | None) -> Mapping[str, FileLink]:
    """What the actor put beside the draft of a task, by id."""
    if form is None or not forms.files.has_files(form):
        return {}
    return {one.id: link(one) for one in store.files.unsent(uow, task_id, actor.person_id)}


def unsent(uow: UnitOfWork, actor: Actor, task_id: str) -> tuple[File, ...]:
    """What the actor put beside the draft of a task, oldest first. Raises NotFound."""
    task_access.seen(uow, actor, task_id)
    return store.files.unsent(uow, task_id, actor.person_id)


def of_case(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[File, ...]:
    """What was sent in a case and the actor may open, oldest first. Raises NotFound or Forbidden where they may not see the case."""
    found = panels.seen(uow, actor, case_id)

    def readable(file: File) -> bool:
        return access.can_read(found.actor, ties.to_record(found.subject, file.cls, file.participant_id, file.author_id), found.pack)

    return tuple(one for one in store.files.sent(uow, case_id) if readable(one))


def link(file: File) -> FileLink:
    """A file as pages show it."""
    return FileLink(file.id, file.name, file.size, file.scanned)


def send(uow: UnitOfWork, actor: Actor, found: Seen, form: Form, checked: Checked) -> Checked:
    """The answers with what records keep of each file, which is the actor's own and unsent; the rest beside the task goes.

    Raises FormInvalid for a file that is not there, or was put at another field.
    """
    if not forms.files.has_files(form):
        return checked
    known = {one.id: one for one in store.files.unsent(uow, found.task.id, actor.person_id)}
    kept, used = put_in(form, checked, known)
    if used:
        store.files.mark_sent(uow, used, clock.now())
    store.files.delete_of_task(uow, found.task.id)
    return kept


def put_in(form: Form, checked: Checked, known: Mapping[str, File]) -> tuple[Checked, frozenset[str]]:
    """The answers with what records keep of each file, and the ids of the files that they name. Raises FormInvalid as `send`."""
    errors: list[FieldError] = []
    used: set[str] = set()
    parts = tuple(_kept(form, part, known, used, errors) for part in checked.records)
    if errors:
        raise FormInvalid(errors=tuple(errors))
    return replace(checked, records=parts), frozenset(used)


def get(uow: UnitOfWork, actor: Actor, file_id: str) -> File:
    """A file that the actor may read now: their own beside a task that is theirs still, or one of a class they read.

    Raises NotFound otherwise; whether it was ever there is not told.
    """
    file = store.files.get(uow, file_id)
    case = store.cases.get(uow, file.case_id)
    if case.program_id != actor.program_id:
        raise NotFound
    if file.sent_at is None:
        found = task_access.seen(uow, actor, file.task_id)
        if file.author_id != actor.person_id or not task_access.modes(found):
            raise NotFound
        return file
    subject, pack = ties.to_case(uow, actor, case), live.pack(uow, case.program_id, case.pack)
    if subject.walled:
        raise NotFound(walled=case.id)
    if not access.can_read(actor, ties.to_record(subject, file.cls, file.participant_id, file.author_id), pack):
        raise NotFound
    return file


def part(uow: UnitOfWork, actor: Actor, file_id: str, number: int) -> bytes | None:
    """One part of a file's content; None after the last. Whether the actor may read it is asked for each part anew."""
    return store.files.part(uow, get(uow, actor, file_id), number)


def _asked(uow: UnitOfWork, actor: Actor, task_id: str, name: str) -> tuple[Seen, Field]:
    found = task_access.seen(uow, actor, task_id)
    if not task_access.modes(found):
        access.require(found.actor, Act.TASK_WORK, found.subject, found.pack)
    if found.task.state is not UserTaskState.OPEN:
        raise TaskNotOpen
    form = live.form(uow, store.definitions.get(uow, found.task.definition_id), found.task.form)
    field = forms.files.field_at(form, forms.files.path_of(name)) if form else None
    if field is None or field.files is None:
        raise BadRequest(say("This form takes no file there."))
    if found.pack is not None:
        subject = ties.to_record(found.subject, field.cls, found.task.participant_id, None)
        if not access.can_write(found.actor, subject, found.pack):
            raise BadRequest(say("This form takes no file there."))
    return found, field


def require_room(uow: UnitOfWork, actor: Actor, path: str, size: int, number: int) -> None:
    """Raise FormInvalid where there are `number` files already, or `size` bytes more are more than one may leave unsent."""
    if number >= MOST:
        message = say("There are {most} files here already; take one away first.", most=MOST)
        raise FormInvalid(message, (FieldError(path, "too-many-files", message),))
    if store.files.size_unsent(uow, actor.program_id, actor.person_id) + size > MOST_BYTES:
        message = say("There are too many files that you did not send yet; send a form, or take some away.")
        raise FormInvalid(message, (FieldError(path, "too-many-files", message),))


def _kept(form: Form, part: RecordPart, known: Mapping[str, File], used: set[str], errors: list[FieldError]) -> RecordPart:
    fields: dict[str, object] = dict(part.fields)
    for path, field, value in tuple(forms.files.given(form, fields)):
        file = known.get(str(value))
        where = ".".join(step for step in path if isinstance(step, str))
        if file is None or file.field != where or file.cls != field.cls or file.id in used:
            errors.append(FieldError(pointer(path), "no-such-file", say(_GONE)))
            continue
        used.add(file.id)
        body = {"file": file.id, "name": file.name, "size": file.size, "type": file.media_type, "digest": file.digest}
        fields = forms.files.put(fields, path, {**body, "scanned": file.scanned})
    return RecordPart(part.cls, fields)


def field_name(name: str) -> str:
    """The field that an input's name means, without the number of its row."""
    return ".".join(step for step in forms.files.path_of(name) if isinstance(step, str))


def digest(content: BinaryIO) -> str:
    """SHA-256 of a content, hexadecimal."""
    found = hashlib.sha256()
    for part in parts(content):
        found.update(part)
    return found.hexdigest()


def parts(content: BinaryIO) -> Iterator[bytes]:
    """A content in the parts that are stored."""
    content.seek(0)
    while block := content.read(store.files.PART):
        yield block
