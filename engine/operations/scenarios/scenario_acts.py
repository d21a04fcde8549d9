"""What the steps of a scenario do on the stage. What cannot be done is NotPlayed, with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine import store
from engine.language import kept
from engine.model.cases import Case
from engine.model.errors import Invalid, ParleyError
from engine.model.forms import Mode
from engine.model.instances import UserTask
from engine.model.outside import OutsideJob
from engine.operations import values
from engine.operations.cases import cases
from engine.operations.content import readings
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import instances, messages, outside_answers, outside_work
from engine.operations.scenarios import scenario_words
from engine.operations.scenarios.scenario_stage import NotPlayed, Stage
from engine.operations.scenarios.scenario_words import Titles
from engine.operations.signing import Way
from engine.operations.tasks import task_lists, user_tasks
from engine.scenarios import Opening, Step, StepKind
from engine.scenarios.results import Place
from engine.store import UnitOfWork

_WORKER = "scenario"


def open_case(stage: Stage, opening: Opening) -> None:
    """Begin the case."""
    joining = [NewParticipant(role, person_id=person_id) for role, person_id in stage.joining(opening.joins)]
    data = stage.filled(opening.data)
    _attempt(lambda: _opened(stage, opening, joining, data))
    stage.settle()


def _opened(stage: Stage, opening: Opening, joining: list[NewParticipant], data: Mapping[str, object]) -> None:
    with stage.acting(opening.by) as (uow, actor):
        if opening.process:
            stage.case_id = instances.start(uow, actor, opening.process, variables=data, participants=joining).case_id
        elif stage.scene.pack is None:
            raise NotPlayed(kept("Without a pack the opening names the “process” that is started."))
        else:
            case: Case = cases.open_(uow, actor, stage.scene.pack, joining, data)
            stage.case_id = case.id


def perform(stage: Stage, titles: Titles, step: Step) -> None:
    """Do what a step says; one that is to be refused has to be."""
    if step.kind is StepKind.LOOK:
        return
    if step.kind is StepKind.TIME:
        stage.pass_time(step.passes)
        return
    before = len(stage.passed)
    try:
        _attempt(lambda: _ACTS[step.kind](stage, titles, step))
    except Refused:
        del stage.passed[before:]
        if not step.refused:
            raise
        return
    if step.refused:
        raise NotPlayed(kept("Expected this to be refused, but it was done."))
    stage.settle()


class Refused(NotPlayed):
    """The procedure or its rules refuse this."""

    code = "scenario-refused"


def _attempt(act: Callable[[], object]) -> None:
    try:
        act()
    except NotPlayed:
        raise
    except Invalid as wrong:
        said = wrong.message
        for error in wrong.errors:
            said = kept("{said} {field}: {problem}", said=said, field=error.path.strip("/") or kept("All of it"), problem=error.message)
        raise Refused(said) from wrong
    except ParleyError as wrong:
        raise Refused(kept("It was refused: {problem}", problem=wrong.message)) from wrong


def _task(stage: Stage, titles: Titles, step: Step) -> None:
    mode = Mode.ON_BEHALF if step.on_behalf else Mode.SELF
    data = stage.filled(step.data)
    with stage.acting(step.who) as (uow, actor):
        task = find_task(uow, stage, titles, step)
        # Whoever enters a signature in a scenario has a paper of the newest version before them.
        paper = readings.codes(task_lists.page(uow, actor, task.id).reads) if step.on_behalf else ""
        user_tasks.complete(uow, actor, task.id, data, mode=mode, signed=Way(code=paper))


def find_task(uow: UnitOfWork, stage: Stage, titles: Titles, step: Step) -> UserTask:
    """The open task that a step means: at the element, of whom it says, else of who does it. Raises NotPlayed."""
    places = titles.find(step.does)
    there = stage.open_tasks(uow)
    found = [one for one in there if Place(one.process_key, one.element_id) in places]
    if step.of:
        found = [one for one in found if stage.is_of(uow, one, step.of)]
    if len(found) > 1:
        found = [one for one in found if stage.is_of(uow, one, step.who)] or found
    if len(found) == 1:
        return found[0]
    if not found:
        said = ", ".join(f"“{scenario_words.task(uow, stage, titles, one)}”" for one in there)
        there_is = kept("Open: {list}.", list=said) if said else kept("No task is open.")
        if step.of:
            raise NotPlayed(kept("“{task}” for {who} is not open now. {open}", task=titles.called(step.does), who=step.of, open=there_is))
        raise NotPlayed(kept("“{task}” is not open now. {open}", task=titles.called(step.does), open=there_is))
    raise NotPlayed(kept("“{does}” is open {number} times; say “for” whom it is done.", does=titles.called(step.does), number=len(found)))


def _message(stage: Stage, _titles: Titles, step: Step) -> None:
    with stage.acting(step.who) as (uow, actor):
        case_id = stage.find_case(uow)
        if case_id is None:
            raise NotPlayed(kept("There is no case yet that a message could be sent to."))
        pack = stage.pack(uow)
        rules = pack.messages if pack else {}
        name = next((rule.name for rule in rules.values() if step.does in (rule.name, rule.label)), None)
        if name is None:
            raise NotPlayed(
                kept("The pack has no message “{does}”. It has: {list}.", does=step.does, list=", ".join(rules) or kept("none"))
            )
        chosen = cases.participant_of(uow, case_id, stage.people[step.of]) if step.of else None
        messages.send_to_case(uow, actor, case_id, name, chosen)


def _job(stage: Stage, titles: Titles, step: Step) -> None:
    places = titles.find(step.does)
    with stage.store.unit_of_work() as uow:
        found = [job for job in _jobs(uow, stage) if Place(job.process_key, job.element_id) in places]
        if not found:
            raise NotPlayed(kept("No outside work is waited for at “{does}”.", does=step.does))
        held = outside_work.take(uow, found[0], _WORKER, "", None)
        if step.fails:
            outside_answers.errored(uow, stage.system, held, step.fails)
        else:
            outside_answers.completed(uow, stage.system, held, values.from_plain(stage.filled(step.data)))
        uow.commit()


def _jobs(uow: UnitOfWork, stage: Stage) -> list[OutsideJob]:
    case_id = stage.find_case(uow)
    running = store.instances.of_case(uow, case_id) if case_id else ()
    return [job for one in running for job in store.outside_jobs.open_of_instance(uow, one.id)]


_ACTS = {StepKind.TASK: _task, StepKind.MESSAGE: _message, StepKind.JOB: _job}
