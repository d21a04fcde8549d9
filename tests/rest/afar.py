"""The same cast and the same steps as `tests.world`, for a server that is only reached over HTTP.

Everybody calls with their own bearer token; what a person was ever answered is kept, so that a story can look through it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from engine import clock, feel
from engine.model.cases import Case
from engine.model.states import CaseState
from tests.processes import telling
from tests.world import ROOT

PACK = ROOT / "processes/mediation"
FORMS = ROOT / "forms/mediation"
_BOUNDARY = "a-boundary-of-the-tests"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Message
    text: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Known:
    """A person the server knows."""

    id: str


@dataclass
class Afar:
    """A server, its people by first name, and the acts that stories are made of."""

    url: str
    tokens: dict[str, str]
    #: the files with what the server writes to its standard error and output
    written: tuple[Path, ...] = ()
    people: dict[str, Known] = field(default_factory=dict)
    #: all that anybody was answered, by first name
    heard: dict[str, list[str]] = field(default_factory=dict)
    _instances: dict[str, str] = field(default_factory=dict)

    def call(self, by: str | None, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request under /api/v1, as somebody; a body is sent as JSON, bytes as they are."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is not None:
            sent["Authorization"] = f"Bearer {self.tokens[by]}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request(method, f"/api/v1{path}", body=body, headers=sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()
        self.heard.setdefault(by or "", []).append(answer.text)
        return answer

    def get(self, by: str, path: str, **query: str | int) -> Any:
        """What somebody reads; it has to be allowed."""
        answer = self.call(by, "GET", path + (f"?{urlencode(query)}" if query else ""))
        assert answer.status == 200, f"GET {path} by {by}: {answer.status} {answer.text}"
        return answer.json

    def post(self, by: str, path: str, body: object = None) -> Any:
        """What somebody does; it has to be allowed."""
        answer = self.call(by, "POST", path, body)
        assert answer.status in (200, 201, 202), f"POST {path} by {by}: {answer.status} {answer.text}"
        return answer.json

    def step_in(self, by: str, case: Case, act: str, **more: object) -> Any:
        """One act on a case, on its first process instance when nothing else is said; it has to be allowed."""
        about = {} if "task_id" in more else {"instance_id": self.instance(case)}
        return self.post(by, f"/cases/{case.id}/interventions", {"act": act, "reason": "Your turn", **about, **more})

    def every(self, by: str, path: str, **query: str | int) -> list[Any]:
        """A list from its first page to its last, a few items at a time."""
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(by, path, **query, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}

    def deploy(self, by: str, files: Mapping[str, bytes]) -> Answer:
        """Deploy files."""
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
            for name, content in files.items()
        ]
        body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
        return self.call(by, "POST", "/deployments", body, Content_Type=f"multipart/form-data; boundary={_BOUNDARY}")

    def person(self, name: str, *roles: str, staff: bool = True) -> None:
        """Somebody with program roles, an account and a token."""
        made = self.post("ada", "/persons", {"name": f"{name.title()} Example", "staff": staff, "roles": roles})
        account = self.post("ada", "/accounts", {"person_id": made["id"], "login": name})
        token = self.post("ada", f"/accounts/{account['id']}/tokens", {"label": "story"})
        self.people[name] = Known(made["id"])
        self.tokens[name] = token["secret"]

    def give_role(self, name: str, role: str) -> None:
        """Give somebody a program role."""
        self.post("ada", f"/persons/{self.people[name].id}/roles", {"role": role})

    def end_role(self, name: str, role: str) -> None:
        """Take a program role away again."""
        assert self.call("ada", "DELETE", f"/persons/{self.people[name].id}/roles/{role}").status == 200

    def open_case(self, by: str, pack: str, joining: Iterable[tuple[str, str]], data: Mapping[str, object]) -> Case:
        """Open a case; `joining` are (role, name) of known people."""
        self.advance("PT0S")
        new = [{"role": role, "person_id": self.people[name].id} for role, name in joining]
        return case_of(self.post(by, "/cases", {"pack": pack, "participants": new, "data": dict(data)}))

    def instance(self, case: Case) -> str:
        """The id of a case's first process instance."""
        if case.id not in self._instances:
            self._instances[case.id] = self.get("sue", f"/cases/{case.id}")["instances"][0]["id"]
        return self._instances[case.id]

    def names(self, case: Case) -> list[str]:
        """The elements of the open tasks of a case's first instance, sorted."""
        return sorted(task["element_id"] for task in self.every("sue", "/user-tasks", instance=self.instance(case)))

    def task(self, by: str, case: Case, element: str, *, of: str | None = None) -> str:
        """The id of the open task at an element, found by whoever is to do it; `of` names whose it is."""
        listed = self.every(by, "/user-tasks", instance=self.instance(case), limit=100)
        found = [task for task in listed if task["element_id"] == element]
        if of is not None:
            theirs = self.participants(case, of)
            found = [task for task in found if task["participant_id"] in theirs]
        assert len(found) == 1, f"{by} finds {len(found)} open tasks at {element}; open are {self.names(case)}"
        return str(found[0]["id"])

    def participants(self, case: Case, name: str) -> set[str]:
        """The participants somebody is on a case."""
        listed = self.every("ida", f"/cases/{case.id}/participants")
        return {one["id"] for one in listed if one["who"]["person_id"] == self.people[name].id}

    def complete(
        self,
        by: str,
        case: Case,
        element: str,
        data: Mapping[str, object] | None = None,
        *,
        of: str | None = None,
        mode: str = "self",
        code: str = "",
    ) -> Any:
        """Complete the open task at an element as somebody who read what is read first."""
        path = f"/user-tasks/{self.task(by, case, element, of=of)}"
        body = {"data": data or {}, "mode": mode, "paper_code": code or None, "edition": self.get(by, path)["edition"]}
        done = self.post(by, f"{path}/completion", body)
        assert done["state"] == "completed"
        return done

    def code(self, by: str, case: Case) -> str:
        """The code that somebody reads at the task that is signed."""
        listed = self.every(by, "/user-tasks", instance=self.instance(case), limit=100)
        signed = next(one["id"] for one in listed if one["form"] == "agreement-sign")
        return str(self.get(by, f"/user-tasks/{signed}")["reads"][0]["code"])

    def advance(self, text: str) -> None:
        """Move the sandbox's clock; this process reads the same time off it."""
        duration = feel.iso_duration(text)
        assert isinstance(duration, feel.DaysTime)
        told = self.post("ada", "/sandbox/clock", {"advance_seconds": duration.delta.total_seconds()})
        clock.use(clock.MovableClock(datetime.fromisoformat(told["now"]), frozen=True))

    def send(self, by: str, case: Case, message: str) -> None:
        """Send a case one of the messages that its page offers."""
        self.post(by, f"/cases/{case.id}/messages", {"name": message})

    def events(self, case: Case, event: str) -> list[str]:
        """The elements of the audit entries of a case's first instance of one event, in order."""
        listed = self.every("sue", "/audit-entries", instance=self.instance(case), event=event, limit=20)
        return [entry["element_id"] for entry in listed]


def case_of(told: Mapping[str, Any]) -> Case:
    """A case as far as the server tells of it."""
    year, _, serial = told["number"].partition("-")
    return Case(
        id=told["id"],
        program_id="",
        pack=told["pack"],
        number=told["number"],
        serial=int(serial),
        year=int(year),
        state=CaseState(told["state"]),
        status=told["status"],
        outcome=told["outcome"],
        opened_at=datetime.fromisoformat(told["opened_at"]),
    )


def asked(afar: Afar) -> Case:
    """A case whose parties were just asked for consent."""
    case = telling.open_case(afar)
    telling.take_in(afar, case)
    telling.appoint(afar, case)
    return case


def refused(answer: Answer, status: int) -> Any:
    """What the problem details say of a refusal."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    return answer.json


def canaries(*texts: str) -> set[str]:
    """The canaries in some texts."""
    return {found for text in texts for found in re.findall(r"CANARY[\w-]*", text)}
