"""Calling the REST door in process, as one of the cast."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app_of
from api.running import Config, Mode, Parley
from engine.model.cases import Case
from engine.operations.people import accounts
from tests.world import World

SECRET = b"a secret of 32 bytes for tests.."


@dataclass(frozen=True)
class Caller:
    """Somebody with an API token."""

    client: FlaskClient
    token: str

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """One request under /api/v1."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Read."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Do something; a body is sent as JSON."""
        return self.call("POST", path, **({"json": body} if body is not None else {}), **more)

    def step_in(self, instance_id: str, act: str, reason: str = "A question.") -> TestResponse:
        """One act on a procedure."""
        case_id = self.get(f"/process-instances/{instance_id}").json["case_id"]
        return self.post(f"/cases/{case_id}/interventions", {"act": act, "instance_id": instance_id, "reason": reason})

    def deploy(self, files: dict[str, bytes], **more: Any) -> TestResponse:
        """Deploy files."""
        parts = [(BytesIO(content), name) for name, content in files.items()]
        return self.call("POST", "/deployments", data={"files": parts}, **more)


@dataclass
class Rest:
    """The REST door over a world."""

    world: World
    app: Flask
    callers: dict[str, Caller] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Caller:
        if name not in self.callers:
            actor = self.world.actor(name)
            with self.world.store.unit_of_work() as uow:
                assert actor.account_id is not None
                _, secret = accounts.add_token(uow, actor, actor.account_id, "test")
                uow.commit()
            self.callers[name] = Caller(self.app.test_client(), secret)
        return self.callers[name]

    def loan(self) -> Case:
        """A loan that ben asked for, looked after by cor."""
        people = [("borrower", "ben"), ("curator", "cor")]
        return self.world.open_case("lia", "library", people, {"bookClass": "fragile", "wish": "CANARY-wish"})


def over(world: World) -> Rest:
    """The REST door of a program that is served for real."""
    return Rest(world, create_app_of(Parley(world.store, Config(Mode.SERVE, SECRET))))


def process(key: str, inside: str) -> bytes:
    """A small diagram: start, then what is inside from flow `f0` to flow `f9`, then end."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:parley="urn:parley:bpmn:1" id="of-{key}" targetNamespace="urn:test">
  <bpmn:message id="go" name="Go" parley:correlationKey="=order"/><bpmn:signal id="all" name="All"/>
  <bpmn:process id="{key}" name="Small" isExecutable="true">
    <bpmn:startEvent id="begin"/>
    {inside}
    <bpmn:endEvent id="done"/>
  </bpmn:process>
</bpmn:definitions>""".encode()


def flow(number: int, source: str, target: str) -> str:
    """A sequence flow."""
    return f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'


ASK = process("small", f'<bpmn:userTask id="ask" name="Ask"/>{flow(0, "begin", "ask")}{flow(9, "ask", "done")}')
WAIT = process(
    "patient",
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    '<bpmn:intermediateCatchEvent id="again"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    f"{flow(0, 'begin', 'wait')}{flow(1, 'wait', 'again')}{flow(9, 'again', 'done')}",
)
HEAR = process(
    "listener",
    '<bpmn:intermediateCatchEvent id="hear"><bpmn:messageEventDefinition messageRef="go"/></bpmn:intermediateCatchEvent>'
    f"{flow(0, 'begin', 'hear')}{flow(9, 'hear', 'done')}",
)
HEED = process(
    "heeder",
    '<bpmn:intermediateCatchEvent id="heed"><bpmn:signalEventDefinition signalRef="all"/></bpmn:intermediateCatchEvent>'
    f"{flow(0, 'begin', 'heed')}{flow(9, 'heed', 'done')}",
)
