"""What happens after each choice of a task: the ways of the first branching behind it, where the task's own form decides them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.bpmn import drawn
from engine.bpmn.drawn import Diagram, Drawn
from engine.bpmn.xml import Unreadable
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.forms import Form
from engine.model.instances import UserTask
from engine.model.packs import Pack
from engine.operations import live
from engine.operations.words import sentences
from engine.operations.words.sentences import Words

#: steps that nobody waits for are passed at most this often on the way to a branching, or from it to a step with a name
_FAR = 6
_PASSED = frozenset({"exclusiveGateway", "inclusiveGateway", "scriptTask", "businessRuleTask"})
_NAME = re.compile(r"[A-Za-z_]\w*")


def told(actor: Actor, definition: Definition, pack: Pack | None, task: UserTask, form: Form | None) -> tuple[str, ...]:
    """A sentence for each way, such as "If Answer is “no”: “Tell the others” follows."

    Nothing is told where a way leads to a step that others are not told of, nor of what other facts decide.
    """
    if form is None:
        return ()
    diagram = _drawn(definition.source)
    asked = {name for name, cls in form.class_of.items() if cls in ("C0", "C1")}
    branching = _branching(diagram, task.element_id)
    ways = _ways(diagram, branching.id) if branching else []
    conditions = [way.traits.get("conditionExpression", "") for way in ways]
    if branching is None or len(ways) < 2 or not all(_about(text, asked) for text in conditions if text):
        return ()
    leading = [_named(diagram, way) for way in ways]
    if any(one is not None and "own:discreet" in one.traits for one in leading):
        return ()
    words = Words(pack)
    said = zip(conditions, leading, strict=True)
    return tuple(_sentence(text, one, words, live.words(pack, actor, one.name)) for text, one in said if one is not None)


def _sentence(condition: str, target: Drawn, words: Words, name: str) -> str:
    ends = target.kind == "endEvent"
    if not condition:
        return say("Otherwise: it ends with “{name}”.", name=name) if ends else say("Otherwise: “{name}” follows.", name=name)
    said = sentences.condition(condition, words)
    if ends:
        return say("If {condition}: it ends with “{name}”.", condition=said, name=name)
    return say("If {condition}: “{name}” follows.", condition=said, name=name)


def _about(condition: str, asked: set[str]) -> bool:
    """Whether a condition looks at the form's own answers and at nothing that stands in texts or elsewhere."""
    names = set(_NAME.findall(re.sub(r'"[^"]*"', "", condition))) - {"and", "or", "not", "in", "true", "false", "null"}
    return bool(names) and names <= asked


def _branching(diagram: Diagram, element_id: str) -> Drawn | None:
    at = element_id
    for _ in range(_FAR):
        ways = _ways(diagram, at)
        if len(ways) != 1:
            return None
        found = diagram.elements.get(ways[0].traits.get("targetRef", ""))
        if found is None or found.kind not in _PASSED:
            return None
        if len(_ways(diagram, found.id)) > 1:
            return found
        at = found.id
    return None


def _named(diagram: Diagram, way: Drawn) -> Drawn | None:
    """The first step along a way that has a name and is no gateway; None where it branches again before."""
    for _ in range(_FAR):
        found = diagram.elements.get(way.traits.get("targetRef", ""))
        if found is None:
            return None
        if found.name and not found.kind.endswith("Gateway"):
            return found
        following = _ways(diagram, found.id)
        if len(following) != 1:
            return None
        way = following[0]
    return None


def _ways(diagram: Diagram, element_id: str) -> list[Drawn]:
    return list(_from(diagram, element_id))


def _from(diagram: Diagram, element_id: str) -> Iterator[Drawn]:
    for one in diagram.elements.values():
        if one.kind == "sequenceFlow" and one.traits.get("sourceRef") == element_id:
            yield one


@lru_cache(maxsize=32)
def _drawn(source: bytes) -> Diagram:
    try:
        return drawn.read(source)
    except Unreadable:
        return Diagram({})
