"""Diagrams in a few words, and stories told with them. Flows: "a > b > c; b > d [x > 1]; b > e *" (* is the default)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from engine.bpmn import Execution, begin, compile, read, restore
from engine.model.errors import Problem
from engine.model.execution import Closure, Entry, EntryEvent, Env, OpenTask, ProcessModel, Request, Thrown, Turn

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = itertools.count()


def tag(kind: str, id: str, inner: str = "", **attributes: object) -> str:
    """An element; attributes ending in _ are the standard's, the others are extension attributes."""
    written = "".join(f" {key[:-1] if key.endswith('_') else f'parley:{key}'}={quoteattr(str(value))}" for key, value in attributes.items())
    return f'<{kind} id="{id}"{written}>{inner}</{kind}>'


def start(id: str = "start", inner: str = "", **more: object) -> str:
    return tag("startEvent", id, inner, **more)


def end(id: str = "end", inner: str = "", **more: object) -> str:
    return tag("endEvent", id, inner, **more)


def user(id: str, inner: str = "", **more: object) -> str:
    return tag("userTask", id, inner, **more)


def script(id: str, text: str, inner: str = "") -> str:
    return tag("scriptTask", id, f"{inner}<script>{escape(text)}</script>")


def xor(id: str) -> str:
    return tag("exclusiveGateway", id)


def both(id: str) -> str:
    return tag("parallelGateway", id)


def some(id: str) -> str:
    return tag("inclusiveGateway", id)


def first(id: str) -> str:
    return tag("eventBasedGateway", id)


def catch(id: str, inner: str) -> str:
    return tag("intermediateCatchEvent", id, inner)


def throw(id: str, inner: str = "") -> str:
    return tag("intermediateThrowEvent", id, inner)


def boundary(id: str, on: str, inner: str, interrupting: bool = True) -> str:
    return tag("boundaryEvent", id, inner, attachedToRef_=on, cancelActivity_=str(interrupting).lower())


def timer(text: str) -> str:
    kind = "timeCycle" if text.startswith("R") else "timeDuration" if text.lstrip("=").startswith(("P", "@")) else "timeDate"
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def message(name: str) -> str:
    return f'<messageEventDefinition messageRef="message_{name}"/>'


def signal(name: str) -> str:
    return f'<signalEventDefinition signalRef="signal_{name}"/>'


def error(code: str | None = None) -> str:
    return "<errorEventDefinition/>" if code is None else f'<errorEventDefinition errorRef="error_{code}"/>'


def escalation(code: str | None = None) -> str:
    return "<escalationEventDefinition/>" if code is None else f'<escalationEventDefinition escalationRef="escalation_{code}"/>'


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


TERMINATE = "<terminateEventDefinition/>"


def many(collection: str, variable: str = "item", sequential: bool = False, until: str | None = None, **more: str) -> str:
    own = {"collection": collection, "elementVariable": variable, **more}
    written = "".join(f" parley:{key}={quoteattr(value)}" for key, value in own.items())
    stop = "" if until is None else f"<completionCondition>{escape(until)}</completionCondition>"
    kind = "multiInstanceLoopCharacteristics"
    return f'<{kind} isSequential="{str(sequential).lower()}"{written}>{stop}</{kind}>'


def again(condition: str, before: bool = False, maximum: int | None = None) -> str:
    limit = "" if maximum is None else f' loopMaximum="{maximum}"'
    kind = "standardLoopCharacteristics"
    return f'<{kind} testBefore="{str(before).lower()}"{limit}><loopCondition>{escape(condition)}</loopCondition></{kind}>'


def mapping(inputs: Mapping[str, str], outputs: Mapping[str, str] | None = None) -> str:
    lines = [f"<parley:input source={quoteattr(source)} target={quoteattr(target)}/>" for target, source in inputs.items()]
    lines += [f"<parley:output source={quoteattr(source)} target={quoteattr(target)}/>" for target, source in (outputs or {}).items()]
    return f"<extensionElements><parley:ioMapping>{''.join(lines)}</parley:ioMapping></extensionElements>"


def flows(text: str) -> str:
    """Sequence flows; the default of a node is written with *."""
    return "".join(_flow(*found) for found in _arrows(text))


def _arrows(text: str) -> list[tuple[str, str, str | None, bool]]:
    found = []
    for chain in filter(None, (part.strip() for part in text.split(";"))):
        ends = re.fullmatch(r"(.*?)(?:\s*\[(.*)\])?(\s*\*)?", chain, re.DOTALL)
        assert ends is not None
        nodes = [node.strip() for node in ends[1].split(" > ")]
        pairs = list(itertools.pairwise(nodes))
        for index, (source, target) in enumerate(pairs):
            last = index == len(pairs) - 1
            found.append((source, target, ends[2] if last else None, bool(ends[3]) and last))
    return found


def _flow(source: str, target: str, expression: str | None, _default: bool) -> str:
    inner = "" if expression is None else f"<conditionExpression>{escape(expression)}</conditionExpression>"
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def inside(*elements: str, go: str) -> str:
    """The content of a process or sub-process."""
    body = "".join(elements)
    for source, target, _, default in _arrows(go):
        if default:
            body = re.sub(rf'(<\w+ id="{source}")', rf'\1 default="{source}_{target}"', body, count=1)
    return body + flows(go)


def sub(id: str, *elements: str, go: str, **more: object) -> str:
    return tag("subProcess", id, inside(*elements, go=go), **more)


def process(*elements: str, go: str, key: str = "p", roots: str = "", executable: bool = True) -> bytes:
    """A BPMN file with one process. Messages, signals, errors and escalations used in it are added."""
    body = inside(*elements, go=go)
    for name in dict.fromkeys(re.findall(r'(?:messageRef|signalRef|errorRef|escalationRef)="(\w+)"', body)):
        kind, _, rest = name.partition("_")
        if f'id="{name}"' not in roots:
            codes = {"error": "errorCode", "escalation": "escalationCode"}
            roots += f'<{kind} id="{name}" {codes.get(kind, "name")}="{rest}"/>'
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:parley="urn:parley:bpmn:1" '
        f'id="d_{key}" targetNamespace="urn:test">{roots}'
        f'<process id="{key}" isExecutable="{str(executable).lower()}">{body}</process></definitions>'
    ).encode()


def models(*files: bytes) -> dict[str, ProcessModel]:
    """The processes in these files; they must be without problems."""
    reading = read({f"{index}.bpmn": data for index, data in enumerate(files)})
    assert reading.problems == ()
    return {model.key: model for model in reading.processes}


def problems(*files: bytes) -> set[tuple[str | None, str]]:
    """Element id and code of what is wrong with these files."""
    found: tuple[Problem, ...] = read({f"{index}.bpmn": data for index, data in enumerate(files)}).problems
    assert all(problem.message.endswith((".", "…")) or ":" in problem.message for problem in found)
    return {(problem.element_id, problem.code) for problem in found}


class Story:
    """A process instance in the hands of a test. With `restoring` it is stored and read again before every act."""

    def __init__(
        self,
        *files: bytes,
        given: Mapping[str, object] | None = None,
        key: str = "p",
        restoring: bool = True,
        by: str | None = None,
        context: Mapping[str, object] | None = None,
        decisions: Mapping[str, bytes] | None = None,
        steps: int = 2000,
    ) -> None:
        found = models(*files)
        sources = {name: model.normalised for name, model in found.items()}
        self.compiled = compile(Closure(key, f"story {next(_numbers)}", sources, decisions or {}))
        self.now = START
        self.context = {"case": {"id": "case-1"}, **(context or {})}
        self.steps, self.restoring = steps, restoring
        self.entries: list[Entry] = []
        self.thrown: list[Thrown] = []
        self.requests: list[Request] = []
        self.milestones: list[str] = []
        self.execution: Execution = begin(self.compiled, self.env, given or {}, message=by)
        self.turn: Turn = self._turn()

    @property
    def env(self) -> Env:
        return Env(self.now, self.context, self.steps, 60)

    def _turn(self) -> Turn:
        while True:
            turn = self.execution.turn()
            self.entries += turn.entries
            self.thrown += turn.thrown
            self.requests += turn.requests
            self.milestones += turn.milestones
            if self.restoring or turn.more:
                self.execution = restore(self.compiled, self.env, turn.state)
            if not turn.more:
                self.turn = turn
                return turn

    # What is there.

    @property
    def open(self) -> list[str]:
        """Ids of the open tasks, in alphabetical order."""
        return sorted(task.element_id for task in self.turn.tasks)

    @property
    def state(self) -> str:
        return str(self.turn.status)

    def task(self, element_id: str, number: int = 0) -> OpenTask:
        return [task for task in self.turn.tasks if task.element_id == element_id][number]

    def done(self, *kinds: str) -> list[str]:
        """Ids of the elements completed so far, in order; of some element types only if given."""
        return [e.element_id for e in self.entries if e.event == EntryEvent.COMPLETED and (not kinds or e.element_type in kinds)]

    def count(self, element_id: str, event: EntryEvent = EntryEvent.COMPLETED) -> int:
        return sum(entry.element_id == element_id and entry.event == event for entry in self.entries)

    def value(self, name: str) -> object:
        return self.turn.variables.get(name)

    # What happens.

    def do(self, element_id: str, number: int = 0, **variables: object) -> Story:
        self.execution.complete(self.task(element_id, number).token_id, variables)
        self._turn()
        return self

    def wait(self, **length: float) -> Story:
        """Time passes; what becomes due is fired, the earliest first."""
        until = self.now + timedelta(**length)
        while due := sorted((t for t in self.turn.timers if t.due_at <= until), key=lambda t: t.due_at):
            self.now = max(self.now, due[0].due_at)
            self._renew()
            self.execution.fire_timer(due[0].token_id)
            self._turn()
        self.now = until
        self._renew()
        return self

    def later(self, **length: float) -> Story:
        """Time passes while nothing runs."""
        self.now += timedelta(**length)
        self._renew()
        return self

    def fire(self, element_id: str) -> Story:
        self.execution.fire_timer(next(t.token_id for t in self.turn.timers if t.element_id == element_id))
        self._turn()
        return self

    def tell(self, name: str, **payload: object) -> Story:
        """A message or signal comes for the first subscription with that name."""
        self.execution.deliver(next(s.token_id for s in self.turn.subscriptions if s.name == name), payload)
        self._turn()
        return self

    def fail(self, element_id: str, code: str) -> Story:
        self.execution.throw_error(self.task(element_id).token_id, code, "")
        self._turn()
        return self

    def retry(self, **variables: object) -> Story:
        self.execution.set_variables(variables)
        self.execution.retry()
        self._turn()
        return self

    def _renew(self) -> None:
        self.execution = restore(self.compiled, self.env, self.turn.state)
