"""What the rooms' scripts know of a change where one of its diagrams is drawn: choices, words, and variables at each element."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.web import page
from engine.model.errors import BadRequest
from engine.model.forms import Form
from engine.model.packs import DeadlineRule, Pack, RoleKind, Rung, SettingRule, VariableRule
from engine.operations import vocabulary
from engine.operations.drafting import knowledge, reminders
from engine.operations.drafting.knowledge import Knowledge

blueprint = Blueprint("knowledge", __name__, url_prefix="/procedures/changes/<change_id>/knowledge")


@blueprint.get("/<path:name>")
def show(change_id: str, name: str) -> Response:
    """What is known with the files as they are saved."""
    return _answer(change_id, name, {})


@blueprint.post("/<path:name>")
def unsaved(change_id: str, name: str) -> Response:
    """What is known with files that are not saved yet: `{files: {name: text}}`."""
    return _answer(change_id, name, files_sent())


def files_sent() -> dict[str, bytes]:
    """The unsaved files of a request, by name. Raises BadRequest."""
    body = request.get_json(silent=True)
    files = body.get("files", {}) if isinstance(body, dict) else None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise BadRequest("Send JSON: {files: {name: text}}.")
    return {str(name): text.encode("utf-8", "replace") for name, text in files.items()}


def _answer(change_id: str, name: str, files: dict[str, bytes]) -> Response:
    with page.reading() as (uow, actor):
        found = knowledge.spoken(knowledge.of_file(uow, actor, change_id, name, files), actor)
    answer = jsonify(plain(found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def plain(known: Knowledge) -> dict[str, Any]:
    """Knowledge as JSON."""
    return {
        "forms": [_form(form) for form in known.forms],
        "decisions": [{"id": one.id, "name": one.name or one.id, "inputs": one.inputs, "outputs": one.outputs} for one in known.decisions],
        "processes": [{"key": one.key, "name": one.name or one.key, "inputs": one.inputs} for one in known.processes],
        "duties": known.duties,
        "messages": [{"name": name, "label": _message(known.pack, name)} for name in known.messages],
        "operations": [{"name": name, "inputs": inputs} for name, inputs in vocabulary.OPERATIONS.items()],
        "variables": {name: _variable(name, rule) for name, rule in known.variables.items()},
        "at": known.at,
        **(_pack(known.pack) if known.pack else {}),
    }


def _pack(pack: Pack) -> dict[str, Any]:
    roles = [{"key": role.key, "label": role.label, "kind": role.kind.value, "staff": role.staff} for role in pack.roles.values()]
    return {
        "roles": roles,
        "participants": [role for role in roles if role["kind"] != RoleKind.PROGRAM.value],
        "lanes": [{"name": name, "role": role} for name, role in pack.lanes.items()],
        "exclusions": [{"between": list(one.between), "reason": one.reason} for one in pack.exclusions],
        "settings": [_setting(rule) for rule in pack.settings.values()],
        "notices": [{"key": one.key, "title": one.title} for one in pack.notices.values()],
        "milestones": [{"key": code, "label": label} for code, label in pack.milestones.items()],
        "classes": [{"key": code, "label": label} for code, label in pack.classes.items()],
        "calendars": [{"key": one.key, "label": one.label, "usual": one.key == pack.calendar} for one in pack.calendars.values()],
        "deadline_rules": deadline_rules(pack.deadline_rules),
    }


def _form(form: Form) -> dict[str, Any]:
    fields = [{"name": one.name, "title": one.title, "type": one.type.value, "class": one.cls} for one in form.fields]
    derived = [{"name": one.name, "title": one.name, "type": one.type, "class": one.cls} for one in form.derive]
    return {"key": form.key, "title": form.title, "fields": fields + derived}


def _message(pack: Pack | None, name: str) -> str:
    rule = pack.messages.get(name) if pack else None
    return rule.label if rule else name


def _setting(rule: SettingRule) -> dict[str, Any]:
    bounds = {name: value for name, value in (("min", rule.least), ("max", rule.most)) if value is not None}
    return {"key": rule.key, "label": rule.label, "type": rule.type.value, "value": rule.default, **bounds}


def _variable(name: str, rule: VariableRule | None) -> dict[str, Any]:
    if rule is None:
        return {"label": name}
    return {"type": rule.type.value, "label": rule.label, **({"values": dict(rule.values)} if rule.values else {})}


def deadline_rules(rules: Iterable[DeadlineRule]) -> list[dict[str, Any]]:
    """Deadline rules as JSON, in order; `mark` is sent back with what changes one."""
    return [
        {"key": one.key, "applies_to": list(one.applies_to), "rungs": [_rung(rung) for rung in one.rungs], "mark": reminders.mark(one)}
        for one in rules
    ]


def _rung(rung: Rung) -> dict[str, Any]:
    times = {"offset": rung.offset, "percentage": rung.percentage, "after": rung.after}
    every = {**times, "act": rung.act.value, "to": rung.to, "notice": rung.notice, "process": rung.process, "label": rung.label}
    return {"number": rung.number, **{name: value for name, value in every.items() if value is not None}}
