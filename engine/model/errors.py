"""The engine's errors. An error's docstring is its default message; its `code` is stable and public."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Level(StrEnum):
    """What a problem means: `refuse` keeps a deployment from being made, `warn` is shown and may stay."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a deployed file, in words.

    `element_id` is the author's id (None when the whole file is meant); `code` is stable kebab-case;
    `message` says what is wrong and what to do.
    """

    file: str
    element_id: str | None
    code: str
    message: str
    level: Level = Level.REFUSE
    #: other elements that are wrong for the same reason, by the author's ids
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with submitted data. `path` is a JSON Pointer into the data ("" is the whole)."""

    path: str
    code: str
    message: str


class ParleyError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        super().__init__(self.message)


def said(failure: Exception) -> str:
    """What people are told of a failure, as a sentence: our errors speak for themselves, of others only the log knows more."""
    if isinstance(failure, ParleyError):
        return failure.message if failure.message.endswith((".", "!", "?")) else f"{failure.message}."
    return "The system could not do this step; tell whoever runs it."


def code_of(failure: Exception) -> str:
    """The stable code of a failure."""
    return failure.code if isinstance(failure, ParleyError) else "system-fault"


class NotFound(ParleyError):
    """There is nothing here that you may see."""

    code = "not-found"

    def __init__(self, message: str | None = None, *, walled: str | None = None) -> None:
        """`walled`: the id of the case behind a wall that was asked for; never told, only for writing down who tried."""
        super().__init__(message)
        self.walled = walled


class LinkGone(NotFound):
    """This link or code no longer works; ask for a new one."""

    code = "link-gone"


class Forbidden(ParleyError):
    """You may see this but not do that."""

    code = "forbidden"


class Excluded(Forbidden):
    """You hold another duty on this case that excludes this one; somebody else has to do it."""

    code = "excluded-duty"


class NotSignedIn(ParleyError):
    """Sign in first."""

    code = "not-signed-in"


class TooManyAttempts(ParleyError):
    """Too many attempts; wait a few minutes and try again."""

    code = "too-many-attempts"


class BadRequest(ParleyError):
    """The request could not be read; check its form."""

    code = "bad-request"


class TooLarge(ParleyError):
    """That is larger than what is accepted here."""

    code = "too-large"


class Conflict(ParleyError):
    """Somebody else changed this in the meantime; reload and look again."""

    code = "conflict"


class StaleVersion(Conflict):
    """This changed since it was read; nothing was saved. Reload and try again."""

    code = "stale-version"


class FormChanged(Conflict):
    """The form changed while you filled it in. Look through it again, then send it."""

    code = "form-changed"


class ChangedSince(Conflict):
    """Somebody changed this after you looked at it; look again, then decide."""

    code = "changed-since"


class TaskNotOpen(Conflict):
    """This task is no longer open; somebody completed it or the procedure moved on."""

    code = "task-not-open"


class NotRunning(Conflict):
    """This procedure is suspended or has ended, so it takes no acts now."""

    code = "not-running"


class PreconditionFailed(ParleyError):
    """This changed since you read it (If-Match does not match); read it again."""

    code = "precondition-failed"


class Invalid(ParleyError):
    """Some of what was sent cannot be accepted."""

    code = "invalid"

    def __init__(self, message: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors


class FormInvalid(Invalid):
    """The form has mistakes; nothing was lost, correct them and send it again."""

    code = "form-invalid"


class ModelRefused(Invalid):
    """The deployment cannot be run as it is; nothing of it was stored."""

    code = "model-refused"

    def __init__(self, problems: tuple[Problem, ...], message: str | None = None) -> None:
        super().__init__(message)
        self.problems = problems


class JobNotHeld(Conflict):
    """You do not hold this job: it was never fetched under this worker name, or its hold ran out and another worker took it.

    Fetch again, and extend the hold while you work.
    """

    code = "job-not-held"


class JobEnded(Conflict):
    """This job was answered before; the first answer counts."""

    code = "job-ended"


class TokenGone(Conflict):
    """The procedure no longer waits there; it moved on in the meantime."""

    code = "token-gone"
