"""What the database refuses, as errors of the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError

from engine.model.errors import BadRequest, Conflict, ParleyError

_BUSY = "The database was busy with other work; nothing was saved. Try again in a moment."
_UNREADABLE = "That holds characters or numbers that cannot be stored; correct them and try again."
#: PostgreSQL: serialization failure, deadlock, lock not available (PostgreSQL 16, appendix A)
_RETRY = frozenset({"40001", "40P01", "55P03"})


@contextmanager
def translated() -> Iterator[None]:
    """Raises Conflict for a broken constraint or lock, BadRequest for a value no column can hold; others pass."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict from error
    except DataError as error:
        raise BadRequest(_UNREADABLE) from error
    except OperationalError as error:
        if _is_busy(error):
            raise Conflict(_BUSY) from error
        raise
    except StatementError as error:
        _raise_cause(error)
        raise
    except (UnicodeEncodeError, OverflowError) as error:
        raise BadRequest(_UNREADABLE) from error


def _is_busy(error: DBAPIError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate in _RETRY or getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _raise_cause(error: StatementError) -> None:
    if isinstance(error.orig, ParleyError):
        raise error.orig from error
    if isinstance(error.orig, (UnicodeEncodeError, OverflowError)):
        raise BadRequest(_UNREADABLE) from error
