"""A new decision table to write: one input, one output, one rule, which the engine would read as it is."""

from __future__ import annotations

from xml.sax.saxutils import escape

_ENTITIES = {'"': "&quot;", "\n": " ", "\t": " "}

_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{key}-definitions" name="{name}" namespace="urn:parley:{key}">
  <decision id="{key}" name="{name}">
    <decisionTable id="{key}-table" hitPolicy="FIRST">
      <input id="{key}-input" label="What is looked at">
        <inputExpression id="{key}-expression" typeRef="string">
          <text>null</text>
        </inputExpression>
      </input>
      <output id="{key}-output" label="Result" name="result" typeRef="string" />
      <rule id="{key}-rule">
        <inputEntry id="{key}-rule-input">
          <text>-</text>
        </inputEntry>
        <outputEntry id="{key}-rule-output">
          <text>""</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="{key}">
        <dc:Bounds height="80" width="180" x="160" y="80" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def table(key: str, name: str) -> bytes:
    """The XML of a decision with this id (an XML name) and name: a table with one rule."""
    return _TABLE.format(key=key, name=escape(name, _ENTITIES)).encode()
