"""Files that other editors wrote: kept byte for byte whatever is in them, and run where they are executable."""

from __future__ import annotations

import codecs
from io import BytesIO

import pytest

from tests.rest.calling import Caller, Rest

#: a public pool that is only drawn, a private one that runs, message flows, stores, four vendors' extensions, a drawing
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- exported -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:flowable="http://flowable.org/bpmn" xmlns:signavio="http://www.signavio.com"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="defs" targetNamespace="urn:o" exporter="Some Editor" exporterVersion="9"
  expressionLanguage="http://www.w3.org/1999/XPath" modeler:executionPlatform="Other">
  <bpmn:extension mustUnderstand="false" definition="zeebe:thing"/>
  <bpmn:dataStore id="files" name="Files" capacity="9"/>
  <bpmn:category id="cat"><bpmn:categoryValue id="cv" value="grüße"/></bpmn:category>
  <bpmn:message id="ask_m" name="Asked"/>
  <bpmn:collaboration id="co">
    <bpmn:participant id="p1" name="They" processRef="theirs"/><bpmn:participant id="p2" name="We" processRef="ours"/>
    <bpmn:participant id="p3" name="Black box"/>
    <bpmn:messageFlow id="mf1" sourceRef="p1" targetRef="work"/><bpmn:messageFlow id="mf2" sourceRef="work" targetRef="p3"/>
    <bpmn:textAnnotation id="co_note"><bpmn:text>outside</bpmn:text></bpmn:textAnnotation>
  </bpmn:collaboration>
  <bpmn:process id="theirs" isExecutable="false"><bpmn:adHocSubProcess id="whatever"/><bpmn:task id="alone"/></bpmn:process>
  <bpmn:process id="ours" name="Ours" isExecutable="true" camunda:historyTimeToLive="P30D" camunda:versionTag="7">
    <bpmn:extensionElements><signavio:signavioMetaData metaKey="revisionid" metaValue="x"/></bpmn:extensionElements>
    <bpmn:laneSet id="ls"><bpmn:lane id="lane" name="Desk"><bpmn:flowNodeRef>Start</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>work</bpmn:flowNodeRef><bpmn:flowNodeRef>End</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:dataObject id="do" isCollection="true"/><bpmn:dataObjectReference id="dor" name="Paper" dataObjectRef="do"/>
    <bpmn:dataStoreReference id="dsr" name="Files" dataStoreRef="files"/>
    <bpmn:startEvent id="Start" camunda:initiator="me"><bpmn:outgoing>one</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="one" sourceRef="Start" targetRef="work"/>
    <bpmn:userTask id="work" name="Work&#10;hard" camunda:assignee="${x}" camunda:formKey="f" flowable:candidateGroups="g"
      implementation="##unspecified">
      <bpmn:documentation textFormat="text/html">&lt;b&gt;Do it&lt;/b&gt;</bpmn:documentation>
      <bpmn:extensionElements><zeebe:userTask/><zeebe:formDefinition formId="x"/><camunda:properties>
        <camunda:property name="a" value="b"/></camunda:properties><flowable:formProperty id="q"/></bpmn:extensionElements>
      <bpmn:incoming>one</bpmn:incoming><bpmn:outgoing>two</bpmn:outgoing>
      <bpmn:property id="prop" name="__targetRef_placeholder"/>
      <bpmn:dataInputAssociation id="dia"><bpmn:sourceRef>dsr</bpmn:sourceRef>
        <bpmn:targetRef>prop</bpmn:targetRef></bpmn:dataInputAssociation>
      <bpmn:dataOutputAssociation id="doa"><bpmn:targetRef>dor</bpmn:targetRef></bpmn:dataOutputAssociation>
      <bpmn:rendering id="rend"/>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="two" sourceRef="work" targetRef="End"/>
    <bpmn:endEvent id="End"><bpmn:incoming>two</bpmn:incoming></bpmn:endEvent>
    <bpmn:textAnnotation id="note"><bpmn:text>größer</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="as" sourceRef="work" targetRef="note"/><bpmn:group id="gr" categoryValueRef="cv"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="dia1"><bpmndi:BPMNPlane id="pl" bpmnElement="co"><bpmndi:BPMNShape id="s1" bpmnElement="p2" isHorizontal="true">
    <dc:Bounds x="1.5" y="-2" width="600" height="250"/></bpmndi:BPMNShape><bpmndi:BPMNEdge id="e1" bpmnElement="one">
    <di:waypoint x="1" y="2"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def _declared(name: str) -> str:
    return FOREIGN.replace('encoding="UTF-8"', f'encoding="{name}"')


WRITTEN = {
    "UTF-8": FOREIGN.encode(),
    "UTF-8 with a mark": codecs.BOM_UTF8 + FOREIGN.encode(),
    "UTF-16": _declared("UTF-16").encode("utf-16"),
    "UTF-16 big end first": codecs.BOM_UTF16_BE + _declared("UTF-16").encode("utf-16-be"),
    "Latin": _declared("ISO-8859-1").encode("latin-1"),
    "ASCII with references": _declared("US-ASCII").encode("ascii", "xmlcharrefreplace"),
    "lines of another system": FOREIGN.replace("\n", "\r\n").encode(),
    "no declaration": FOREIGN.partition("\n")[2].encode(),
    "single quotes and space around": FOREIGN.replace('version="1.0" encoding="UTF-8"', "version='1.0'").encode() + b"\n\n  \t",
}


def _around(inside: str) -> bytes:
    return f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{inside}</definitions>'.encode()


#: well-formed, but nothing here could run
ODD = {
    "a collaboration alone": _around('<collaboration id="c"/>'),
    "a choreography": _around('<choreography id="c"/>'),
    "nothing": _around(""),
    "executable and wrong": _around('<process id="p"><what/></process>'),
}


@pytest.mark.parametrize("name", [*WRITTEN, *ODD])
def test_what_was_imported_is_exported_unchanged(rest: Rest, name: str) -> None:
    content = {**WRITTEN, **ODD}[name]
    made = rest["tom"].call("POST", "/models", data={"files": [(BytesIO(content), "drawn.bpmn")]})
    assert made.status_code == 201, made.json
    assert rest["tom"].get(f"/models/{made.json['id']}/xml").data == content


@pytest.mark.parametrize("name", WRITTEN)
def test_a_foreign_file_with_an_executable_process_runs_in_any_encoding(sandbox: Caller, name: str) -> None:
    deployed = sandbox.deploy({"foreign.bpmn": WRITTEN[name]})
    assert deployed.status_code == 201, deployed.json
    assert [one["key"] for one in deployed.json["definitions"]] == ["ours"]
    made = sandbox.post("/process-definitions/ours/instances", {"variables": {}}).json["id"]
    (task,) = sandbox.get(f"/user-tasks?instance={made}").json["items"]
    assert (task["element_id"], task["name"]) == ("work", "Work\nhard")
    assert sandbox.post(f"/user-tasks/{task['id']}/completion", {"data": {}}).status_code == 200
    assert sandbox.get(f"/process-instances/{made}").json["state"] == "completed"


def test_names_that_the_library_keeps_for_itself_are_the_authors_everywhere(sandbox: Caller) -> None:
    odd = FOREIGN.replace('"work"', '"Root"').replace(">work<", ">Root<").replace('"ours"', '"End.EndJoin"')
    assert sandbox.deploy({"odd.bpmn": odd.encode()}).status_code == 201
    made = sandbox.post("/process-definitions/End.EndJoin/instances", {"variables": {}}).json["id"]
    told = sandbox.get(f"/process-instances/{made}/explanation").json
    assert [one["element_id"] for one in told["waiting"]] == ["Root"]
    (task,) = sandbox.get(f"/user-tasks?instance={made}").json["items"]
    assert task["element_id"] == "Root"
    sandbox.post(f"/user-tasks/{task['id']}/completion", {"data": {}})
    entries = sandbox.get(f"/audit-entries?instance={made}&event=element_completed").json["items"]
    assert [entry["element_id"] for entry in entries] == ["Start", "Root", "End"]
    every = sandbox.get(f"/audit-entries?instance={made}").json["items"]
    assert not [e for e in every if (e.get("element_id") or "").startswith(("n:", "i:"))]


def test_two_executable_pools_of_one_file_are_two_definitions(sandbox: Caller) -> None:
    second = FOREIGN.replace(
        '<bpmn:process id="theirs" isExecutable="false"><bpmn:adHocSubProcess id="whatever"/><bpmn:task id="alone"/></bpmn:process>',
        '<bpmn:process id="theirs" isExecutable="true"><bpmn:startEvent id="ts"/><bpmn:sequenceFlow id="tf" sourceRef="ts" targetRef="te"/>'
        '<bpmn:endEvent id="te"/></bpmn:process>',
    )
    deployed = sandbox.deploy({"both.bpmn": second.encode()})
    assert sorted(one["key"] for one in deployed.json["definitions"]) == ["ours", "theirs"]


def test_a_pool_that_says_it_runs_and_cannot_is_refused_at_its_element(sandbox: Caller) -> None:
    refused = sandbox.deploy({"both.bpmn": FOREIGN.replace('isExecutable="false"', 'isExecutable="true"').encode()})
    assert refused.status_code == 422
    found = {(p["element_id"], p["code"]) for p in refused.json["problems"]}
    assert ("whatever", "unsupported-element") in found
