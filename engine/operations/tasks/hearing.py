"""Who may enter a participant's answers for them: whoever may hear everything that has to be answered.

Without this, who may hear nothing of it would send an empty answer, and the procedure would go on as if the person had spoken.
"""

from __future__ import annotations

from collections.abc import Callable

from engine import forms
from engine.language import say
from engine.model.errors import Forbidden
from engine.model.forms import Form, Mode
from engine.model.packs import Act, Pack
from engine.operations.people import task_access
from engine.operations.people.task_access import Seen


def modes(found: Seen, form: Form | None, may_write: Callable[[str], bool]) -> tuple[Mode, ...]:
    """The ways in which the actor may complete the task with its form."""
    kept = [one for one in task_access.modes(found) if one is not Mode.ON_BEHALF or not _unheard(form, may_write)]
    return tuple(kept)


def instead(found: Seen, form: Form | None, may_write: Callable[[str], bool]) -> str:
    """What who may enter answers, but not hear these, does instead, in words; "" where nothing stands in the way."""
    if Mode.ON_BEHALF not in task_access.modes(found) or not (classes := _unheard(form, may_write)):
        return ""
    who = _who(found.pack, classes) if found.pack else ""
    if not who:
        return say("What this asks is only for the person to say. Let them in with a link, or with a code that you read out on the phone.")
    return say(
        "What this asks may be told to {who}, not to you: ask them to enter it. Or let the person in with a link, or with a code "
        "that is read out on the phone.",
        who=who,
    )  # fmt: skip


def require(found: Seen, form: Form | None, may_write: Callable[[str], bool]) -> None:
    """Raises Forbidden, saying what to do instead, for who enters an answer without being the one to hear it."""
    said = instead(found, form, may_write)
    if said:
        raise Forbidden(said)


def _unheard(form: Form | None, may_write: Callable[[str], bool]) -> frozenset[str]:
    """The classes of what every answer must hold that the actor may not write; other questions may stay open."""
    if form is None:
        return frozenset()
    return frozenset(
        one.cls
        for one in form.fields
        if one.required and one.show_if is None and not one.on_behalf_only and not forms.is_offered(one, Mode.ON_BEHALF, may_write)
    )


def _who(pack: Pack, classes: frozenset[str]) -> str:
    """The roles that may enter answers of these classes, by name."""
    able = [
        role.label
        for role in pack.roles.values()
        if Act.TASK_COMPLETE_FOR in role.may and all(cls in role.write or cls.partition(".")[0] in role.write for cls in classes)
    ]
    return ", ".join(able)
