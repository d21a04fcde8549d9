"""What is measured: the two drawings of a process are the same drawing in two languages."""

from __future__ import annotations

import pytest
from lxml import etree

from api.bench import models

_NODES = ("Event", "Task", "Gateway", "subProcess", "callActivity")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _drawn(drawn: models.Drawn, *, plain: bool) -> dict[str, tuple[object, ...]]:
    """Nodes, flows and events by id: where they are, what they join, what they are attached to, what they wait for."""
    found: dict[str, tuple[object, ...]] = {}
    for file, data in drawn.read(plain=plain).items():
        for element in etree.fromstring(data).iter():
            kind, around = _name(element), element.getparent()
            if kind.endswith(_NODES) or kind in ("sequenceFlow", "process"):
                own = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
                within = None if around is None else around.get("id")
                found[f"{file} {own['id']}"] = (kind, within, tuple(sorted(own.items())), *_waits(element))
    return found


def _waits(element: etree._Element) -> tuple[object, ...]:
    conditional = element.find("{*}conditionExpression") is not None
    timers = [(text.text or "").strip('"') for text in element.findall("{*}timerEventDefinition/{*}timeDuration")]
    parts = [(_name(part), *part.attrib.values()) for part in element if _name(part).endswith(("Definition", "Characteristics"))]
    return conditional, tuple(timers), tuple(parts)


@pytest.mark.parametrize("drawn", models.ALL, ids=lambda drawn: drawn.key)
def test_the_two_drawings_have_the_same_nodes_flows_and_events(drawn):
    own = _drawn(drawn, plain=False)
    assert own == _drawn(drawn, plain=True)
    assert len(own) >= 6


def test_the_case_is_the_process_that_the_budget_names():
    root = etree.fromstring(models.CASE.read(plain=False)["case.bpmn"])
    kinds = [_name(element) for element in root.iter() if _name(element).endswith(_NODES)]
    assert len(kinds) == 56
    assert (kinds.count("parallelGateway"), kinds.count("callActivity"), kinds.count("boundaryEvent")) == (4, 1, 7)
    timers = [event for event in root.iter("{*}boundaryEvent") if event.find("{*}timerEventDefinition") is not None]
    assert sorted(event.get("cancelActivity") for event in timers) == ["false"] * 2 + ["true"] * 4
    assert len(root.findall(".//{*}boundaryEvent/{*}errorEventDefinition")) == 1
    assert len(root.findall(".//{*}subProcess[@triggeredByEvent='true']/{*}startEvent/{*}messageEventDefinition")) == 1


def test_the_case_carries_about_four_kilobytes_of_data():
    own = models.Own(models.CASE.read(plain=False), models.CASE.key)
    own.begin(models.case_variables())
    assert 3_500 < own.size() < 5_000
