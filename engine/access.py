"""Who may do what: walls, duties that exclude each other, roles and the class matrix of a pack. Pure.

The order is fixed: another program or a wall hides everything; then a duty that excludes this one; then the roles allow.
What nothing allows is forbidden. Roles held on a case count on that case only; program roles count everywhere, but a role
of kind `both` acts on a case only through the case role, so that being on the list of eligible people opens no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from engine.language import noted, say
from engine.model.access import Actor, Decision, Subject
from engine.model.errors import Excluded, Forbidden, NotFound
from engine.model.packs import Act, Exclusion, Pack, Relation, Role, RoleKind

#: What the engine's own role may do; it opens no case.
ADMINISTRATOR_ACTS = frozenset(
    {Act.PERSON_MANAGE, Act.WALL_MANAGE, Act.DEFINITION_VIEW, Act.DEFINITION_DEPLOY, Act.DEFINITION_APPROVE, Act.JOB_WORK}
)
#: What of the program as a whole a role lends to who stands in for its holder: to see the procedures whose changes wait.
_LENT_ACTS = frozenset({Act.DEFINITION_VIEW})
_TASK_ACTS = frozenset({Act.TASK_WORK, Act.TASK_COMPLETE_FOR})
_MATRIX = Mapping[str, Relation]

_YES = "Allowed."
_NO = noted("None of your roles may do this here.")


def may(actor: Actor, act: str, subject: Subject, pack: Pack | None) -> Decision:
    """Whether an actor may do an act (see `Act`) to a subject, and why.

    Without a pack only administrators may do anything.
    """
    if _is_hidden(actor, subject):
        return Decision(False, NotFound().message)
    if pack is None:
        return _decide(actor.administrator, say("Without a pack only administrators may work this procedure."))
    if act in _TASK_ACTS and subject.duty is not None:
        exclusion = conflict(pack, subject.duty, subject.ever)
        if exclusion is not None:
            return Decision(False, exclusion.reason, excluded=True)
    if actor.administrator and act in ADMINISTRATOR_ACTS:
        return Decision(True, _YES)
    if act == Act.CASE_VIEW and not _is_told(actor, subject, pack):
        return Decision(False, NotFound().message)
    if act in _TASK_ACTS and subject.kind == "task":
        return _may_work(actor, subject, pack) if act == Act.TASK_WORK else _may_complete_for(actor, subject, pack)
    own = any(_counts(act, role, subject) for role in _granting(actor, act, subject, pack))
    return _decide(own or _is_lent(actor, act, subject, pack), say(_NO))


def require(actor: Actor, act: str, subject: Subject, pack: Pack | None) -> None:
    """Let pass or raise: NotFound for what the actor may not even know of, Excluded for a forbidden pair, else Forbidden."""
    decision = may(actor, act, subject, pack)
    if decision.allowed:
        return
    if decision.excluded:
        # They once had a duty on this case, so its existence is no secret to them.
        raise Excluded(decision.reason)
    if subject.walled and subject.case_id is not None and actor.program_id == subject.program_id:
        raise NotFound(walled=subject.case_id)
    if not sees(actor, subject, pack):
        raise NotFound
    raise Forbidden(decision.reason)


def conflict(pack: Pack, duty: str, ever: frozenset[str]) -> Exclusion | None:
    """The rule that keeps somebody who ever held `ever` on a case from a duty or case role on it; None if there is none."""
    return next((rule for rule in pack.exclusions if rule.partner(duty) in ever), None)


def sees(actor: Actor, subject: Subject, pack: Pack | None) -> bool:
    """Whether the actor may know that the subject exists."""
    if _is_hidden(actor, subject):
        return False
    if pack is None:
        return actor.administrator
    if not _is_told(actor, subject, pack):
        return False
    if subject.case_id is None:
        return subject.kind != "definition" or _has_act(actor, Act.DEFINITION_VIEW, pack)
    if subject.cls is not None and not can_read(actor, subject, pack) and not is_staff_on(actor, subject, pack):
        # Outside participants never learn what others wrote, nor that they did.
        return False
    if _is_tied(actor, subject) or _has_act(actor, Act.CASE_LIST, pack) or _is_offered(actor, subject, pack):
        return True
    return any(role.key in subject.task_roles for role in _in_play(actor, subject, pack) if role.kind is RoleKind.PROGRAM)


def can_read(actor: Actor, subject: Subject, pack: Pack | None) -> bool:
    """Whether the actor may read a record of class `subject.cls` (None means C1) with the subject's ties."""
    return _by_matrix(actor, subject, pack, lambda role: role.read)


def can_write(actor: Actor, subject: Subject, pack: Pack | None) -> bool:
    """Whether the actor may write a record of class `subject.cls`; without an author it is the actor's own."""
    own = replace(subject, author_id=subject.author_id or actor.person_id, writing=True)
    return _by_matrix(actor, own, pack, lambda role: role.write)


def readable(actor: Actor, subject: Subject, pack: Pack | None) -> Callable[[str], bool]:
    """The question "may this class be read?" for one subject, as forms ask it."""
    return cache(lambda cls: can_read(actor, replace(subject, cls=cls), pack))


def writable(actor: Actor, subject: Subject, pack: Pack | None) -> Callable[[str], bool]:
    """The question "may this class be written?" for one subject, as forms ask it."""
    return cache(lambda cls: can_write(actor, replace(subject, cls=cls), pack))


def _decide(allowed: bool, otherwise: str) -> Decision:
    return Decision(True, _YES) if allowed else Decision(False, otherwise)


def _is_hidden(actor: Actor, subject: Subject) -> bool:
    return subject.walled or actor.program_id != subject.program_id


def _is_tied(actor: Actor, subject: Subject) -> bool:
    person = actor.person_id
    return bool(subject.case_roles or subject.participant_ids or actor.standing_for == subject.assignee_id or person == subject.author_id)


def _is_told(actor: Actor, subject: Subject, pack: Pack) -> bool:
    """Whether the actor may know of a task: of a discreet one few do, and outside participants of none about another."""
    if subject.kind != "task":
        return True
    if subject.discreet and not _knows(actor, subject, pack):
        return False
    return not is_about_another(subject.bound_participant, subject.participant_ids) or is_staff_on(actor, subject, pack)


def is_about_another(participant: str | None, own: frozenset[str]) -> bool:
    """Whether something is bound to a participant who is not the reader."""
    return participant is not None and participant not in own


def _knows(actor: Actor, subject: Subject, pack: Pack) -> bool:
    """Of a discreet task knows who lists all cases, or whose task it is (R62, SC-36: what it is about says too much)."""
    return knows_all(actor, pack) or _is_offered(actor, subject, pack)


def knows_all(actor: Actor, pack: Pack | None) -> bool:
    """Whether discreet elements of every case are told to the actor."""
    return actor.administrator if pack is None else _has_act(actor, Act.CASE_LIST, pack)


def is_staff_on(actor: Actor, subject: Subject, pack: Pack) -> bool:
    """Whether the actor meets the subject in a role that works for the program."""
    return any(role.staff for role in _in_play(actor, subject, pack))


def roles_on(actor: Actor, subject: Subject, pack: Pack) -> frozenset[str]:
    """The roles in which the actor meets the subject: held on its case, or by membership."""
    return frozenset(role.key for role in _in_play(actor, subject, pack))


def tellable(actor: Actor, subject: Subject, pack: Pack | None, facts: Mapping[str, object]) -> dict[str, object]:
    """Those of some variables that the actor may be told: outside participants do not learn what is for staff only."""
    if pack is None or is_staff_on(actor, subject, pack):
        return dict(facts)
    return {key: value for key, value in facts.items() if key not in pack.variables or not pack.variables[key].staff}


def _is_lent(actor: Actor, act: str, subject: Subject, pack: Pack) -> bool:
    if act not in _LENT_ACTS or subject.case_id is not None:
        return False
    roles = frozenset(role for one in actor.lent if one.pack in (None, pack.key) for role in one.roles)
    return any(act in role.may for key, role in pack.roles.items() if key in roles and role.kind is not RoleKind.CASE)


def _has_act(actor: Actor, act: str, pack: Pack) -> bool:
    if actor.administrator and act in ADMINISTRATOR_ACTS:
        return True
    return any(act in role.may for role in _member_roles(actor, pack))


def _member_roles(actor: Actor, pack: Pack) -> Iterator[Role]:
    """Roles of kind program or both that the actor holds by membership."""
    return (role for key, role in pack.roles.items() if key in actor.roles and role.kind is not RoleKind.CASE)


def _in_play(actor: Actor, subject: Subject, pack: Pack) -> Iterator[Role]:
    """Every role that counts for the subject: held on its case, or by membership."""
    for key, role in pack.roles.items():
        by_membership = key in actor.roles and role.kind is not RoleKind.CASE
        on_case = key in subject.case_roles and role.kind is not RoleKind.PROGRAM
        if by_membership or on_case:
            yield role


def _granting(actor: Actor, act: str, subject: Subject, pack: Pack) -> Iterator[Role]:
    return (role for role in _in_play(actor, subject, pack) if act in role.may)


def _counts(act: str, role: Role, subject: Subject) -> bool:
    """Whether a role that has an act has it for this subject."""
    if subject.case_id is None:
        return True
    if role.kind is not RoleKind.PROGRAM:
        return role.key in subject.case_roles
    if act == Act.CASE_VIEW:
        return Act.CASE_LIST in role.may or role.key in subject.task_roles
    return True


def _may_work(actor: Actor, subject: Subject, pack: Pack) -> Decision:
    """Claim, release and complete: the participant it is bound to, its assignee, or those in the role it is offered to."""
    if subject.bound_participant is not None and is_participants_own(subject.task_role, pack):
        return _decide(subject.bound_participant in subject.participant_ids, say("This is for the person it was meant for."))
    if subject.assignee_id not in (None, actor.standing_for):
        return Decision(False, say("Somebody else has claimed this task."))
    return _decide(_is_offered(actor, subject, pack), say("This task is offered to another role."))


def _may_complete_for(actor: Actor, subject: Subject, pack: Pack) -> Decision:
    """Entering what a participant answered on paper or by phone; their own task anybody does as themselves."""
    own = subject.bound_participant is not None and is_participants_own(subject.task_role, pack)
    if not own or subject.bound_participant in subject.participant_ids:
        return Decision(False, say("This task is not one to complete on somebody else's behalf."))
    granting = _granting(actor, Act.TASK_COMPLETE_FOR, subject, pack)
    return _decide(any(_counts(Act.TASK_COMPLETE_FOR, role, subject) for role in granting), say(_NO))


def is_participants_own(task_role: str | None, pack: Pack) -> bool:
    """Whether a task bound to a participant is for them to do; a task of a staff role is work about them."""
    role = pack.roles.get(task_role or "")
    return role is None or not role.staff


def _is_offered(actor: Actor, subject: Subject, pack: Pack) -> bool:
    """Whether a task is the actor's own or offered to a role that the actor holds for it."""
    assigned = subject.assignee_id is not None and subject.assignee_id == actor.standing_for
    if subject.kind != "task" or subject.task_role is None:
        return assigned
    role = pack.roles.get(subject.task_role)
    if role is None or Act.TASK_WORK not in role.may:
        return False
    if role.kind is RoleKind.PROGRAM:
        return role.key in actor.roles
    if role.key in subject.case_roles:
        return True
    # Asked by name before being given the case role; whoever lost the role has lost the task too.
    return assigned and role.key not in subject.ever and not {role.key, role.eligible}.isdisjoint(actor.roles)


def _by_matrix(actor: Actor, subject: Subject, pack: Pack | None, matrix: Callable[[Role], _MATRIX]) -> bool:
    if _is_hidden(actor, subject):
        return False
    if pack is None:
        return actor.administrator
    return any(
        _relates(actor, subject, role, relation)
        for role in _in_play(actor, subject, pack)
        if (relation := relation_to(matrix(role), subject.cls or "C1")) is not None
    )


def relation_to(matrix: Mapping[str, Relation], cls: str) -> Relation | None:
    """The relation that a class matrix asks for: of the class itself, else of the class above a sub-class."""
    return matrix.get(cls) or matrix.get(cls.partition(".")[0])


def _relates(actor: Actor, subject: Subject, role: Role, relation: Relation) -> bool:
    member = role.key in actor.roles and role.kind is not RoleKind.CASE
    on_case = role.key in subject.case_roles
    match relation:
        case Relation.PROGRAM:
            return member
        case Relation.CASE:
            return on_case
        case Relation.TASK:
            # In that very role: a task for another role that one holds too opens nothing here.
            return _task_opens(role, subject) and (on_case or role.kind is RoleKind.PROGRAM)
        case Relation.SELF:
            return subject.bound_participant is not None and subject.bound_participant in subject.participant_ids
        case Relation.AUTHOR:
            # What one wrote in a case role ends with the role; being eligible again does not bring it back.
            return subject.author_id == actor.person_id and (on_case or role.kind is RoleKind.PROGRAM)


def _task_opens(role: Role, subject: Subject) -> bool:
    """Reading by a task: process facts while there is one; of what is above C1 only what the diagram says it shows.

    A task is no key to the whole case: an overdue review is looked into without a name (domain 4.2, names only when a
    task needs it). What a task's form writes is opened by the write matrix, so there the role's task is enough.
    """
    if role.key not in subject.task_roles:
        return False
    if subject.cls in (None, "C1") or subject.writing:
        return True
    cls = subject.cls or ""
    return not {(role.key, cls), (role.key, cls.partition(".")[0])}.isdisjoint(subject.task_shows)
