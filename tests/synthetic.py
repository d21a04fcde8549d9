"""A store full of made-up cases, made once for a run of the tests and copied for whoever wants it.

    with cases_played() as played:
        with played.store.reading() as uow: ...; played.actor("supervisor")
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from api.synthetic import plans
from api.synthetic.plans import Plan
from api.synthetic.playing import Crowd
from engine import clock, store
from engine.model.access import Actor
from engine.model.people import Program
from engine.operations.deploying import deployments
from engine.operations.people import accounts, programs
from engine.store import Store
from tests import beginning
from tests.world import ROOT, pack_files

#: when the cases have been played up to: a Monday morning
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: enough for most tests, many of them open; the whole set is for those that look at shares
SOME, ALL = 30, 300
#: over which time fewer cases than all are opened
_LATELY = timedelta(days=100)
SEED = 20261122
_PACK, _FORMS = ROOT / "processes/mediation", ROOT / "forms/mediation"


@dataclass(frozen=True)
class Image:
    """A database as it was once played, and who works there."""

    content: bytes
    program: Program


@dataclass
class Played:
    """A store with cases, its clock standing still at `NOW`; move it with `sweeps.advance(store, clock, …)`."""

    store: Store
    program: Program
    clock: clock.MovableClock
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, role: str, number: int = 1) -> Actor:
        """Somebody of the cast by program role; how many there are stands in the pack's synthetic.toml."""
        login = f"{role.replace('_', '-')}.{number}"
        if login not in self._actors:
            with self.store.reading() as uow:
                account = accounts.by_login(uow, programs.system(self.program), login)
                self._actors[login] = accounts.actor_for_account(uow, account.id, account.session_epoch, via="page")
        return self._actors[login]


def store_with_cases(count: int = SOME, *, seed: int = SEED, mark: str | None = None) -> Played:
    """A private store with so many cases; the caller closes it. `mark` begins every free text, canaries for example."""
    image = _image(count, seed, mark)
    movable = clock.MovableClock(NOW, frozen=True)
    clock.use(movable)
    return Played(store.private(image.content), image.program, movable)


@contextmanager
def cases_played(count: int = SOME, *, seed: int = SEED, mark: str | None = None) -> Iterator[Played]:
    """As `store_with_cases`, closed at the end."""
    played = store_with_cases(count, seed=seed, mark=mark)
    try:
        yield played
    finally:
        played.store.close()


@cache
def _image(count: int, seed: int, mark: str | None) -> Image:
    """Made by one of the processes of a run, while the others wait and then read it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return play(count, seed, mark)
    kept = Path(tempfile.gettempdir()) / f"parley-cases-{run}-{count}-{seed}-{mark or ''}"
    with kept.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = file.read()
        if written:
            found: Image = pickle.loads(written)
            return found
        image = play(count, seed, mark)
        file.write(pickle.dumps(image))
        atexit.register(kept.unlink, missing_ok=True)
    return image


def the_plan() -> Plan:
    """The pack's own plan."""
    return plans.read(_PACK)


def play(count: int, seed: int = SEED, mark: str | None = None, *, plan: Plan | None = None) -> Image:
    """The cases of a seed, from the first one opened up to `NOW`; by the pack's plan unless another is given."""
    plan = plan or the_plan()
    movable = clock.MovableClock(NOW - plan.spread - timedelta(days=1), frozen=True)
    opened = beginning.empty()
    with clock.within(movable):
        with opened.unit_of_work() as uow:
            program = programs.ensure(uow, key="program", title="A program")
            system = programs.system(program)
            deployments.deploy(uow, system, pack_files(_PACK, _FORMS), sandbox=True)
            crowd = Crowd(opened, plan, movable, seed, mark=mark)
            crowd.gather(uow, system, count, NOW, plan.spread if count >= ALL else _LATELY)
            uow.commit()
        crowd.until(NOW)
    image = Image(opened.image(), program)
    opened.close()
    return image
