"""Elements by title or id, and tasks in words, as scenarios say them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine import store
from engine.bpmn import ways
from engine.language import kept
from engine.model.execution import ProcessModel
from engine.model.instances import UserTask
from engine.operations.scenarios.scenario_stage import NotPlayed, Stage
from engine.scenarios.results import Coverage, Place, Share
from engine.store import UnitOfWork


class Titles:
    """The elements of some processes by what people call them."""

    def __init__(self, models: Iterable[ProcessModel], settings: Mapping[str, str] = MappingProxyType({})) -> None:
        #: name of a setting → its label
        self.settings = settings
        self._by: dict[str, set[Place]] = {}
        self._names: dict[Place, str] = {}
        for model in models:
            for element in model.elements:
                place = Place(model.key, element.id)
                self._names[place] = element.name or element.id
                for text in (element.id, f"{model.key}/{element.id}", element.name):
                    self._by.setdefault(_plain(text), set()).add(place)
        self._by.pop("", None)

    def find(self, text: str) -> frozenset[Place]:
        """The elements of a title or id, or “process/id”. Raises NotPlayed when there is none."""
        found = self._by.get(_plain(text))
        if found is None:
            near = difflib.get_close_matches(_plain(text), self._by, 2)
            if not near:
                raise NotPlayed(kept("No diagram has an element called “{text}”. Write its title or id as in the diagram.", text=text))
            raise NotPlayed(
                kept(
                    "No diagram has an element called “{text}”. Did you mean {one} or {other}?",
                    text=text,
                    one=f"“{near[0]}”",
                    other=f"“{near[1]}”",
                )
                if len(near) > 1
                else kept("No diagram has an element called “{text}”. Did you mean {one}?", text=text, one=f"“{near[0]}”")
            )
        return frozenset(found)

    def knows(self, text: str) -> bool:
        """Whether some element is called so."""
        return _plain(text) in self._by

    def called(self, text: str) -> str:
        """A title or id, with “for …” behind it, by the title that the diagram shows; as it is when no element is meant."""
        head, separator, tail = (text, "", "") if self.knows(text) else text.rpartition(" for ")
        places = self._by.get(_plain(head if separator else text), set())
        names = sorted({self._names[place] for place in places})
        return f"{names[0]}{separator}{tail}" if len(names) == 1 else text

    def of(self, place: Place) -> str:
        """What an element is called."""
        return self._names.get(place, place.id)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def whose(text: str, titles: Titles, names: Iterable[str]) -> tuple[str, str]:
    """“Answer the terms for ben” → (“Answer the terms”, “ben”); without anybody (text, “”)."""
    if titles.knows(text):
        return text, ""
    head, _, tail = text.rpartition(" for ")
    return (head, tail) if head and (tail in names or titles.knows(head)) else (text, "")


def task(uow: UnitOfWork, stage: Stage, titles: Titles, one: UserTask) -> str:
    """An open task in words: its title and for whom it is."""
    name = titles.of(Place(one.process_key, one.element_id))
    owner = next((name for name in stage.people if stage.is_of(uow, one, name)), None)
    pack = stage.pack(uow)
    role = pack.roles.get(one.role or "") if pack else None
    who = owner or (role.label if role else one.role)
    return f"{name} for {who}" if who else name


def notice(uow: UnitOfWork, stage: Stage, template: str, person_id: str) -> str:
    """A notice in words: its key and to whom it went."""
    name = next((name for name, id in stage.people.items() if id == person_id), None)
    if name is None:
        found = store.persons.get_many(uow, {person_id})
        name = found[person_id].name if person_id in found else "somebody"
    return f"{template} to {name}"


def coverage(models: Mapping[str, ProcessModel], walked: frozenset[Place]) -> tuple[Coverage, ...]:
    """How much of each process was walked, and what never was."""
    return tuple(_covered(model, {place.id for place in walked if place.process == key}) for key, model in sorted(models.items()))


def _covered(model: ProcessModel, walked: set[str]) -> Coverage:
    drawn = ways.of(model)
    names = {element.id: element.name or element.id for element in model.elements}
    never = [(id, names.get(id, id)) for id in drawn.elements if id not in walked]
    never += [(way.id, f"from “{names[way.source]}” to “{names[way.target]}”") for way in drawn.flows if way.id not in walked]
    return Coverage(
        process=model.key,
        name=model.name or model.key,
        file=model.file,
        elements=Share(len(walked & set(drawn.elements)), len(drawn.elements)),
        flows=Share(sum(way.id in walked for way in drawn.flows), len(drawn.flows)),
        timers=Share(len(walked & set(drawn.timers)), len(drawn.timers)),
        walked=tuple(sorted(walked)),
        never=tuple(never),
    )
