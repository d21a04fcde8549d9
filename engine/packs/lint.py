"""What a program checks of its own procedures, beyond what the engine needs to run them: rules of `rules.RULES`.

They hold for a change by the policies of the pack that is live as well as by its own, so that no change lowers the bar
for itself. An exception is written into the pack with its reason and approved with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.bpmn import upstream
from engine.bpmn.graph import Graph
from engine.language import kept
from engine.model.errors import Level, Problem
from engine.model.execution import ProcessModel
from engine.model.forms import Form
from engine.model.packs import Pack
from engine.model.policies import Lint
from engine.packs import lint_drawing, lint_ways, lint_words, selecting
from engine.packs.checking import is_content
from engine.packs.rules import RULES

_STRICTNESS = ("off", "warn", "refuse")


@dataclass(frozen=True, slots=True)
class _Whole:
    pack: Pack
    forms: Mapping[str, Form]
    processes: Sequence[ProcessModel]
    graphs: Mapping[str, Graph]
    file: str


def lint(
    pack: Pack,
    forms: Mapping[str, Form],
    processes: Sequence[ProcessModel],
    now: datetime,
    *,
    active: Pack | None = None,
    file: str = "pack.toml",
) -> tuple[Problem, ...]:
    """Everything that the rules find in sound files; levels and exceptions are not applied yet (`levelled`)."""
    drawn = ((model, outline) for model in processes for outline in upstream.outlines(model.normalised))
    graphs = {model.key: outline.graph for model, outline in drawn if outline.key == model.key}
    whole = _Whole(pack, forms, processes, graphs, file)
    content = frozenset(name for form in forms.values() for name, cls in form.class_of.items() if is_content(cls)) - pack.variables.keys()
    found: list[Problem] = []
    for model in processes:
        if model.key in graphs:
            found += lint_drawing.problems(pack, content, model, graphs[model.key], now)
    policies = [pack.policies.lint, *([active.policies.lint] if active else [])]
    found += _required(whole, dict.fromkeys(selector for policy in policies for selector in policy.required))
    found += _never_begun(whole)
    found += lint_words.problems(pack, forms, processes, file)
    found += (problem for form, fields in _reports(policies).items() for problem in _report(whole, form, fields))
    trusted = frozenset(one.at for policy in policies for one in policy.exceptions if one.code == "lint-way-around")
    for rule in dict.fromkeys(rule for policy in policies for rule in policy.before):
        found += lint_ways.around(rule, processes, graphs, trusted)
    return tuple(found)


def levelled(problems: Iterable[Problem], pack: Pack | None, active: Pack | None = None) -> tuple[Problem, ...]:
    """Problems with the levels that the policies give them: of two the stricter one; those that are off or allowed are left out."""
    policies = [one.policies.lint for one in (pack, active) if one is not None]
    found = []
    for problem in problems:
        if problem.code in RULES:
            level = _level(problem.code, policies)
            if level == "off" or _allowed(problem, policies):
                continue
            found.append(replace(problem, level=Level(level)))
        else:
            found.append(problem)
    return tuple(found)


def _level(code: str, policies: Sequence[Lint]) -> str:
    said = [policy.levels.get(code, RULES[code].value) for policy in policies] or [RULES[code].value]
    return max(said, key=_STRICTNESS.index)


def _allowed(problem: Problem, policies: Sequence[Lint]) -> bool:
    return any(problem.code == one.code and problem.element_id == one.at for policy in policies for one in policy.exceptions)


def _required(whole: _Whole, selectors: Iterable[str]) -> Iterator[Problem]:
    """L5. What stands in a process that nothing begins counts as taken out."""
    begun = _begun(whole)
    for selector in selectors:
        if not any(True for _ in selecting.elements(selector, begun)):
            message = kept(
                "The program asks for {selector}, but no procedure that a case goes through has one; put it back, or "
                "record an exception with its reason on the page “Policies”.",
                selector=selecting.words(selector),
            )
            yield Problem(whole.file, selector, "lint-required-missing", message)


def _never_begun(whole: _Whole) -> Iterator[Problem]:
    """What somebody would have to start by hand. Of procedures that call one another, only the outermost is told."""
    begun = {model.key for model in _begun(whole)}
    for model in whole.processes:
        called = any(model.key in other.calls for other in whole.processes if other.key != model.key)
        if model.executable and model.key not in begun and not called:
            message = kept(
                "Nothing begins this procedure: no other procedure calls it, no deadline rule, message, signal or "
                "timer starts it. Call it from another one, or start it by hand on a case's page."
            )
            yield Problem(model.file, model.key, "lint-never-begun", message)


def _begun(whole: _Whole) -> list[ProcessModel]:
    by_key = {model.key: model for model in whole.processes}
    rungs = {rung.process for rule in whole.pack.deadline_rules for rung in rule.rungs if rung.process}
    # A start event with a trigger begins a process even where another start event has none.
    triggered = (model.key for model in whole.processes if not model.plain_start or any(one.kind != "none" for one in model.starts))
    todo = [whole.pack.case.process, *rungs, *triggered]
    found: dict[str, ProcessModel] = {}
    while todo:
        key = todo.pop()
        if key in by_key and key not in found:
            found[key] = by_key[key]
            todo += by_key[key].calls
    return list(found.values())


def _reports(policies: Sequence[Lint]) -> dict[str, frozenset[str]]:
    """Of each form that leaves the program, the fields that all policies allow."""
    found: dict[str, frozenset[str]] = {}
    for form, fields in ((form, frozenset(fields)) for policy in policies for form, fields in policy.reports.items()):
        found[form] = found.get(form, fields) & fields
    return found


def _report(whole: _Whole, form: str, fields: frozenset[str]) -> Iterator[Problem]:
    """L6: what may be told outside is a closed list."""
    for name in whole.forms[form].class_of if form in whole.forms else ():
        if name not in fields:
            message = kept(
                "This report leaves the program and may not have “{name}”; remove the field, or have the list of "
                "what reports may hold changed first (page “Policies”). Allowed: {list}.",
                name=name,
                list=", ".join(sorted(fields)) or "nothing",
            )
            yield Problem(f"{form}.json", name, "lint-report-field", message)
