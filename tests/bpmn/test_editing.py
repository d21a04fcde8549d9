"""Editing element by element: what is meant changes, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn import editing, xml
from engine.model.errors import BadRequest, NotFound
from tests.world import ROOT

SHIPPED = sorted((ROOT / "processes/mediation").glob("*.bpmn"))
PARLEY, BPMN = f"{{{xml.PARLEY}}}", f"{{{xml.BPMN}}}"
HOSTILE = "a < b & \"c\" 'd' > é →"
Edit = Callable[[bytes, str], bytes]
Model = Callable[[etree._Element], None]


def canonical(root: etree._Element) -> bytes:
    for node in root.iter(etree.Element):
        if node.text is not None and not node.text.strip() and len(node):
            node.text = None
        node.tail = None
    return bytes(etree.tostring(root, method="c14n2"))


def ids(data: bytes, *names: str) -> list[str]:
    return [str(node.get("id")) for node in etree.fromstring(data).iter(*(BPMN + name for name in names)) if node.get("id")]


def only_this_changed(data: bytes, id: str, edit: Edit, model: Model) -> None:
    """The edited file is the original with just what `model` does to the element, made by another hand."""
    after = edit(data, id)
    expected = etree.fromstring(data)
    (node,) = expected.xpath(f"//*[@id='{id}']")
    model(node)
    assert canonical(etree.fromstring(after)) == canonical(expected), id


def text_of(name: str, words: str) -> Model:
    def change(node: etree._Element) -> None:
        (child,) = node.iter(BPMN + name)
        child.text = words

    return change


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_name_changes_and_nothing_else(path: Path) -> None:
    data = path.read_bytes()
    for id in ids(data, "userTask", "sequenceFlow", "boundaryEvent", "subProcess", "process")[::7]:
        only_this_changed(data, id, lambda file, one: editing.set_name(file, one, HOSTILE), lambda node: node.set("name", HOSTILE))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_our_attributes_conditions_and_timers_change_and_nothing_else(path: Path) -> None:
    data = path.read_bytes()
    root = etree.fromstring(data)
    for id in ids(data, "userTask")[::3]:
        only_this_changed(
            data, id, lambda file, one: editing.set_attribute(file, one, "due", "P3D"), lambda node: node.set(PARLEY + "due", "P3D")
        )
    for id in [str(one.getparent().get("id")) for one in root.iter(BPMN + "conditionExpression")][::3]:
        only_this_changed(data, id, lambda file, one: editing.set_condition(file, one, "a < 3"), text_of("conditionExpression", "a < 3"))
    for id in [str(one.getparent().getparent().get("id")) for one in root.iter(BPMN + "timeDuration")]:
        only_this_changed(data, id, lambda file, one: editing.set_timer(file, one, "timeDuration", "P9D"), text_of("timeDuration", "P9D"))


def small(inside: str, attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- kept -->\n<definitions xmlns="{xml.BPMN}" {attributes}>\n  <process id="p">\n'
        f"    {inside}\n  </process>\n</definitions>\n"
    ).encode()


def test_all_bytes_around_stay_as_they_are() -> None:
    data = small("<userTask  id='t'\n  name='Old' vendor:x=\"1\" ><!-- why --><vendor:y/></userTask>", 'xmlns:vendor="urn:v"')
    assert editing.set_name(data, "t", "New") == data.replace(b"'Old'", b"'New'")


def test_what_is_not_there_yet_is_put_where_the_standard_has_it() -> None:
    data = small('<userTask id="t" name="A" />\n    <sequenceFlow id="f" sourceRef="t" targetRef="t"/>')
    after = editing.set_documentation(data, "t", "Read & sign")
    assert b'<userTask id="t" name="A">\n      <documentation>Read &amp; sign</documentation>\n    </userTask>' in after
    after = editing.set_condition(editing.set_documentation(after, "f", "Why"), "f", "a > 1")
    flow = etree.fromstring(after).find(f".//{BPMN}sequenceFlow")
    assert flow is not None
    assert [etree.QName(one).localname for one in flow] == ["documentation", "conditionExpression"]
    assert editing.set_attribute(data, "t", "due", "P1D").count(b'xmlns:parley="urn:parley:bpmn:1"') == 1


def test_what_was_put_in_can_be_taken_away_again() -> None:
    data = small('<userTask id="t" name="A">\n      <incoming>f</incoming>\n    </userTask>')
    assert editing.set_documentation(editing.set_documentation(data, "t", "Notes"), "t", "") == data
    with_prefix = data.replace(b"<definitions ", b'<definitions xmlns:q="urn:parley:bpmn:1" ')
    assert b' q:role="clerk"' in editing.set_attribute(with_prefix, "t", "role", "clerk")
    assert editing.set_attribute(editing.set_attribute(with_prefix, "t", "role", "clerk"), "t", "role", None) == with_prefix


def test_a_timer_of_another_kind_takes_the_place_of_the_one_before() -> None:
    data = small(
        '<boundaryEvent id="b"><timerEventDefinition id="d"><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    )
    assert b"<timeCycle>R3/P1D</timeCycle></timer" in editing.set_timer(data, "b", "timeCycle", "R3/P1D")
    empty = data.replace(b"<timeDuration>P1D</timeDuration>", b"")
    assert b"<timeDate>=due</timeDate>" in editing.set_timer(empty, "b", "timeDate", "=due")


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "US-ASCII", "UTF-8-SIG"])
def test_a_file_keeps_its_encoding(encoding: str) -> None:
    declared = encoding.removesuffix("-SIG")
    data = small('<userTask id="t" name="Old" />').decode().replace('"UTF-8"', f'"{declared}"').encode(encoding)
    after = editing.set_name(data, "t", "Größe →")
    assert etree.fromstring(after).find(f".//{BPMN}userTask").get("name") == "Größe →"  # type: ignore[union-attr]
    assert after[:4] == data[:4]


def test_what_xml_cannot_hold_and_what_is_not_there_is_refused() -> None:
    data = small('<userTask id="t" name="Old" />')
    with pytest.raises(BadRequest):
        editing.set_name(data, "t", "a\x00b")
    with pytest.raises(BadRequest):
        editing.set_timer(data, "t", "timeDuration", "P1D")
    with pytest.raises(BadRequest):
        editing.set_condition(data, "t", "a")
    with pytest.raises(NotFound):
        editing.set_name(data, "gone", "New")
