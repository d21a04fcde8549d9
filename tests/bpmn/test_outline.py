"""Diagrams as outlines: every element once, in the order of the flow."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.bpmn import drawn, xml
from engine.bpmn.outline import Entry, EntryKind, outline
from tests.world import ROOT

SHIPPED = sorted((ROOT / "processes/mediation").glob("*.bpmn"))


def told(data: bytes) -> tuple[Entry, ...]:
    return outline(drawn.read(data))


def once(data: bytes) -> None:
    found = [entry.element.id for entry in told(data) if entry.kind is not EntryKind.WAY and entry.element is not None]
    assert sorted(found) == sorted(one.id for one in drawn.read(data).elements.values() if one.kind in drawn.NODES)


def diagram(*parts: str) -> bytes:
    return f'<definitions xmlns="{xml.BPMN}"><process id="p">{"".join(parts)}</process></definitions>'.encode()


def nodes(kind: str, *ids: str) -> str:
    return "".join(f'<{kind} id="{id}" name="{id}"/>' for id in ids)


def flows(*pairs: str) -> str:
    return "".join(f'<sequenceFlow id="{pair}" sourceRef="{pair[0]}" targetRef="{pair[1]}"/>' for pair in pairs)


def shape(data: bytes) -> list[str]:
    """Each line as its depth in dots, its number and element or way, and where it jumps to."""
    return [
        "." * entry.depth
        + (f"{entry.number} {entry.element.id}" if entry.number and entry.element else f"way {entry.flow.id if entry.flow else ''}")
        + (f" → {', '.join(map(str, entry.jumps))}" if entry.jumps else "")
        for entry in told(data)
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_element_of_the_shipped_diagrams_is_told_exactly_once(path: Path) -> None:
    once(path.read_bytes())
    assert all(entry.kind is not EntryKind.UNREACHED for entry in told(path.read_bytes()))


def test_branches_are_indented_and_meet_again() -> None:
    data = diagram(nodes("startEvent", "s"), nodes("exclusiveGateway", "g"), nodes("userTask", "a", "b"), nodes("endEvent", "e"))
    data = data.replace(b"</process>", flows("sg", "ga", "gb", "ae", "be").encode() + b"</process>")
    assert shape(data) == ["1 s", "2 g", ".way ga", "..3 a → 5", ".way gb", "..4 b → 5", "5 e"]


def test_a_loop_jumps_back_to_a_number() -> None:
    parts = (nodes("startEvent", "s"), nodes("userTask", "a"), nodes("exclusiveGateway", "g"), nodes("endEvent", "e"))
    assert shape(diagram(*parts, flows("sa", "ag", "ga", "ge"))) == ["1 s", "2 a", "3 g", ".way ga → 2", ".way ge", "..4 e"]


def test_what_no_way_leads_to_comes_last() -> None:
    parts = (nodes("startEvent", "s"), nodes("endEvent", "e"), nodes("userTask", "x", "y"))
    found = told(diagram(*parts, flows("se", "xy", "yx")))
    assert [(entry.element.id, entry.kind) for entry in found if entry.element] == [
        ("s", EntryKind.STEP),
        ("e", EntryKind.STEP),
        ("x", EntryKind.UNREACHED),
        ("y", EntryKind.UNREACHED),
    ]


def test_boundary_events_stand_below_what_they_interrupt() -> None:
    parts = (nodes("startEvent", "s"), nodes("userTask", "a", "c"), '<boundaryEvent id="b" attachedToRef="a"/>', nodes("endEvent", "e"))
    assert shape(diagram(*parts, flows("sa", "ae", "bc", "ce"))) == ["1 s", "2 a", ".3 b", "..4 c → 5", "5 e"]


def test_links_are_ways_that_are_not_drawn() -> None:
    link = "<{0} id='{1}'><linkEventDefinition name='on'/></{0}>"
    parts = (nodes("startEvent", "s"), link.format("intermediateThrowEvent", "t"), link.format("intermediateCatchEvent", "c"))
    found = told(diagram(*parts, nodes("endEvent", "e"), flows("st", "ce")))
    assert [entry.element.id for entry in found if entry.element] == ["s", "t", "c", "e"]


@pytest.mark.parametrize("seed", range(40))
def test_every_element_of_any_diagram_is_told_exactly_once(seed: int) -> None:
    chance = random.Random(seed)
    ids = [chr(97 + number) for number in range(chance.randint(1, 20))]
    kinds = ["userTask", "exclusiveGateway", "parallelGateway", "startEvent", "endEvent", "subProcess"]
    parts = [nodes(chance.choice(kinds), id) for id in ids]
    parts += [f'<boundaryEvent id="{id.upper()}" attachedToRef="{chance.choice(ids)}"/>' for id in ids[:3]]
    pairs = {chance.choice([*ids, *(id.upper() for id in ids[:3])]) + chance.choice(ids) for _ in range(chance.randint(0, 40))}
    once(diagram(*parts, flows(*sorted(pairs))))


def test_long_and_deep_diagrams_are_told_too() -> None:
    many = [f"n{number}" for number in range(1500)]
    line = "".join(
        f'<sequenceFlow id="f{a}{b}" sourceRef="{a}" targetRef="{b}"/>'
        for place, a in enumerate(many)
        for b in (*many[place + 1 : place + 2], *many[place + 7 : place + 8])
    )
    once(diagram(nodes("exclusiveGateway", *many), line))
    deep = "".join(f'<subProcess id="s{level}">' for level in range(100)) + "</subProcess>" * 100
    once(diagram(deep))
