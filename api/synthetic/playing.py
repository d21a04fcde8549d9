"""Playing made-up cases: one virtual clock, one agenda of what people will do, and the timers in between, in time order.

Many acts share a transaction; each is one that a person could have done at that moment.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from api.synthetic import answering, draws, hours, people
from api.synthetic.draws import Names
from api.synthetic.people import Member
from api.synthetic.plans import Plan, PlanWrong, Rule
from api.synthetic.told import Party, Told
from engine import clock, feel
from engine.model.access import Actor
from engine.model.errors import Invalid, ParleyError
from engine.model.instances import UserTask
from engine.model.interventions import ActKind, Wanted
from engine.model.surveys import Invitation
from engine.operations.cases import cases
from engine.operations.content import entries, panels
from engine.operations.content.entries import Asked
from engine.operations.rounds import playing, sweeps
from engine.operations.running import messages
from engine.operations.running.outside_calls import Outlets
from engine.operations.supervision import acts
from engine.operations.tasks import user_tasks
from engine.store import Store, UnitOfWork

#: acts and rounds of timers in one transaction
_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody will do; without a rule they answer a survey, or open the case."""

    told: Told
    rule: Rule | None = None
    task: UserTask | None = None
    invitation: Invitation | None = None
    #: instead of the case's dice
    own: random.Random | None = None


class Crowd:
    """All cases of a plan, played up to any moment."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        movable: clock.MovableClock,
        seed: int,
        *,
        outlets: Outlets | None = None,
        mark: str | None = None,
    ) -> None:
        """`mark` begins every free text instead of what the plan says; with `outlets` mail goes out, too."""
        self._store, self._plan, self._clock, self._outlets, self._mark = store, plan, movable, outlets, mark
        self._rng = random.Random(seed)  # noqa: S311 - made-up cases, no secrets
        self._seed = seed
        self._agenda: list[tuple[datetime, int, _Act]] = []
        self._numbers, self._texts = itertools.count(), itertools.count()
        self._told: dict[str, Told] = {}
        self._cast: dict[str, list[Member]] = {}
        self.opened = 0

    def gather(self, uow: UnitOfWork, system: Actor, count: int, end: datetime, spread: timedelta | None = None) -> None:
        """Hire the cast and plan when each of so many cases opens, in the plan's time before `end` unless another is given."""
        self._cast = people.hire(uow, system, self._plan, count, self._rng)
        for index, (at, rush) in enumerate(hours.openings(self._plan, count, end, spread or self._plan.spread, self._rng)):
            told = Told(index, random.Random(f"{self._seed}/{index}"), {"rush": "yes" if rush else "no"}, at)  # noqa: S311
            self._plan_for(at, _Act(told))

    def until(self, end: datetime, tell: Callable[[int], object] = lambda _: None) -> None:
        """Play everything up to a moment; `tell` hears how many cases are open or were."""
        while clock.now() < end:
            with self._store.reading() as uow:
                stop = min(end, playing.next_start_at(uow) or end)
            reached = False
            while not reached:
                reached = self._batch(max(stop, clock.now()))
                sweeps.until_quiet(self._store, self._outlets)
                tell(self.opened)

    def _batch(self, end: datetime) -> bool:
        """A transaction of acts; whether the end was reached."""
        with self._store.unit_of_work() as uow:
            for _ in range(_TOGETHER):
                due = playing.next_due_at(uow)
                planned = self._agenda[0][0] if self._agenda else None
                at = min((one for one in (due, planned) if one is not None), default=None)
                if at is None or at > end:
                    self._move(end)
                    uow.commit()
                    return True
                self._move(at)
                if due is not None and due <= at:
                    touched = set(playing.do_due(uow))
                else:
                    touched = {self._act(uow, heapq.heappop(self._agenda)[2])}
                    if uow.left_jobs:
                        touched |= playing.do_due(uow)
                for case_id in sorted(touched & self._told.keys()):
                    self._look(uow, self._told[case_id])
            uow.commit()
        return False

    def _move(self, at: datetime) -> None:
        self._clock.advance(max(at - clock.now(), timedelta(0)))

    def _plan_for(self, at: datetime, act: _Act) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), act))

    # ------------------------------------------------------------------------------------------------- looking at a case

    def _look(self, uow: UnitOfWork, told: Told) -> None:
        """Plan what people will do about tasks that are new."""
        waiting = playing.waiting(uow, told.id)
        fresh = [task for task in waiting if task.id not in told.open]
        told.open = {task.id for task in waiting}
        if not waiting:
            for at, invitation in answering.coming(uow, self._plan, told, self._names(told), self._seed):
                self._plan_for(at, _Act(told, invitation=invitation))
        for task in fresh:
            told.turns.setdefault((task.element_id, task.participant_id), []).append(task.id)
            self._foresee(told, task)

    def _foresee(self, told: Told, task: UserTask) -> None:
        rules = self._plan.rules.get(task.element_id)
        if rules is None:
            raise PlanWrong(f"Nobody does anything about the task {task.element_id}; add it to the acts.")
        names = self._names(told, task)
        counts = False
        for place, rule in enumerate(rules):
            own = self._dice(told, task, place) if rule.own else None
            if (rule.beside or not counts) and self._fits(rule, names, own or told.rng):
                counts = counts or not rule.beside
                if not rule.never:
                    self._plan_for(self._moment(told, rule, names, own or told.rng), _Act(told, rule, task, own=own))

    def _dice(self, told: Told, task: UserTask, place: int) -> random.Random:
        """For the rule at a place among those of the task's element."""
        turn = len(told.turns[task.element_id, task.participant_id])
        number = told.parties[task.participant_id].number if task.participant_id in told.parties else 0
        return random.Random(f"{self._seed}/{told.index}/{task.element_id}/{place}/{turn}/{number}")  # noqa: S311 - as above

    def _fits(self, rule: Rule, names: Names, rng: random.Random) -> bool:
        if rule.when is not None and draws.value(rule.when, names) is not True:
            return False
        return rule.chance == 1 or draws.holds(rule.chance, rng, names)

    def _moment(self, told: Told, rule: Rule, names: Names, rng: random.Random) -> datetime:
        if isinstance(rule.after, str):
            at = feel.compile(rule.after).evaluate(names)
            if not isinstance(at, datetime):
                raise PlanWrong(f"{rule.at}: “{rule.after}” gives no moment.")
            return max(at, clock.now())
        days = draws.log_normal(rng, *rule.after)
        if rule.paced:
            days *= float(str(told.plan["pace"]))
        return hours.fitting(self._plan, clock.now() + timedelta(days=days), rng, office=self._in_office(rule))

    def _in_office(self, rule: Rule) -> bool:
        return rule.by in self._cast and self._cast[str(rule.by)][0].cast.office

    def _names(self, told: Told, task: UserTask | None = None, rolls: Mapping[str, feel.Value] | None = None) -> Names:
        party = told.parties.get(task.participant_id or "") if task else None
        return {
            "plan": told.plan,
            "tables": self._plan.tables,
            "times": {**told.times},
            "opened": told.opened,
            "turn": feel.from_plain(told.turns[task.element_id, task.participant_id].index(task.id) + 1) if task else None,
            "party": {"number": feel.from_plain(party.number)} if party else None,
            "roll": dict(rolls or {}),
        }

    # --------------------------------------------------------------------------------------------------------- acting

    def _act(self, uow: UnitOfWork, act: _Act) -> str:
        """Do it; gives the case."""
        told, rule, task = act.told, act.rule, act.task
        try:
            if act.invitation is not None:
                answering.answer(uow, self._plan, told, act.invitation, self._names(told), self._seed)
            elif rule is None or task is None:
                self._open(uow, told)
            elif task.id in told.open:
                self._do(uow, told, rule, task, act.own)
        except ParleyError as wrong:
            paths = "; ".join(f"{one.path}: {one.message}" for one in wrong.errors) if isinstance(wrong, Invalid) else ""
            raise PlanWrong(f"Case {told.index}, {rule.at if rule else 'opening'}: {wrong.message} {paths}") from wrong
        return told.id

    def _open(self, uow: UnitOfWork, told: Told) -> None:
        for one in self._plan.draws:
            told.plan[one.name] = draws.draw(one, told.rng, self._names(told), told.plan)
        opening, names = self._plan.opening, self._names(told)
        joining = [
            people.newcomer(self._plan, told.rng, group["role"], draws.value(group, names))
            for group in opening["joining"]
            for _ in range(int(draws.value(group["count"], names)))
        ]
        actor = self._member(told, opening["by"]).actor
        case = cases.open_(uow, actor, self._plan.pack, joining, self._filled(told, opening["form"], names))
        told.id, told.times = case.id, dict.fromkeys(self._plan.rules, Decimal(0))
        self._told[case.id] = told
        for participant in playing.taking_part(uow, case.id):
            told.parties[participant.id] = Party(participant.position, playing.as_participant(participant), participant.id)
        self.opened += 1

    def _do(self, uow: UnitOfWork, told: Told, rule: Rule, task: UserTask, own: random.Random | None = None) -> None:
        rolls = {name: draws.draw(self._plan.rolls[name], told.rng, self._names(told, task), told.plan) for name in rule.rolls}
        names = self._names(told, task, rolls)
        data = self._filled(told, {**self._plan.answers.get(rule.like or "", {}), **rule.data}, names)
        actor = self._actor(uow, told, rule, task, own)
        if rule.send is not None:
            messages.send_to_case(uow, actor, told.id, rule.send, self._party(uow, told, task).participant_id)
        elif rule.adds is not None:
            entries.add(uow, actor, Asked(told.id, rule.adds, rule.form or "", task.participant_id), data)
        elif rule.changes is not None:
            _change(uow, actor, told.id, rule.changes, data)
        elif rule.waives:
            acts.act(uow, actor, Wanted(ActKind.WAIVE, told.id, data["reason"], task_id=task.id))
        else:
            told.times[task.element_id] += 1
            user_tasks.complete(uow, actor, task.id, data, mode=rule.mode)
            self._free(told, rule.frees)

    def _actor(self, uow: UnitOfWork, told: Told, rule: Rule, task: UserTask, own: random.Random | None) -> Actor:
        if rule.by in self._cast:
            return self._member(told, str(rule.by), own).actor
        return self._party(uow, told, task).actor

    def _party(self, uow: UnitOfWork, told: Told, task: UserTask) -> Party:
        """Whose task it is; the first who has not left of those whom the case is about when it is nobody's of them."""
        if task.participant_id in told.parties:
            return told.parties[task.participant_id]
        staying = (told.parties[one.id] for one in playing.taking_part(uow, told.id) if one.id in told.parties)
        return min(staying, key=lambda party: party.number)

    def _member(self, told: Told, role: str, own: random.Random | None = None) -> Member:
        """Who works on the case in a role; with dice of one's own nobody is kept for it."""
        found = told.chosen.get(role) or people.choose(self._cast[role], own or told.rng, set())
        if found is None:
            raise PlanWrong(f"Nobody has room in the role {role}.")
        if own is None:
            told.chosen[role] = found
        return found

    def _filled(self, told: Told, data: Any, names: Names) -> Any:
        """Data with expressions worked out; "cast:ROLE" stands for somebody newly chosen, "day:P3D" for a date from now."""
        match data:
            case dict():
                return {key: self._filled(told, one, names) for key, one in data.items()}
            case list():
                return [self._filled(told, one, names) for one in data]
            case str() if data.startswith("cast:"):
                return self._chosen(told, data.removeprefix("cast:"))
            case str() if data.startswith("at:"):
                at = feel.compile(data.removeprefix("at:")).evaluate(names)
                assert isinstance(at, datetime), data
                return hours.fitting(self._plan, at, told.rng, office=True).replace(minute=0, second=0, microsecond=0).isoformat()
            case str() if data.startswith("~"):
                return self._write(told, data.removeprefix("~"))
            case str() if data.startswith("day:"):
                return feel.add(clock.now(), feel.iso_duration(data.removeprefix("day:"))).date().isoformat()
            case _:
                return draws.value(data, names)

    def _write(self, told: Told, text: str) -> str:
        return text if self._mark is None else f"{self._mark}-{told.index}-{next(self._texts)}"

    def _free(self, told: Told, role: str | None) -> None:
        member = told.chosen.get(role or "")
        if member is not None and role not in told.freed:
            told.freed.add(str(role))
            member.load -= 1

    def _chosen(self, told: Told, role: str) -> str:
        """Somebody who was not asked about this case before, as its one in that role from now on."""
        self._free(told, role)
        told.freed.discard(role)
        found = people.choose(self._cast[role], told.rng, told.asked)
        if found is None:
            raise PlanWrong(f"Nobody is left for the role {role}.")
        found.load += 1
        told.asked.add(found.actor.person_id)
        told.chosen[role] = found
        return found.actor.person_id


def _change(uow: UnitOfWork, actor: Actor, case_id: str, panel: str, data: Mapping[str, Any]) -> None:
    """Write down how what is to be done by a day came out."""
    for one in panels.page(uow, actor, case_id, panel).entries:
        if one.may_change and one.dated and not one.done:
            asked = entries.form_for_change(uow, actor, case_id, panel, one.id)
            entries.change(uow, actor, case_id, panel, one.id, {**asked.answers, **data}, version=one.version)
