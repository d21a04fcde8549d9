"""How a process starts by itself (BPMN 2.0, 10.5.2 and table 10.84): what its start events may say, and when they are due.

A start event is looked at before there is an instance, so its timer or condition sees the settings of the version and
the time, nothing else. A date that has passed when the version becomes active is due at once; of a cycle only what
comes after that moment counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from engine import feel
from engine.bpmn import parsing, timers, xml
from engine.bpmn.graph import Node, Timer
from engine.feel.errors import FeelError
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel, Value
from engine.model.starts import Plan, StartEvent, StartKind

#: The only name that the timer or condition of a start event may read, beside FEEL's own functions.
SETTINGS = "settings"
Found = tuple[str, str, str]
Settings = Mapping[str, Value]


def of_nodes(nodes: list[Node]) -> tuple[StartEvent, ...]:
    """The start events of a process as values; those of kinds that cannot start one are left out."""
    return tuple(_of(node) for node in nodes if node.event.kind in tuple(StartKind))


def starts(normalised: bytes, key: str) -> tuple[StartEvent, ...]:
    """The start events of a process, from what is run of it."""
    root = xml.parse(normalised)
    process = next(found for found in xml.children(root, "process") if found.get("id") == key)
    return of_nodes(parsing.read(process, parsing.definitions(root)).scope.starts())


def _of(node: Node) -> StartEvent:
    event, timer = node.event, node.event.timer
    rule = timer.text if timer is not None else event.condition
    return StartEvent(node.id, StartKind(event.kind), node.name, event.name, rule, timer.kind if timer else None)


def check(node: Node) -> Iterator[Found]:
    """What is wrong with a start event of a process whose expressions can be read, as far as it shows without settings."""
    event = node.event
    if event.kind == "conditional":
        yield from _names(node.id, "condition", event.condition or "")
    elif event.kind == "timer":
        text = event.timer.text if event.timer is not None else ""
        if not text.strip("= "):
            yield (
                node.id,
                "timer-missing",
                kept("Nothing says when this begins; give a date and time, how often it comes again, or a length of time."),
            )
        elif text.startswith("="):
            yield from _names(node.id, "timer", text)
        else:
            yield from _literal(_of(node))


def _names(element_id: str, what: str, text: str) -> Iterator[Found]:
    unknown = sorted(feel.compile(text).names - {SETTINGS})
    if unknown:
        yield (
            element_id,
            "start-names",
            (
                kept(
                    "The {what} of a start is looked at before there is a case or an answer, so “{unknown}” has no value "
                    "yet; use settings, dates and times only.",
                    what=what,
                    unknown=unknown[0],
                )
            ),
        )


def _literal(start: StartEvent) -> Iterator[Found]:
    try:
        plan(start, {}, datetime(2026, 1, 1, tzinfo=UTC))
    except ValueError as wrong:
        yield start.element_id, "timer-invalid", kept("The timer cannot be used. {wrong}", wrong=wrong)


def check_settings(model: ProcessModel, settings: Settings, now: datetime) -> Iterator[Problem]:
    """What is wrong with the timers and conditions of a process's start events, given the settings it will have."""
    for start in model.starts:
        what = "condition" if start.kind is StartKind.CONDITIONAL else "timer"
        try:
            if start.kind is StartKind.TIMER and (start.rule or "").startswith("="):
                plan(start, settings, now)
            elif start.kind is StartKind.CONDITIONAL:
                holds(start.rule or "", settings, now)
        except ValueError as wrong:
            yield Problem(
                model.file,
                start.element_id,
                f"{what}-invalid",
                kept("The {what} of this start cannot be used. {wrong}", what=what, wrong=wrong),
            )


def plan(start: StartEvent, settings: Settings, now: datetime) -> Plan | None:
    """When the timer of a start event is due that is set now; None for a cycle that is over. Raises ValueError."""
    timer = Timer(start.timer or "", start.rule or "")
    found: Value = _value(timer.text, settings, now) if timer.text.startswith("=") else timer.text
    if timer.kind == "cycle":
        if not isinstance(found, str):
            raise ValueError(kept("Write a cycle as text such as R/P7D."))
        return _ahead(timers.plan(timer, found, now), now)
    memo = timers.plan(timer, found, now)
    due = datetime.fromisoformat(memo["due"])
    if timer.kind == "duration" and due <= now:
        raise ValueError(kept("It needs a duration with a length, such as PT1H or P3D."))
    return Plan(found if isinstance(found, str) else feel.text(feel.coerce(found)), now, due)


def _ahead(memo: dict[str, object], now: datetime) -> Plan | None:
    made = _plan(memo)
    return made if made.due_at >= now else following(made, now)


def following(plan: Plan, now: datetime) -> Plan | None:
    """The next occurrence of a timer that fired now; None when there is none."""
    if plan.step is None:
        return None
    memo = {"rule": plan.rule, "anchor": plan.anchor_at.isoformat(), "left": plan.remaining, "step": plan.step}
    found = timers.next_occurrence(memo, now)
    return None if found is None else _plan(found)


def _plan(memo: Mapping[str, object]) -> Plan:
    anchor, due = (datetime.fromisoformat(str(memo[key])) for key in ("anchor", "due"))
    left, step = memo["left"], memo["step"]
    assert left is None or isinstance(left, int)
    assert isinstance(step, int)
    return Plan(str(memo["rule"]), anchor, due, left, step)


def holds(rule: str, settings: Settings, now: datetime) -> bool:
    """Whether the condition of a start event is true now. Raises ValueError when it is neither true nor false."""
    found = _value(rule, settings, now)
    if not isinstance(found, bool):
        raise ValueError(kept("Its condition gives neither true nor false with the settings of this version."))
    return found


def _value(text: str, settings: Settings, now: datetime) -> Value:
    try:
        return feel.evaluate(text, {SETTINGS: settings}, now=now)
    except FeelError as wrong:
        raise ValueError(kept("Its expression cannot be evaluated. {problem}", problem=wrong.message)) from wrong
