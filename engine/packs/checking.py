"""A pack against the forms and processes that are deployed with it: what each task needs, and what content must not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import Element, ProcessModel
from engine.model.forms import Field, FieldType, Form
from engine.model.packs import Pack, Role, RungAct, ValueType
from engine.model.starts import StartKind
from engine.packs import guides, measures, names, panels, surveys, telling, tiles

TASKS = frozenset({"userTask", "manualTask", "task"})

_FITS: Mapping[FieldType, frozenset[ValueType]] = {
    FieldType.STRING: frozenset({ValueType.STRING}),
    FieldType.NUMBER: frozenset({ValueType.NUMBER}),
    FieldType.INTEGER: frozenset({ValueType.NUMBER}),
    FieldType.BOOLEAN: frozenset({ValueType.BOOLEAN}),
    FieldType.CHOICES: frozenset({ValueType.LIST}),
    FieldType.REPEAT: frozenset({ValueType.LIST}),
    FieldType.GROUP: frozenset({ValueType.CONTEXT}),
}


def check(pack: Pack, forms: Mapping[str, Form], processes: Sequence[ProcessModel], *, file: str = "pack.toml") -> tuple[Problem, ...]:
    """Every contradiction between a pack, its forms and its processes; `file` is the pack's own name in the problems."""
    at_steps = {element.attributes.get("form") for process in processes for element in process.elements}
    apart = (panels.entry_forms(pack) | {survey.form for survey in pack.surveys}) - at_steps
    return (
        *(problem for process in processes for problem in _process_problems(pack, forms, process)),
        *(problem for form in forms.values() for problem in _form_problems(pack, form, becomes_facts=form.key not in apart)),
        *_case_problems(pack, forms, processes, file),
        *_exclusion_problems(pack, processes, file),
        *_rule_problems(pack, processes, file),
        *_message_problems(pack, processes, file),
        *tiles.problems(pack, processes, file),
        *measures.problems(pack, processes, file),
        *guides.problems(pack, processes, file),
        *surveys.problems(pack, forms, file),
        *(problem for form in forms.values() for problem in _reading_problems(form, forms)),
        *panels.problems(pack, forms, file),
        *telling.contact_problems(pack, forms, file),
        *names.problems(pack, processes),
        *names.roles(pack, processes),
        *names.working_time(pack, processes),
    )


def check_apart(pack: Pack, forms: Mapping[str, Form], drawn: Sequence[ProcessModel], *, file: str = "pack.toml") -> tuple[Problem, ...]:
    """What can be said while some diagrams are refused: of the pack with its forms, and of the diagrams that are sound."""
    apart = panels.entry_forms(pack) | {survey.form for survey in pack.surveys}
    return (
        *(problem for process in drawn for problem in _process_problems(pack, forms, process)),
        *(problem for form in forms.values() for problem in _form_problems(pack, form, becomes_facts=form.key not in apart)),
        *panels.problems(pack, forms, file),
        *telling.contact_problems(pack, forms, file),
    )


def role_of(pack: Pack, element: Element) -> str | None:
    """Key of the role that a task is offered to: its own, else its lane's."""
    return element.attributes.get("role") or pack.lanes.get(element.lane or "")


def _process_problems(pack: Pack, forms: Mapping[str, Form], process: ProcessModel) -> Iterator[Problem]:
    for element in process.elements:
        if element.type in TASKS:
            yield from _task_problems(pack, forms, process, element)
    for notice in sorted(process.notices - pack.notices.keys()):
        yield Problem(
            process.file,
            process.key,
            "unknown-notice",
            kept("There is no notice “{notice}”; choose another one, or write it on the page “Notices”.", notice=notice),
        )
    for element_id, name in sorted(process.answers):
        if name not in pack.variables:
            message = kept("Its outcome would be kept as “{name}”, but there is no such fact; add it on the page “Facts”.", name=name)
            yield Problem(process.file, element_id, "undeclared-variable", message)
    for code in sorted(process.milestones - pack.milestones.keys()):
        yield Problem(
            process.file,
            process.key,
            "unknown-milestone",
            kept("There is no milestone “{code}”; choose another one, or add it on the page “Milestones”.", code=code),
        )


def _labels(pack: Pack) -> str:
    return ", ".join(role.label for role in pack.roles.values())


def _task_problems(pack: Pack, forms: Mapping[str, Form], process: ProcessModel, element: Element) -> Iterator[Problem]:
    def say(code: str, message: str) -> Problem:
        return Problem(process.file, element.id, code, message)

    attributes = element.attributes
    key = role_of(pack, element)
    role = pack.roles.get(key) if key else None
    if key is not None and role is None:
        yield say("unknown-role", f"There is no role “{key}”; choose one of these: {_labels(pack)}.")
    elif key is None and "assignee" not in attributes:
        yield _without_role(process, element)
    if not attributes.get("due"):
        # L7: what has no due date can never be late, so nobody would notice.
        yield say("no-due-date", "This task has no due time; give it one, for example 5 days, or one of the settings.")
    if element.name.lstrip().startswith("="):
        # L4: titles are seen by people who may not see content.
        yield say(
            "expression-in-title",
            "The name of a task is plain words, but this one is worked out from answers; put what depends on answers into its form.",
        )
    form = attributes.get("form")
    if form is not None and form not in forms:
        yield say("unknown-form", f"There is no form “{form}”; choose another one, or build it (file {form}.json).")
    if role is not None:
        yield from _role_problems(role, forms.get(form or ""), process, element)


def _without_role(process: ProcessModel, element: Element) -> Problem:
    if element.lane:
        message = kept("Nothing says which role works in the lane “{lane}”; say so on the page “Lanes”.", lane=element.lane)
        return Problem(process.file, element.id, "unknown-lane", message)
    message = kept("Nobody is offered this task; put it into a lane, or give it a role or an assignee.")
    return Problem(process.file, element.id, "task-without-role", message)


def _role_problems(role: Role, form: Form | None, process: ProcessModel, element: Element) -> Iterator[Problem]:
    if not role.staff and "participant" not in element.attributes:
        # L10: an outside person only ever answers for themselves.
        message = kept(
            "“{label}” is an outside participant; say whose task this is (“for whom”), so that nobody answers for another.",
            label=role.label,
        )
        yield Problem(process.file, element.id, "participant-unbound", message)
    asked = [field for field in form.fields if not field.on_behalf_only] if form else []
    for cls in sorted({field.cls for field in asked}):
        # L2: a form asks only for what its reader may write.
        if is_content(cls) and not grants(role.write, cls):
            fields = ", ".join(field.name for field in asked if field.cls == cls)
            message = kept(
                "“{label}” may not write what the form asks for (class {cls}: {fields}); give the role that right, "
                "or take the questions out of the form.",
                label=role.label,
                cls=cls,
                fields=fields,
            )
            yield Problem(process.file, element.id, "role-cannot-write", message)


def is_content(cls: str) -> bool:
    """Whether a class is above process facts and so never enters a variable."""
    return cls not in ("C0", "C1")


def grants(matrix: Mapping[str, object], cls: str) -> bool:
    """Whether a class matrix names a class or the class above it."""
    return cls in matrix or cls.partition(".")[0] in matrix


def _form_problems(pack: Pack, form: Form, *, becomes_facts: bool) -> Iterator[Problem]:
    """`becomes_facts`: what it asks for in class C1 becomes variables; answers of a panel's entries stay with the entry."""
    file = f"{form.key}.json"
    for field in form.fields:
        rule = pack.variables.get(field.name)
        if is_content(field.cls):
            if rule is not None:
                # L1: the same name would let content and fact be mistaken for each other.
                message = kept(
                    "The question is class {cls}, but “{name}” is a fact that everybody on the case may see; give the "
                    "question another name, or work a fact out of it.",
                    cls=field.cls,
                    name=field.name,
                )
                yield Problem(file, field.name, "content-in-variable", message)
        elif not becomes_facts:
            continue
        elif rule is None:
            yield _undeclared(file, field.name)
        elif rule.type not in _fitting(field):
            message = kept("The fact “{name}” is a {type}, but the question is not; make the two alike.", name=field.name, type=rule.type)
            yield Problem(file, field.name, "variable-type", message)
    for derived in form.derive:
        rule = pack.variables.get(derived.name)
        if is_content(derived.cls):
            if rule is not None:
                message = kept(
                    "This is class {cls}, but “{name}” is a fact that everybody on the case may see; give it another "
                    "name, or make it class C1.",
                    cls=derived.cls,
                    name=derived.name,
                )
                yield Problem(file, derived.name, "content-in-variable", message)
        elif not becomes_facts:
            continue
        elif rule is None:
            yield _undeclared(file, derived.name)
        elif rule.type != derived.type:
            yield Problem(
                file,
                derived.name,
                "variable-type",
                kept(
                    "The fact “{name}” is a {type}, this is a {type2}; make the two alike.",
                    name=derived.name,
                    type=rule.type,
                    type2=derived.type,
                ),
            )


def _fitting(field: Field) -> frozenset[ValueType]:
    match field.format:
        case "date":
            return frozenset({ValueType.DATE})
        case "date-time":
            return frozenset({ValueType.DATETIME})
        case _:
            return _FITS[field.type]


def _undeclared(file: str, name: str) -> Problem:
    message = kept(
        "“{name}” is class C1, so it becomes a fact of the case, but there is no such fact; add it on the "
        "page “Facts”, or give it a higher class.",
        name=name,
    )
    return Problem(file, name, "undeclared-variable", message)


def _case_problems(pack: Pack, forms: Mapping[str, Form], processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    if pack.case.process not in {process.key for process in processes}:
        yield Problem(
            file,
            "case.process",
            "unknown-process",
            kept("There is no procedure “{process}” to open a case with; choose another one, or draw it.", process=pack.case.process),
        )
    if pack.case.opening_form is not None and pack.case.opening_form not in forms:
        yield Problem(
            file,
            "case.opening_form",
            "unknown-form",
            kept(
                "There is no form “{opening_form}” to open a case with; choose another one, or build it.",
                opening_form=pack.case.opening_form,
            ),
        )
    by_message = {model.key for model in processes if any(start.kind is StartKind.MESSAGE for start in model.starts)}
    for key in pack.case.afterwards:
        if key not in by_message:
            message = kept("No message begins the procedure “{process}”; choose another one, or begin it by a message.", process=key)
            yield Problem(file, "case.afterwards", "unknown-process", message)


def _reading_problems(form: Form, forms: Mapping[str, Form]) -> Iterator[Problem]:
    for key in form.reads:
        if key not in forms:
            message = kept("There is no form “{key}” that could be read before this one; choose another one, or build it.", key=key)
            yield Problem(f"{form.key}.json", None, "unknown-form", message)


def _exclusion_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    known = pack.roles.keys() | {duty for process in processes for duty in process.duties}
    for number, exclusion in enumerate(pack.exclusions, start=1):
        for name in exclusion.between:
            if name not in known:
                message = kept(
                    "“{name}” is neither a role nor a duty of any task, so this protects nothing; choose another one.", name=name
                )
                yield Problem(file, f"exclusions.{number}", "unknown-duty", message)


def _rule_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    keys = {process.key for process in processes}
    tasks = {f"{process.key}/{element.id}" for process in processes for element in process.elements if element.type in TASKS}
    for rule in pack.deadline_rules:
        element = f"deadline_rules.{rule.key}"
        for target in rule.applies_to:
            if target != "*" and target not in tasks:
                yield Problem(
                    file,
                    element,
                    "unknown-element",
                    kept("There is no step “{target}” for a person; choose one from the list (in a file: PROCEDURE/STEP).", target=target),
                )
        for rung in rule.rungs:
            if rung.act is RungAct.START and rung.process not in keys:
                yield Problem(
                    file,
                    f"{element}.rungs.{rung.number}",
                    "unknown-process",
                    kept("There is no procedure “{process}” to start; choose another one, or draw it.", process=rung.process),
                )


def _message_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    known = {name for process in processes for name in process.messages | process.start_messages}
    for name in pack.messages:
        if name not in known:
            message = kept(
                "No procedure waits for a message “{name}”, so it would never arrive; correct the name, or remove the message.", name=name
            )
            yield Problem(file, f"messages.{name}", "unknown-message", message)
