"""Settings of a change for the rooms' scripts: a diagram's timer that reads a setting changes it here."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from api.web import page
from engine.language import told
from engine.model.errors import BadRequest, Invalid
from engine.operations.drafting import pack_changes

blueprint = Blueprint("pack_settings", __name__, url_prefix="/procedures/changes/<change_id>/settings")


@blueprint.put("/<key>")
def put(change_id: str, key: str) -> Response:
    """`{value}`: a duration as `P21D`, a number, a text, true or false. 422 with a sentence when it does not fit the setting."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or "value" not in body:
        raise BadRequest("Send JSON: {value}.")
    try:
        saved = page.act(lambda uow, actor: pack_changes.set_setting(uow, actor, change_id, key, body["value"]))
    except Invalid as wrong:
        answer = jsonify(code=wrong.errors[0].code, message=told(wrong.message))
        answer.status_code = 422
        return answer
    answer = jsonify(file=saved.name, revision=saved.revision, value=body["value"])
    answer.set_etag(str(saved.revision))
    return answer
