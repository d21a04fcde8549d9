"""Telling a story over HTTP only, in a sandbox: the same steps as tests/processes tells in process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.app import create_app_of
from api.sandbox import Playground
from engine import clock, feel
from tests.processes.telling import CAST, OUTSIDE
from tests.rest.calling import Caller
from tests.world import ROOT, pack_files


@dataclass(frozen=True)
class Known:
    """Somebody of the cast, or a case that was opened."""

    id: str


class HttpStage:
    """A program in a sandbox, with a cast that has nothing but API tokens."""

    def __init__(self, playground: Playground) -> None:
        self._app = create_app_of(playground.parley)
        self.administrator = Caller(self._app.test_client(), playground.token)
        self.people: dict[str, Known] = {}
        self.callers: dict[str, Caller] = {}
        made = self.administrator.deploy(pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation"))
        assert made.status_code == 201, made.text
        for name, roles in CAST.items():
            self._person(name, roles, staff=True)
        for name in OUTSIDE:
            self._person(name, (), staff=False)

    def _person(self, name: str, roles: Iterable[str], *, staff: bool) -> None:
        body = {"name": f"{name.title()} Example", "staff": staff, "roles": list(roles)}
        person = self.administrator.post("/persons", body).json["id"]
        account = self.administrator.post("/accounts", {"person_id": person, "login": name}).json["id"]
        secret = self.administrator.post(f"/accounts/{account}/tokens", {"label": "story"}).json["secret"]
        self.people[name] = Known(person)
        self.callers[name] = Caller(self._app.test_client(), secret)

    def open_case(self, by: str, pack: str, joining: Iterable[tuple[str, str]], data: Mapping[str, object]) -> Any:
        """Open a case; `joining` are (role, name)."""
        people = [{"role": role, "person_id": self.people[name].id} for role, name in joining]
        made = self.callers[by].post("/cases", {"pack": pack, "participants": people, "data": dict(data)})
        assert made.status_code == 201, made.text
        return Known(made.json["id"])

    def task(self, by: str, case: Any, element: str, of: str | None = None) -> str:
        """The id of the open task at an element, as somebody sees it."""
        found = [one for one in self._tasks(by, case) if one["element_id"] == element]
        if of is not None:
            own = self._participants(case, of)
            found = [one for one in found if one["participant_id"] in own]
        assert len(found) == 1, f"{by} sees {len(found)} open tasks at {element} of {of}"
        return str(found[0]["id"])

    def _tasks(self, by: str, case: Any) -> list[dict[str, Any]]:
        items = self.callers[by].get("/user-tasks?limit=200").json["items"]
        return [one for one in items if one["case_id"] == case.id]

    def _participants(self, case: Any, name: str) -> set[str]:
        items = self.callers["ida"].get(f"/cases/{case.id}/participants").json["items"]
        return {one["id"] for one in items if one["who"]["person_id"] == self.people[name].id}

    def complete(
        self,
        by: str,
        case: Any,
        element: str,
        data: Mapping[str, object] | None = None,
        *,
        of: str | None = None,
        mode: str = "self",
    ) -> object:
        """Complete the open task at an element."""
        task = self.task(by, case, element, of)
        answer = self.callers[by].post(f"/user-tasks/{task}/completion", {"data": dict(data or {}), "mode": mode})
        assert answer.status_code == 200, f"{by} {element}: {answer.text}"
        return answer.json

    def send(self, by: str, case: Any, message: str, participant_id: str | None = None) -> None:
        """Send the case a message of its page."""
        answer = self.callers[by].post(f"/cases/{case.id}/messages", {"name": message, "participant_id": participant_id})
        assert answer.status_code == 202, answer.text

    def advance(self, text: str) -> None:
        """Let time pass, an ISO 8601 duration."""
        seconds = (feel.add(clock.now(), feel.iso_duration(text)) - clock.now()).total_seconds()
        assert self.administrator.post("/sandbox/clock", {"advance_seconds": seconds}).status_code == 200

    def page(self, by: str, case: Any) -> dict[str, Any]:
        """A case as somebody sees it."""
        found: dict[str, Any] = self.callers[by].get(f"/cases/{case.id}").json
        return found

    def ending(self, case: Any) -> tuple[str, str | None, str | None]:
        """A case's state, its outcome, and the end event of its first procedure."""
        page = self.page("ida", case)
        return page["case"]["state"], page["case"]["outcome"], page["instances"][0]["end_event"]
