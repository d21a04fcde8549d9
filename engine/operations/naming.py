"""People as one reader may see them: by name, or as "party 1 of 2" where the name is class C2 and hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from engine import access, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case, Participant
from engine.model.packs import Act, Pack, RoleKind
from engine.model.people import Person
from engine.model.views import Who
from engine.operations import live, ties, wording
from engine.store import UnitOfWork
from engine.store.foresight import Named


class Names:
    """Looks people of one case up once, when the first is asked for, and labels them for one reader."""

    def __init__(self, uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> None:
        self._uow, self._actor, self._pack, self._subject, self._case = uow, actor, pack, subject, case

    @cached_property
    def sees_names(self) -> bool:
        """Whether the reader may read names on this case (class C2)."""
        about = ties.to_record(self._subject, "C2", None, None)
        return self._pack is None or access.can_read(self._actor, about, self._pack)

    @cached_property
    def _participants(self) -> tuple[Participant, ...]:
        known = store.foresight.participants(self._uow, self._case.id)
        if known is None:
            known = store.participants.of_case(self._uow, self._case.id, include_ended=True)
            store.persons.get_many(self._uow, {p.person_id for p in known})
        return known

    def participant(self, participant_id: str | None) -> Who | None:
        """A participant by id."""
        if participant_id is None:
            return None
        found = next((p for p in self._participants if p.id == participant_id), None)
        return self.of(found) if found else None

    @property
    def participants(self) -> Mapping[str, str]:
        """What everybody who takes or took part is called, by the participant's id."""
        return {one.id: self.of(one).label for one in self._participants}

    def of(self, participant: Participant) -> Who:
        """A participant of the case."""
        person = self._find(participant.person_id)
        assert person is not None
        role = self._pack.roles.get(participant.role) if self._pack else None
        label = role.label if role else participant.role
        if self._may_name(person):
            return Who(person.id, person.name, label, participant.id, place=self._place(participant))
        total = max(p.position for p in self._participants if p.role == participant.role)
        said = say("{role} {number} of {total}", role=label.lower(), number=participant.position, total=total)
        return Who(None, said, label, participant.id, named=False, place=self._place(participant))

    def _place(self, participant: Participant) -> int:
        joined = sorted(self._participants, key=lambda one: (one.from_at, one.role, one.position))
        return next(number for number, one in enumerate(joined) if one.id == participant.id)

    def person(self, person_id: str | None) -> Who | None:
        """A person by id: staff by name; others as the participant they are, or neutrally."""
        if person_id is None:
            return None
        person = self._find(person_id)
        if person is None:
            return None
        if self._may_name(person):
            return Who(person.id, person.name)
        own = next((p for p in self._participants if p.person_id == person_id), None)
        return self.of(own) if own else Who(None, say("somebody"), named=False)

    def _find(self, person_id: str) -> Person | Named | None:
        return store.foresight.names(self._uow).get(person_id) or store.persons.find(self._uow, person_id)

    def _may_name(self, person: Person | Named) -> bool:
        return person.staff or self.sees_names or person.id == self._actor.person_id


def told_apart(people: Iterable[tuple[Person, str]]) -> tuple[tuple[str, str], ...]:
    """(id, label) of people of the program to choose from; two of one name by their addresses too."""
    listed = list(people)
    often = Counter(label for _, label in listed)
    return tuple((one.id, f"{label} ({one.email})" if often[label] > 1 and one.email else label) for one, label in listed)


def of_person(uow: UnitOfWork, person_id: str | None) -> str:
    """The name of somebody on the staff, for acts outside cases; "somebody" for others, "the system" for nobody."""
    if person_id is None:
        return say("the system")
    person = store.persons.find(uow, person_id)
    return person.name if person is not None and person.staff else say("somebody")


def who_may(uow: UnitOfWork, actor: Actor, act: Act) -> str:
    """The roles that may do an act in the whole program, by title: "Supervisor or Director"; an administrator when none may."""
    spoken = [live.spoken(uow, actor, pack.key) or pack for pack in live.all_packs(uow, actor.program_id)]
    held = [role.label for pack in spoken for role in pack.roles.values() if act in role.may and role.kind is not RoleKind.CASE]
    return wording.either(held) or say("an administrator")
