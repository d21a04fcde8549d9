"""Where the acts that move a case are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import request, url_for

from api.web import page
from engine.model.moves import Move, MoveKind

_PAGES: Mapping[MoveKind, Callable[[Move], str]] = {
    MoveKind.WORK: lambda move: url_for("task.show", task_id=move.task_id),
    MoveKind.ASSIGN: lambda move: url_for("stepping_in.ask", case_id=move.case_id, kind=move.kind.value, task=move.task_id, back=_back()),
    MoveKind.SEND: lambda move: url_for("case.ask_message", case_id=move.case_id, name=move.message),
    MoveKind.CORRECT: lambda move: url_for("correction.ask", case_id=move.case_id, instance_id=move.instance_id, back=_back()),
}


def _back() -> str | None:
    """The list on which an act is offered; a case's own page is where each leads by itself."""
    return page.here() if request.endpoint == "all_cases.show" else None


def href(move: Move) -> str:
    """The page on which an act is done."""
    if move.kind in _PAGES:
        return _PAGES[move.kind](move)
    return url_for("stepping_in.ask", case_id=move.case_id, kind=move.kind.value, instance=move.instance_id, back=_back())
