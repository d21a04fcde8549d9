"""The REST door: one blueprint a resource under /api/v1, its OpenAPI document, and health."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from api.rest import (
    absences,
    accounts,
    audit_entries,
    board,
    cases,
    changes,
    definitions,
    deployments,
    docs,
    event_logs,
    figures,
    files,
    health,
    instances,
    interventions,
    jobs,
    maps,
    messages,
    migrations,
    models,
    notices,
    panels,
    persons,
    portal_keys,
    sandbox,
    telling,
    user_tasks,
    walls,
)
from api.rest.fields import Problem
from api.rest.problems import MEDIA_TYPE

_RESOURCES = (
    deployments,
    changes,
    models,
    definitions,
    instances,
    interventions,
    migrations,
    user_tasks,
    files,
    messages,
    jobs,
    cases,
    board,
    maps,
    event_logs,
    figures,
    panels,
    portal_keys,
    persons,
    walls,
    absences,
    accounts,
    notices,
    telling,
    audit_entries,
    sandbox,
)


class IdConverter(BaseConverter):
    """An id of ours (engine.model.ids); other text is no address here."""

    regex = "[0-9a-f]{32}"


class KeyConverter(BaseConverter):
    """A key that an author chose: readable, without slashes."""

    regex = r"[^/\x00-\x20\x7f\ud800-\udfff]{1,200}"


class ParleyApi(Api):
    """flask-smorest's document of the resources; errors are rendered by `api.app`, as problem details."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Nothing: one handler for REST and pages stands in `api.app`."""

    def _register_responses(self) -> None:
        super()._register_responses()
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for lazy in self.spec.components.responses_lazy.values():
            if "content" in lazy:
                lazy["content"] = content


def register(app: Flask) -> None:
    """All resources, the document at /api/v1/openapi.json and the page at /api/v1/docs."""
    app.url_map.converters.update(id=IdConverter, key=KeyConverter)
    app.config.update(
        API_TITLE="Parley",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Procedures drawn as BPMN diagrams, their cases, tasks and people."},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    api = ParleyApi(app)
    for resource in _RESOURCES:
        api.register_blueprint(resource.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(docs.blueprint_for(api.spec))
