"""A case's page for one reader: explanation, diagrams with tokens, tasks, people, timeline, records, acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from engine import access, clock, feel, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.packs import Act, Pack
from engine.model.starts import StartKind
from engine.model.states import CaseState, InstanceState, UserTaskState
from engine.model.views import (
    CaseLine,
    CasePage,
    DiagramView,
    Explanation,
    MessageAct,
    PanelView,
    ParticipantLine,
    VisibleRecord,
)
from engine.operations import live, naming, nobody, ties, wording
from engine.operations.cases import explanations, reports
from engine.operations.content import balances, records, timeline
from engine.operations.discretion import Discretion
from engine.operations.people import standing_in
from engine.operations.running import turns
from engine.operations.scope import within
from engine.operations.tasks import task_lists
from engine.store import UnitOfWork

#: Of some facts those that the reader may be told.
_Told: TypeAlias = Callable[[Mapping[str, object]], dict[str, object]]


def page(uow: UnitOfWork, actor: Actor, case_id: str) -> CasePage:
    """Everything on a case that this actor may see. Raises NotFound or Forbidden."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    actor = standing_in.for_case(uow, actor, case, Act.CASE_VIEW)
    subject, pack = ties.to_case(uow, actor, case), live.spoken(uow, actor, case.pack)
    access.require(actor, Act.CASE_VIEW, subject, pack)
    names = naming.Names(uow, actor, case, subject, pack)
    discretion = Discretion(uow, actor, case, subject, pack)
    told = [row for row in store.instances.of_case(uow, case.id) if not discretion.hides_whole(row.id)]
    loaded = [turns.load(uow, actor.program_id, row.id) for row in told]
    explanation = explanations.whole(uow, loaded, names, pack, discretion)
    tasks = tuple(task for task in store.user_tasks.of_case(uow, case.id) if not discretion.hides_task(task))
    shown = records.visible(uow, actor, case, subject, pack)
    return CasePage(
        line=_line(uow, case, tasks, explanation, pack, lambda facts: access.tellable(actor, subject, pack, facts)),
        explanation=explanation,
        participants=_participants(uow, case, names, pack),
        tasks=task_lists.lines(uow, actor, tasks),
        diagrams=tuple(view for one in loaded for view in _diagrams(uow, one, tasks, explanation, pack, discretion)),
        timeline=timeline.of_case(uow, case, names, pack, discretion),
        milestones=_milestones(uow, case, pack),
        balances=balances.of_case(uow, actor, case, subject, pack),
        panels=_panels(pack, shown),
        acts=_acts(uow, actor, case, subject, pack, names),
        instances=tuple(one.instance for one in loaded),
        may=_may(actor, subject, pack, [one.instance.state for one in loaded]) | (frozenset() if discretion.outside else {"history"}),
        reports=reports.written(pack, shown),
    )


def _line(uow: UnitOfWork, case: Case, tasks: Sequence[UserTask], why: Explanation, pack: Pack | None, told: _Told) -> CaseLine:
    still = [task for task in tasks if task.state is UserTaskState.OPEN]
    dues = [task.due_at for task in still if task.due_at]
    facts = {key: feel.plain(feel.from_json(fact.value)) for key, fact in store.facts.of_case(uow, case.id).items()}
    return CaseLine(
        id=case.id,
        number=case.number,
        state=str(case.state),
        status=case.status,
        outcome=case.outcome,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        sentence=why.sentence,
        overdue=sum(due < clock.now() for due in dues),
        nobody=nobody.told(next((task.nobody for task in still if task.nobody), None), pack),
        next_due_at=min(dues, default=None),
        facts=told(facts),
    )


def _participants(uow: UnitOfWork, case: Case, names: naming.Names, pack: Pack | None) -> tuple[ParticipantLine, ...]:
    rows = store.participants.of_case(uow, case.id, include_ended=True)
    people = store.persons.get_many(uow, {row.person_id for row in rows}) if names.sees_names else {}
    return tuple(
        ParticipantLine(
            id=row.id,
            who=names.of(row),
            role=row.role,
            role_label=pack.roles[row.role].label if pack and row.role in pack.roles else row.role,
            from_at=row.from_at,
            to_at=row.to_at,
            email=people[row.person_id].email if row.person_id in people else None,
            phone=people[row.person_id].phone if row.person_id in people else None,
            outside=pack is not None and row.role in pack.roles and not pack.roles[row.role].staff,
        )
        for row in rows
    )


def _diagrams(
    uow: UnitOfWork, loaded: turns.Loaded, tasks: Sequence[UserTask], why: Explanation, pack: Pack | None, discretion: Discretion
) -> list[DiagramView]:
    """The instance's own diagram and those of the processes it called, where its tokens are now."""
    tokens: dict[str, Counter[str]] = {loaded.definition.key: Counter()}
    others = _of_others(uow, loaded, tasks)
    if loaded.instance.state not in (InstanceState.COMPLETED, InstanceState.TERMINATED):
        for process_key, element_id in turns.positions(uow, loaded):
            if others[process_key, element_id] > 0:
                others[process_key, element_id] -= 1
            elif not discretion.hides(loaded.instance.id, process_key, element_id):
                tokens.setdefault(process_key, Counter())[element_id] += 1
    marks = _marks(loaded, tasks, why)
    done = [place for place in store.audit.completed_elements(uow, loaded.instance.id) if not discretion.hides(loaded.instance.id, *place)]
    pinned = live.manifest(loaded.definition)["processes"]
    return [
        DiagramView(
            definition=store.definitions.get(uow, str(pinned[key])),
            process_key=key,
            name=wording.of_pack(pack, store.definitions.get(uow, str(pinned[key])).name),
            tokens=dict(counted),
            marks=marks.get(key, {}),
            completed=frozenset(element for process, element in done if process == key),
            instance_id=loaded.instance.id,
        )
        for key, counted in tokens.items()
    ]


def _of_others(uow: UnitOfWork, loaded: turns.Loaded, told: Sequence[UserTask]) -> Counter[tuple[str, str]]:
    """How many tasks are open, by place, that the reader is not told of."""
    shown = {task.id for task in told}
    there = store.user_tasks.open_of_instance(uow, loaded.instance.id)
    return Counter((task.process_key, task.element_id) for task in there if task.id not in shown)


def _marks(loaded: turns.Loaded, tasks: Sequence[UserTask], why: Explanation) -> Mapping[str, Mapping[str, str]]:
    now = clock.now()
    found: dict[str, dict[str, str]] = {}
    for task in tasks:
        if task.instance_id == loaded.instance.id and task.state is UserTaskState.OPEN:
            late = task.due_at is not None and task.due_at < now
            found.setdefault(task.process_key, {})[task.element_id] = "overdue" if late else "waiting"
    for wait in why.waiting:
        if wait.kind == "incident":
            found.setdefault(wait.process_key, {})[wait.element_id] = "incident"
    return found


def _milestones(uow: UnitOfWork, case: Case, pack: Pack | None) -> tuple[tuple[str, str, datetime | None], ...]:
    reached = {row.code: row.at for row in reversed(store.milestones.of_case(uow, case.id))}
    labels = pack.milestones if pack else {code: code for code in reached}
    return tuple((code, label, reached.get(code)) for code, label in labels.items())


def _panels(pack: Pack | None, shown: Sequence[VisibleRecord]) -> tuple[PanelView, ...]:
    if pack is None:
        return ()
    listed = [PanelView(panel.key, panel.title, tuple(record for record in shown if record.form in panel.forms)) for panel in pack.panels]
    placed = {form for panel in pack.panels for form in panel.forms}
    rest = tuple(record for record in shown if record.form not in placed)
    return (*listed, *((PanelView("other", say("Other records"), rest),) if rest else ()))


def _acts(uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None, names: naming.Names) -> tuple[MessageAct, ...]:
    """The messages this actor may send to the case now: something waits for them or starts by them, and the role may."""
    if pack is None:
        return ()
    waited = {row.name for row in store.subscriptions.of_case(uow, case.id) if row.kind == "message"}
    held = actor.roles | subject.case_roles
    mine = [rule.name for rule in pack.messages.values() if held & set(rule.roles)]
    waited |= {name for name in mine if name not in waited and _starts(uow, case, name)}
    found = []
    for rule in pack.messages.values():
        if rule.name in waited and held & set(rule.roles):
            current = store.participants.of_case(uow, case.id)
            own = any(p.id in subject.participant_ids and p.role == rule.of for p in current)
            choice = () if own or not rule.of else tuple((p.id, names.of(p).label) for p in current if p.role == rule.of)
            found.append(MessageAct(rule.name, rule.label, rule.confirm or "", choice))
    return tuple(found)


def _starts(uow: UnitOfWork, case: Case, name: str) -> bool:
    """Whether a message starts a procedure on a case."""
    return case.state is not CaseState.CLOSED and any(
        one.pack == case.pack for one in store.starts.matching(uow, case.program_id, StartKind.MESSAGE, name)
    )


def _may(actor: Actor, subject: Subject, pack: Pack | None, states: Sequence[InstanceState]) -> frozenset[str]:
    found = set()
    if access.may(actor, Act.INSTANCE_CONTROL, subject, pack).allowed:
        if any(state in (InstanceState.RUNNING, InstanceState.INCIDENT) for state in states):
            found |= {"suspend", "terminate"}
        if InstanceState.SUSPENDED in states:
            found |= {"resume", "terminate"}
        if InstanceState.INCIDENT in states:
            found.add("retry")
    if access.may(actor, Act.TASK_ASSIGN, subject, pack).allowed:
        found.add("assign")
    if access.may(actor, Act.CASE_PARTICIPANTS, subject, pack).allowed:
        found.add("participants")
    return frozenset(found)
