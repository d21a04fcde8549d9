"""A new diagram to draw on: a process with a start, which the engine would read as it is."""

from __future__ import annotations

from xml.sax.saxutils import escape

_ENTITIES = {'"': "&quot;", "\n": " ", "\t": " "}

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:parley="urn:parley:bpmn:1" id="{key}_definitions" \
targetNamespace="urn:parley:{key}">
  <bpmn:process id="{key}" name="{name}" isExecutable="true">
    <bpmn:startEvent id="{key}_begins" name="Begins" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_diagram">
    <bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="{key}_begins_di" bpmnElement="{key}_begins">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="168" y="203" width="60" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def diagram(key: str, name: str) -> bytes:
    """The XML of a process with this key (an XML name) and name, with a start event and nothing else."""
    return _DIAGRAM.format(key=key, name=escape(name, _ENTITIES)).encode()
