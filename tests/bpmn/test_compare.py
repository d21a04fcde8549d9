"""Two versions of a diagram, element by element."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import drawn, xml
from engine.bpmn.compare import compare
from engine.model.compared import Facet, Mark
from tests.world import ROOT

SHIPPED = sorted((ROOT / "processes/mediation").glob("*.bpmn"))
CONSENT = (ROOT / "processes/mediation/consent-collection.bpmn").read_bytes()


def marks(before: bytes, after: bytes) -> dict[str, tuple[Mark, tuple[Facet, ...]]]:
    return {one.id: (one.mark, one.facets) for one in compare(before, after).differences}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_diagram_does_not_differ_from_itself_however_it_is_laid_out(path: Path) -> None:
    data = path.read_bytes()
    assert compare(data, data.replace(b">\n", b">\n\n  <!-- x -->")).differences == ()


def test_what_only_moved_is_counted_and_not_listed() -> None:
    found = compare(CONSENT, CONSENT.replace(b'x="2402"', b'x="2403"', 1))
    assert (found.differences, found.moved) == ((), 1)


def test_times_conditions_people_and_names_are_facets_of_their_element() -> None:
    after = CONSENT.replace(b">=settings.consentCall<", b">P9D<").replace(b'"question"</', b'"none"</')
    after = after.replace(b'name="Call the party" parley:role="intake"', b'name="Ring" parley:role="screener"')
    assert marks(CONSENT, after) == {
        "call_due": (Mark.CHANGED, (Facet("timer", "timeDuration|=settings.consentCall", "timeDuration|P9D"),)),
        "which_answer__answer_party_question": (
            Mark.CHANGED,
            (Facet("conditionExpression", 'consentState = "question"', 'consentState = "none"'),),
        ),
        "call_party": (Mark.CHANGED, (Facet("name", "Call the party", "Ring"), Facet("own:role", "intake", "screener"))),
    }


def test_lanes_messages_and_other_vendors_extensions_are_told_too() -> None:
    data = (
        f'<definitions xmlns="{xml.BPMN}" xmlns:v="urn:v"><message id="m" name="Old"/>'
        '<process id="p"><laneSet id="s"><lane id="l" name="A">'
        '<flowNodeRef>t</flowNodeRef></lane><lane id="k" name="B"/></laneSet><receiveTask id="t" messageRef="m" v:x="1">'
        "<extensionElements><v:y z='1'/></extensionElements></receiveTask></process></definitions>"
    ).encode()
    moved = data.replace(b"<flowNodeRef>t</flowNodeRef></lane>", b"</lane>").replace(
        b'name="B"/>', b'name="B"><flowNodeRef>t</flowNodeRef></lane>'
    )
    assert marks(data, moved)["t"][1] == (Facet("lane", "A", "B"),)
    renamed = marks(data, data.replace(b'"Old"', b'"New"'))
    assert renamed["m"][1] == (Facet("name", "Old", "New"),)
    assert renamed["t"][1] == (Facet("messageRef", "Old", "New"),)
    foreign = marks(data, data.replace(b"z='1'", b"z='2'").replace(b'v:x="1"', b'v:x="2"'))
    assert [facet.after for facet in foreign["t"][1]] == ["2", "2"]


def test_new_and_gone_elements_carry_all_their_traits() -> None:
    task = b'<bpmn:userTask id="more" name="More" parley:due="P1D"/>'
    with_task = CONSENT.replace(b"</bpmn:process>", task + b"</bpmn:process>")
    assert marks(CONSENT, with_task) == {"more": (Mark.ADDED, (Facet("own:due", None, "P1D"),))}
    assert marks(with_task, CONSENT) == {"more": (Mark.REMOVED, (Facet("own:due", "P1D", None),))}
    assert {mark for mark, _ in marks(b"", CONSENT).values()} == {Mark.ADDED}


def test_every_element_of_a_process_is_read_with_its_scope() -> None:
    found = drawn.read(CONSENT)
    assert found.elements["answer_consent_request"].scope == "ask"
    assert found.elements["count_answers"].lane == "System"
    assert [one.id for one in found.processes] == ["consent-collection"]


@pytest.mark.parametrize("data", [b"<x/>", b"", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<definitions"])
def test_what_is_no_diagram_is_refused(data: bytes) -> None:
    with pytest.raises(xml.Unreadable):
        drawn.read(data)
