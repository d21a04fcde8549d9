"""Who acts, on what, and whether they may (engine/access)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lent:
    """What somebody may do in the place of a person who is away."""

    person_id: str
    #: the program roles of that person that are lent
    roles: frozenset[str]
    #: in these roles only; None: in all
    only: frozenset[str] | None = None
    #: in the procedures of this pack only; None: in all
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose place an actor takes, in which roles only (None: all), and the program roles that they hold themselves."""

    person_id: str
    only: frozenset[str] | None
    own_roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `roles` are the program roles held now; `via` is the way in (page, rest, cli, system)."""

    person_id: str
    account_id: str | None
    program_id: str
    roles: frozenset[str] = frozenset()
    administrator: bool = False
    on_behalf_of: str | None = None
    via: str = "system"
    #: languages that they read, the best first; empty: the language that a pack is written in
    languages: tuple[str, ...] = ()
    #: what they may do for people who are away
    lent: tuple[Lent, ...] = ()
    #: whose place they take in this act; `roles` are then the lent ones
    place: Place | None = None

    @property
    def standing_for(self) -> str:
        """The person whose tasks are theirs now: themselves, or whose place they take."""
        return self.person_id if self.place is None else self.place.person_id


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about, with everything that the decision needs to know of the actor's ties to it.

    `kind` is a word such as case, task, record, definition, person.
    """

    kind: str
    program_id: str
    case_id: str | None = None
    #: class of the record that is meant
    cls: str | None = None
    #: case roles that the actor holds now on the case
    case_roles: frozenset[str] = frozenset()
    #: case roles and duties that the actor ever held or did on the case
    ever: frozenset[str] = frozenset()
    #: the actor's own participants on the case
    participant_ids: frozenset[str] = frozenset()
    #: participant that the task or record is bound to
    bound_participant: str | None = None
    #: person who wrote the record; None: it is about to be written
    author_id: str | None = None
    #: role that the task is offered to
    task_role: str | None = None
    #: person who claimed the task or was given it
    assignee_id: str | None = None
    #: duty that doing the task performs
    duty: str | None = None
    #: roles of the case's open tasks that the actor has or could claim; "" stands for a task without a role
    task_roles: frozenset[str] = frozenset()
    #: role and class for each class above C1 that an open task of the actor in that role shows
    task_shows: frozenset[tuple[str, str]] = frozenset()
    #: the task is not to be known of but by who can work it or lists all cases
    discreet: bool = False
    #: a record is to be written, not read
    writing: bool = False
    #: the actor is walled off from the case
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act is allowed, and a sentence why. `excluded`: another duty on the case stands against it."""

    allowed: bool
    reason: str
    excluded: bool = False
