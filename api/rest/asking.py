"""What cases, and the procedures on them, are asked by: the same words in both lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from api.rest.fields import Query, line
from engine.model.errors import BadRequest
from engine.model.tiles import CaseQuestion, Operator
from engine.operations.supervision import lists


class CaseQuery(Query):
    """What cases are like; all that is set holds."""

    status = line(load_default="", metadata={"description": "code of a status"})
    element = line(load_default="", metadata={"description": "PROCESS/ELEMENT where a task is open"})
    fact = fields.List(
        line(), load_default=list, metadata={"description": "KEY:OPERATOR:VALUE (is, is-not, less, at-most, at-least, more); all hold"}
    )
    tile = line(load_default="", metadata={"description": "PACK/KEY of a tile of the board"})
    bucket = fields.Integer(load_default=None, metadata={"description": "only this group of days late of the tile"})


def question(args: Mapping[str, Any]) -> CaseQuestion:
    """What is asked of cases in any state. Raises BadRequest for what is no fact."""
    found = lists.question({key: args[key] for key in ("status", "element", "tile")}, args["fact"])
    if len(found.facts) != len(args["fact"]):
        raise BadRequest("A fact is asked for as KEY:OPERATOR:VALUE, at most six of them; the operators are: " + ", ".join(Operator) + ".")
    return replace(found, state=None, bucket=args["bucket"])
