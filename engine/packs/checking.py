"""A pack against the forms and processes that are deployed with it: what each task needs, and what content must not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.model.errors import Problem
from engine.model.execution import Element, ProcessModel
from engine.model.forms import Field, FieldType, Form
from engine.model.packs import Pack, Role, RungAct, ValueType
from engine.packs import names, telling

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
    return (
        *(problem for process in processes for problem in _process_problems(pack, forms, process)),
        *(problem for form in forms.values() for problem in _form_problems(pack, form)),
        *_case_problems(pack, forms, processes, file),
        *_exclusion_problems(pack, processes, file),
        *_rule_problems(pack, processes, file),
        *_message_problems(pack, processes, file),
        *_panel_problems(pack, forms, file),
        *telling.contact_problems(pack, forms, file),
        *names.problems(pack, processes),
        *names.roles(pack, processes),
    )


def role_of(pack: Pack, element: Element) -> str | None:
    """Key of the role that a task is offered to: its own, else its lane's."""
    return element.attributes.get("role") or pack.lanes.get(element.lane or "")


def _process_problems(pack: Pack, forms: Mapping[str, Form], process: ProcessModel) -> Iterator[Problem]:
    for element in process.elements:
        if element.type in TASKS:
            yield from _task_problems(pack, forms, process, element)
    for notice in sorted(process.notices - pack.notices.keys()):
        yield Problem(process.file, process.key, "unknown-notice", f"There is no notice “{notice}”; add [notices.{notice}] to the pack.")
    for element_id, name in sorted(process.answers):
        if name not in pack.variables:
            message = f"The answer would become “{name}”, but the pack declares no such variable; add [variables.{name}] to the pack."
            yield Problem(process.file, element_id, "undeclared-variable", message)
    for code in sorted(process.milestones - pack.milestones.keys()):
        yield Problem(process.file, process.key, "unknown-milestone", f"The pack names no milestone “{code}”; add it to [milestones].")


def _task_problems(pack: Pack, forms: Mapping[str, Form], process: ProcessModel, element: Element) -> Iterator[Problem]:
    def say(code: str, message: str) -> Problem:
        return Problem(process.file, element.id, code, message)

    attributes = element.attributes
    key = role_of(pack, element)
    role = pack.roles.get(key) if key else None
    if key is not None and role is None:
        yield say("unknown-role", f"The pack has no role “{key}”; use one of: {', '.join(pack.roles)}.")
    elif key is None and "assignee" not in attributes:
        yield _without_role(process, element)
    if not attributes.get("due"):
        # L7: what has no due date can never be late, so nobody would notice.
        yield say("no-due-date", "This task has no due date; set one, for example P5D or =settings.NAME.")
    if element.name.lstrip().startswith("="):
        # L4: titles are seen by people who may not see content.
        yield say("expression-in-title", "A task's name is plain words; put what depends on data into its form.")
    form = attributes.get("form")
    if form is not None and form not in forms:
        yield say("unknown-form", f"There is no form “{form}”; add {form}.json or correct the name.")
    if role is not None:
        yield from _role_problems(role, forms.get(form or ""), process, element)


def _without_role(process: ProcessModel, element: Element) -> Problem:
    if element.lane:
        message = f"The pack gives the lane “{element.lane}” no role; add it to [lanes]."
        return Problem(process.file, element.id, "unknown-lane", message)
    message = "Nobody is offered this task; put it into a lane, or give it a role or an assignee."
    return Problem(process.file, element.id, "task-without-role", message)


def _role_problems(role: Role, form: Form | None, process: ProcessModel, element: Element) -> Iterator[Problem]:
    if not role.staff and "participant" not in element.attributes:
        # L10: an outside person only ever answers for themselves.
        message = f"“{role.label}” is an outside participant; say whose task this is (participant), so that nobody answers for another."
        yield Problem(process.file, element.id, "participant-unbound", message)
    asked = [field for field in form.fields if not field.on_behalf_only] if form else []
    for cls in sorted({field.cls for field in asked}):
        # L2: a form asks only for what its reader may write.
        if is_content(cls) and not grants(role.write, cls):
            fields = ", ".join(field.name for field in asked if field.cls == cls)
            message = f"“{role.label}” may not write class {cls}, which the form asks for ({fields}); change the form or the role."
            yield Problem(process.file, element.id, "role-cannot-write", message)


def is_content(cls: str) -> bool:
    """Whether a class is above process facts and so never enters a variable."""
    return cls not in ("C0", "C1")


def grants(matrix: Mapping[str, object], cls: str) -> bool:
    """Whether a class matrix names a class or the class above it."""
    return cls in matrix or cls.partition(".")[0] in matrix


def _form_problems(pack: Pack, form: Form) -> Iterator[Problem]:
    file = f"{form.key}.json"
    for field in form.fields:
        rule = pack.variables.get(field.name)
        if is_content(field.cls):
            if rule is not None:
                # L1: the same name would let content and fact be mistaken for each other.
                message = f"This field is class {field.cls} but “{field.name}” is a variable; rename the field or derive a fact from it."
                yield Problem(file, field.name, "content-in-variable", message)
        elif rule is None:
            yield _undeclared(file, field.name)
        elif rule.type not in _fitting(field):
            message = f"The variable “{field.name}” is a {rule.type}; make field and variable alike."
            yield Problem(file, field.name, "variable-type", message)
    for derived in form.derive:
        rule = pack.variables.get(derived.name)
        if is_content(derived.cls):
            if rule is not None:
                message = f"This entry is class {derived.cls} but “{derived.name}” is a variable; rename it or make it C1."
                yield Problem(file, derived.name, "content-in-variable", message)
        elif rule is None:
            yield _undeclared(file, derived.name)
        elif rule.type != derived.type:
            yield Problem(
                file,
                derived.name,
                "variable-type",
                f"The variable “{derived.name}” is a {rule.type}, this is a {derived.type}; make them alike.",
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
    message = f"“{name}” is class C1, so it becomes a variable, but the pack declares none; add [variables.{name}] or raise its class."
    return Problem(file, name, "undeclared-variable", message)


def _case_problems(pack: Pack, forms: Mapping[str, Form], processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    if pack.case.process not in {process.key for process in processes}:
        yield Problem(
            file,
            "case.process",
            "unknown-process",
            f"There is no process “{pack.case.process}” to open a case with; correct the key or add its diagram.",
        )
    if pack.case.opening_form is not None and pack.case.opening_form not in forms:
        yield Problem(
            file, "case.opening_form", "unknown-form", f"There is no form “{pack.case.opening_form}”; correct the name or add its file."
        )


def _exclusion_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    known = pack.roles.keys() | {duty for process in processes for duty in process.duties}
    for number, exclusion in enumerate(pack.exclusions, start=1):
        for name in exclusion.between:
            if name not in known:
                message = f"“{name}” is neither a role nor a duty of any task, so this protects nothing; correct the name."
                yield Problem(file, f"exclusions.{number}", "unknown-duty", message)


def _rule_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    keys = {process.key for process in processes}
    tasks = {f"{process.key}/{element.id}" for process in processes for element in process.elements if element.type in TASKS}
    for rule in pack.deadline_rules:
        element = f"deadline_rules.{rule.key}"
        for target in rule.applies_to:
            if target != "*" and target not in tasks:
                yield Problem(file, element, "unknown-element", f"There is no user task “{target}”; write PROCESS/ELEMENT.")
        for rung in rule.rungs:
            if rung.act is RungAct.START and rung.process not in keys:
                yield Problem(
                    file,
                    f"{element}.rungs.{rung.number}",
                    "unknown-process",
                    f"There is no process “{rung.process}”; correct the key or add its diagram.",
                )


def _message_problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    known = {name for process in processes for name in process.messages | process.start_messages}
    for name in pack.messages:
        if name not in known:
            message = f"No process has a message “{name}”, so nobody would ever wait for it; correct the name, or remove the message."
            yield Problem(file, f"messages.{name}", "unknown-message", message)


def _panel_problems(pack: Pack, forms: Mapping[str, Form], file: str) -> Iterator[Problem]:
    for panel in pack.panels:
        element = f"panels.{panel.key}"
        for key in panel.forms:
            if key not in forms:
                yield Problem(file, element, "unknown-form", f"There is no form “{key}”; correct the name or add its file.")
        names = {name for key in panel.forms if key in forms for name in forms[key].class_of}
        for column in panel.columns:
            if names and column not in names:
                yield Problem(
                    file, element, "unknown-field", f"No form of this panel has a field “{column}”; correct the column or add the field."
                )
