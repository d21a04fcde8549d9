"""Where a story is told: the mediation program with the people of the demo, its pages, and time that only the story moves.

Everybody signs in with the button that the demo has for them and does everything by pages. Parties have no account.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from engine import clock, feel
from engine.operations.people import accounts, people, showing
from engine.operations.rounds import sweeps
from engine.operations.running.outside_calls import Outlets
from engine.store import Store
from tests.stories.reader import Reader
from tests.world import ROOT, World, pack_files

PACK = ROOT / "processes/mediation"
CONFIG = Config(mode=Mode.DEMO, secret=b"a secret of the stories, long enough")
#: how long a party's visit holds
VISIT = timedelta(hours=2)
#: what would have been mailed is kept, for the page where the demo shows it
KEPT = Outlets(recording=True, address="http://127.0.0.1")

#: the people of the demo, by sign-in name
NAMES = {
    "intake": "Ines Calder",
    "intake2": "Ivo Marsh",
    "screener": "Sol Adler",
    "safety": "Sanne Holt",
    "mediator": "Mira Oakes",
    "mediator2": "Noor Field",
    "supervisor": "Sue Larch",
    "director": "Dana Reed",
    "manager": "Pat Quill",
    "admin": "Ada Byrne",
}


def program(opened: Store) -> World:
    """The program, its procedures and the staff of the demo; no case and no party yet."""
    world = World(opened)
    world.deploy(pack_files(PACK, ROOT / "forms/mediation"))
    told = tomllib.loads((PACK / "demo.toml").read_text())["people"]
    staff = [one for one in told if one.get("staff", True)]
    with opened.unit_of_work() as uow:
        for one in staff:
            made = people.add(uow, world.system, name=one["name"], email=one["email"], staff=True, roles=tuple(one.get("roles", ())))
            accounts.add_account(uow, world.system, made.id, one["login"], None, administrator=one.get("administrator", False))
        showing.offer(uow, [(one["login"], one["name"], "") for one in staff])
        uow.commit()
    return world


def pages(world: World) -> Flask:
    """The application as the demo has it."""
    return create_app(world.store, CONFIG)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part in a case and has no account. `language` is what they read."""

    name: str
    language: str = "en"

    @property
    def login(self) -> str:
        """The first name, as stories call them."""
        return self.name.partition(" ")[0].lower()

    @property
    def mail(self) -> str:
        """Where mail reaches them."""
        return f"{self.login}@example.org"


def said(text: str, language: str) -> str:
    """What the procedures call something, in a language that their pack is kept in."""
    return text if language == "en" else _translated()[language][text]


@cache
def _translated() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads((PACK / "pack.toml").read_text())["translations"]
    return found


class Stage:
    """One story being told: people by login, each at pages of their own."""

    def __init__(self, world: World, reader: Callable[[str], Reader]) -> None:
        self._world, self._reader = world, reader
        self._readers: dict[str, Reader] = {}
        self._visits: dict[str, datetime] = {}

    def __getitem__(self, login: str) -> Reader:
        """Somebody's pages; whoever has no account begins at the place for codes and links."""
        if login not in self._readers:
            self._readers[login] = self._reader(login)
        return self._readers[login]

    def visited(self, login: str) -> None:
        """Somebody's visit without an account has begun."""
        self._visits[login] = clock.now()

    def visits(self, login: str) -> bool:
        """Whether a visit of somebody's still holds; it ends after two hours."""
        return login in self._visits and clock.now() - self._visits[login] < VISIT

    def passes(self, text: str) -> None:
        """Let time pass, an ISO 8601 duration; all that becomes due happens at its own time."""
        until = feel.add(clock.now(), feel.iso_duration(text))
        sweeps.advance(self._world.store, self._world.clock, until - clock.now(), KEPT)

    def settle(self) -> None:
        """Do what became due, as the scheduler does."""
        sweeps.until_quiet(self._world.store, KEPT)

    def day(self, after: int = 0) -> str:
        """A date so many days from now, as it is typed."""
        return (clock.now() + timedelta(days=after)).date().isoformat()

    def time(self, after: int, hour: int = 10) -> str:
        """A time so many days from now, as it is typed."""
        return f"{self.day(after)}T{hour:02d}:00"
