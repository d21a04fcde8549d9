"""What a step expects, looked up on the stage: for each thing that is not so, what was expected and what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine import feel, store
from engine.language import kept
from engine.model.instances import Instance, UserTask
from engine.model.states import InstanceState
from engine.operations import live
from engine.operations.running import turns
from engine.operations.scenarios import scenario_words
from engine.operations.scenarios.scenario_stage import NotPlayed, Stage
from engine.operations.scenarios.scenario_words import Titles
from engine.scenarios import Expectation
from engine.scenarios.results import Place
from engine.store import UnitOfWork

_MOVES = (InstanceState.RUNNING, InstanceState.INCIDENT, InstanceState.SUSPENDED)


class Look:
    """The stage as it stands after a step, read once."""

    def __init__(self, uow: UnitOfWork, stage: Stage, titles: Titles) -> None:
        self.uow, self.stage, self.titles = uow, stage, titles
        case_id = stage.find_case(uow)
        self.case = store.cases.get(uow, case_id) if case_id else None
        self.instances: tuple[Instance, ...] = store.instances.of_case(uow, case_id) if case_id else ()
        self.tasks = stage.open_tasks(uow)
        self.notices = tuple(sorted(store.notices.of_case(uow, case_id), key=lambda one: (one.at, one.id))) if case_id else ()

    def open(self) -> tuple[str, ...]:
        """The open tasks in words."""
        return tuple(scenario_words.task(self.uow, self.stage, self.titles, one) for one in self.tasks)

    def fresh_notices(self, since: int) -> tuple[str, ...]:
        """The notices after the first so many, in words."""
        return tuple(scenario_words.notice(self.uow, self.stage, one.template, one.recipient_id) for one in self.notices[since:])

    def tokens(self) -> tuple[Place, ...]:
        """Where the tokens of all that runs on the case stand."""
        found: list[Place] = []
        for one in self.instances:
            if one.state in _MOVES and self.case is not None:
                loaded = turns.Loaded(one, store.definitions.get(self.uow, one.definition_id), self.case)
                found += [Place(key, id) for key, id in turns.positions(self.uow, loaded)]
        return tuple(sorted(found))

    def incidents(self) -> tuple[str, ...]:
        """What is stopped by an error, in words."""
        found = store.incidents.of_case(self.uow, self.case.id) if self.case else ()
        return tuple(
            kept(
                "An error stopped the procedure at “{process_key}”: {problem}",
                process_key=self.titles.of(Place(one.process_key, one.element_id)),
                problem=one.message,
            )
            for one in found
            if one.state == "open"
        )


def unmet(look: Look, wanted: Expectation, walked: frozenset[Place]) -> tuple[str, ...]:
    """A sentence for each expectation that is not met."""
    found: list[str] = []
    for check in (_open, _not_open, _notices, _tokens, _ended):
        found += check(look, wanted)
    found += _passed(look, wanted, walked)
    found += _facts(look, wanted)
    return tuple(found)


def _meant(look: Look, text: str) -> tuple[frozenset[Place], str]:
    element, who = scenario_words.whose(text, look.titles, _names(look))
    return look.titles.find(element), who


def _names(look: Look) -> set[str]:
    pack = look.stage.pack(look.uow)
    roles = {name for key, role in pack.roles.items() for name in (key, role.label)} if pack else set()
    return {*look.stage.people, *roles}


def _fits(look: Look, task: UserTask, places: frozenset[Place], who: str) -> bool:
    if Place(task.process_key, task.element_id) not in places:
        return False
    pack = look.stage.pack(look.uow)
    role = pack.roles.get(task.role or "") if pack else None
    return not who or look.stage.is_of(look.uow, task, who) or who in (task.role, role.label if role else None)


def _open(look: Look, wanted: Expectation) -> Iterator[str]:
    texts = wanted.only_open if wanted.only_open is not None else ()
    left = list(look.tasks)
    for text, number in Counter((*wanted.open, *texts)).items():
        places, who = _meant(look, text)
        fitting = [task for task in left if _fits(look, task, places, who)]
        if len(fitting) < number:
            said = {"text": look.titles.called(text), "open": _said(look)}
            yield (
                kept("Expected “{text}” to be open {number} times. {open}", number=number, **said)
                if number > 1
                else kept("Expected “{text}” to be open. {open}", **said)
            )
        for task in fitting if wanted.only_open is None else fitting[:number]:
            left.remove(task)
    if wanted.only_open is not None and left:
        more = ", ".join(f"“{scenario_words.task(look.uow, look.stage, look.titles, one)}”" for one in left)
        yield (
            kept("Expected nothing else to be open, but {more} is.", more=more)
            if len(left) == 1
            else kept("Expected nothing else to be open, but {more} are.", more=more)
        )


def _said(look: Look) -> str:
    found = look.open()
    return kept("Open: {list}.", list=", ".join(f"“{one}”" for one in found)) if found else kept("No task is open.")


def _not_open(look: Look, wanted: Expectation) -> Iterator[str]:
    for text in wanted.not_open:
        places, who = _meant(look, text)
        if any(_fits(look, task, places, who) for task in look.tasks):
            yield kept("Expected “{text}” not to be open, but it is.", text=look.titles.called(text))


def _notices(look: Look, wanted: Expectation) -> Iterator[str]:
    fresh = Counter(look.fresh_notices(look.stage.notices_seen))
    said = kept("Sent: {list}.", list=", ".join(f"“{one}”" for one in fresh)) if fresh else kept("None was sent.")
    for text, number in Counter(wanted.notices).items():
        if _sent(fresh, text) < number:
            yield kept(
                "Expected the notice “{text}” {number} times since it was last looked. {said}"
                if number > 1
                else "Expected the notice “{text}” since it was last looked. {said}",
                text=text,
                said=said,
                **({"number": number} if number > 1 else {}),
            )
    for text in wanted.no_notices:
        if _sent(fresh, text):
            yield kept("Expected that the notice “{text}” is not sent, but it was.", text=text)


def _sent(fresh: Counter[str], text: str) -> int:
    return sum(number for one, number in fresh.items() if text == one or text == one.split(" to ")[0])


def _tokens(look: Look, wanted: Expectation) -> Iterator[str]:
    there = set(look.tokens()) if wanted.token_at else set()
    for text in wanted.token_at:
        if not there & look.titles.find(text):
            said = ", ".join(f"“{look.titles.of(place)}”" for place in sorted(there)) or "nowhere; everything has ended"
            yield kept("Expected the procedure to be at “{text}”. It is at {said}.", text=look.titles.called(text), said=said)


def _passed(look: Look, wanted: Expectation, walked: frozenset[Place]) -> Iterator[str]:
    for text in wanted.passed:
        if not walked & look.titles.find(text):
            yield kept("Expected “{text}” to have been passed, but it was not.", text=look.titles.called(text))
    for text in wanted.not_passed:
        if walked & look.titles.find(text):
            yield kept("Expected “{text}” not to have been passed, but it was.", text=look.titles.called(text))


def _ended(look: Look, wanted: Expectation) -> Iterator[str]:
    if wanted.status is not None and (look.case is None or look.case.status != wanted.status):
        yield kept(
            "Expected the case's status to be “{status}”; it is “{which}”.",
            status=wanted.status,
            which=look.case.status if look.case else "",
        )
    yield from _ending(look, wanted.ended)


def ending(look: Look) -> str | bool:
    """Where the first procedure of the case ended; False while it goes on."""
    first = min(look.instances, key=lambda one: (one.started_at, one.id), default=None)
    if first is None or first.state in _MOVES:
        return False
    return f"{first.key}/{first.end_event}" if first.end_event else True


def _ending(look: Look, ended: str | bool | None) -> Iterator[str]:
    """Of the first procedure of the case."""
    first = min(look.instances, key=lambda one: (one.started_at, one.id), default=None)
    runs = first is None or first.state in _MOVES
    if ended is None or (ended is False and runs):
        return
    if ended is False:
        yield kept("Expected the procedure to go on, but it has ended.")
    elif runs or first is None:
        yield kept("Expected the procedure to have ended. {look}", look=_said(look))
    elif isinstance(ended, str):
        there = Place(first.key, first.end_event or "")
        if there not in look.titles.find(ended):
            yield kept(
                "Expected the procedure to end at “{ended}”; it ended at “{there}”.",
                ended=look.titles.called(ended),
                there=look.titles.of(there),
            )


def _facts(look: Look, wanted: Expectation) -> Iterator[str]:
    if not wanted.facts or look.case is None:
        return
    known = {key: feel.from_json(fact.value) for key, fact in store.facts.of_case(look.uow, look.case.id).items()}
    pack = live.pack(look.uow, look.stage.scene.program.id, look.stage.scene.pack)
    declared = [key for key, rule in pack.variables.items() if rule.fact] if pack else []
    for key, value in wanted.facts.items():
        if pack is not None and key not in declared:
            raise NotPlayed(kept("“{key}” is no fact of the pack; its facts are {list}.", key=key, list=", ".join(declared)))
        expected, there = _text(look.stage.filled(value)), _text(known.get(key))
        if expected != there:
            yield kept("Expected {key} to be {expected}; it is {there}.", key=key, expected=expected, there=there)


def _text(value: object) -> str:
    return feel.text(feel.coerce(value)) if value is not None else "empty"
