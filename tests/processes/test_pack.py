"""The mediation pack as files: it deploys without a problem, and its drawings are fit to be looked at."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from engine import bpmn, forms, packs
from engine.model.execution import ProcessModel
from tests.world import ROOT, pack_files

FOLDER, FORMS = ROOT / "processes/mediation", ROOT / "forms/mediation"
DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
NODES = {
    "startEvent",
    "endEvent",
    "userTask",
    "scriptTask",
    "serviceTask",
    "sendTask",
    "businessRuleTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
    "intermediateCatchEvent",
}


class Box(NamedTuple):
    """A rectangle of the drawing."""

    x: float
    y: float
    w: float
    h: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        across = self.x < other.x + other.w and other.x < self.x + self.w
        return across and self.y < other.y + other.h and other.y < self.y + self.h


def _number(element: etree._Element, name: str) -> float:
    return float(element.get(name, "nan"))


def _drawn(path: Path) -> tuple[dict[str, str], dict[str, Box], dict[str, list[tuple[float, float]]]]:
    """Kinds by id, boxes by id, waypoints by id."""
    tree = etree.fromstring(path.read_bytes())
    kinds = {str(e.get("id")): etree.QName(e).localname for e in tree.iter(f"{BPMN}*") if e.get("id")}
    boxes = {}
    for shape in tree.iter(f"{BPMNDI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        boxes[str(shape.get("bpmnElement"))] = Box(*(_number(bounds, k) for k in ("x", "y", "width", "height")))
    lines = {
        str(edge.get("bpmnElement")): [(_number(p, "x"), _number(p, "y")) for p in edge.iter(f"{DI}waypoint")]
        for edge in tree.iter(f"{BPMNDI}BPMNEdge")
    }
    return kinds, boxes, lines


@pytest.fixture(scope="module")
def models() -> tuple[ProcessModel, ...]:
    """All processes of the pack, read without a problem."""
    reading = bpmn.read({path.name: path.read_bytes() for path in DIAGRAMS})
    assert reading.problems == ()
    return reading.processes


def test_the_pack_fits_its_forms_and_procedures(models: tuple[ProcessModel, ...]) -> None:
    pack, problems = packs.read((FOLDER / "pack.toml").read_bytes(), file="pack.toml")
    assert pack is not None
    read = [forms.read(path.read_bytes(), file=path.name) for path in sorted(FORMS.glob("*.json"))]
    found = {form.key: form for form, _ in read if form is not None}
    assert [*problems, *(p for _, of_form in read for p in of_form), *packs.check(pack, found, models)] == []


def test_every_form_is_used(models: tuple[ProcessModel, ...]) -> None:
    pack, _ = packs.read((FOLDER / "pack.toml").read_bytes(), file="pack.toml")
    assert pack is not None
    added = {key for panel in pack.panels for key in (*panel.entries, panel.permission) if key}
    used = {key for model in models for key in model.forms} | {"case-opening"} | added | {survey.form for survey in pack.surveys}
    assert {path.stem for path in FORMS.glob("*.json")} == used


def test_every_variable_and_setting_is_used() -> None:
    pack, _ = packs.read((FOLDER / "pack.toml").read_bytes(), file="pack.toml")
    assert pack is not None
    text = " ".join(data.decode() for name, data in pack_files(FOLDER, FORMS).items() if name != "pack.toml")
    text += " ".join(key for panel in pack.panels for key in panel.tally)
    assert [key for key in pack.variables if key not in text and not key.startswith(("subject", "overdueRung"))] == []
    limits = {panel.balance.limit for panel in pack.panels if panel.balance} | ({pack.caseload.cap} if pack.caseload else set())
    assert [key for key in pack.settings if f"settings.{key}" not in text and key not in limits] == []


def test_every_user_task_says_what_to_do(models: tuple[ProcessModel, ...]) -> None:
    silent = [(m.key, e.id) for m in models for e in m.elements if e.type == "userTask" and len(e.documentation) < 40]
    assert silent == []


def test_every_gateway_that_splits_is_a_question(models: tuple[ProcessModel, ...]) -> None:
    asked = [e for m in models for e in m.elements if e.type == "exclusiveGateway"]
    assert [e.id for e in asked if not e.name.endswith("?")] == []


def test_no_diagram_waits_by_a_literal_time() -> None:
    for path in DIAGRAMS:
        tree = etree.fromstring(path.read_bytes())
        times = [e.text or "" for kind in ("timeDuration", "timeDate", "timeCycle") for e in tree.iter(f"{BPMN}{kind}")]
        assert [text for text in times if not text.startswith("=")] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_everything_is_drawn(path: Path) -> None:
    kinds, boxes, lines = _drawn(path)
    nodes = {id for id, kind in kinds.items() if kind in NODES | {"boundaryEvent", "subProcess"}}
    flows = {id for id, kind in kinds.items() if kind == "sequenceFlow"}
    assert nodes <= boxes.keys()
    assert flows == lines.keys()


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_no_two_shapes_overlap(path: Path) -> None:
    kinds, boxes, _ = _drawn(path)
    nodes = [(id, boxes[id]) for id, kind in kinds.items() if kind in NODES]
    assert [(a, b) for (a, one), (b, other) in combinations(nodes, 2) if one.meets(other)] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_lines_run_straight_and_through_no_shape(path: Path) -> None:
    kinds, boxes, lines = _drawn(path)
    nodes = {id: boxes[id] for id, kind in kinds.items() if kind in NODES}
    slanted, through = [], []
    for id, points in lines.items():
        for (x1, y1), (x2, y2) in pairwise(points):
            if x1 != x2 and y1 != y2:
                slanted.append(id)
            piece = Box(min(x1, x2) + 1, min(y1, y2) + 1, max(abs(x1 - x2) - 2, 0.1), max(abs(y1 - y2) - 2, 0.1))
            through += [(id, node) for node, box in nodes.items() if piece.meets(box)]
    assert slanted == []
    assert through == []


def test_form_files_are_written_alike() -> None:
    for path in FORMS.glob("*.json"):
        text = path.read_text()
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
