"""The rooms of those who look after all cases: the board, the list of cases, ladders of deadlines."""

from __future__ import annotations

from api.web.board import caseload, cases, event_log, figures, history, ladders, map, reassigning, stepping_in, tiles

blueprints = (
    tiles.blueprint,
    cases.blueprint,
    ladders.blueprint,
    map.blueprint,
    event_log.blueprint,
    history.blueprint,
    figures.blueprint,
    caseload.blueprint,
    reassigning.blueprint,
    stepping_in.blueprint,
)
