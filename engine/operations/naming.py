"""People as one reader may see them: by name, or as "party 1 of 2" where the name is class C2 and hidden."""

from __future__ import annotations

from engine import access, store
from engine.model.access import Actor, Subject
from engine.model.cases import Case, Participant
from engine.model.packs import Pack
from engine.model.people import Person
from engine.model.views import Who
from engine.operations import ties
from engine.store import UnitOfWork


class Names:
    """Looks people of one case up once and labels them for one reader."""

    def __init__(self, uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> None:
        self._uow, self._actor, self._pack, self._subject = uow, actor, pack, subject
        self._participants = store.participants.of_case(uow, case.id, include_ended=True)
        self._people = store.persons.get_many(uow, {p.person_id for p in self._participants})
        self.sees_names = pack is None or access.can_read(actor, ties.to_record(subject, "C2", None, None), pack)

    def participant(self, participant_id: str | None) -> Who | None:
        """A participant by id."""
        found = next((p for p in self._participants if p.id == participant_id), None)
        return self.of(found) if found else None

    def of(self, participant: Participant) -> Who:
        """A participant of the case."""
        person = self._people[participant.person_id]
        role = self._pack.roles.get(participant.role) if self._pack else None
        label = role.label if role else participant.role
        if self._may_name(person):
            return Who(person.id, person.name, label, participant.id)
        total = max(p.position for p in self._participants if p.role == participant.role)
        return Who(None, f"{label.lower()} {participant.position} of {total}", label, participant.id, named=False)

    def person(self, person_id: str | None) -> Who | None:
        """A person by id: staff by name; others as the participant they are, or neutrally."""
        if person_id is None:
            return None
        person = self._people.get(person_id) or store.persons.find(self._uow, person_id)
        if person is None:
            return None
        self._people.setdefault(person.id, person)
        if self._may_name(person):
            return Who(person.id, person.name)
        own = next((p for p in self._participants if p.person_id == person_id), None)
        return self.of(own) if own else Who(None, "somebody", named=False)

    def _may_name(self, person: Person) -> bool:
        return person.staff or self.sees_names or person.id == self._actor.person_id
