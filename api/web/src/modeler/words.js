/**
 * The extension vocabulary of engine/README.md for the modeler: which attributes and elements it reads and writes.
 *
 * Attributes that are not listed here are kept as they are, those of other editors too.
 */
const HUMAN = ["form", "role", "participant", "assignee", "due", "priority", "duty", "shows"];

/** @param {string[]} names @returns {{name: string, isAttr: true, type: string}[]} */
const attributes = (names) => names.map((name) => ({ name, isAttr: true, type: "String" }));

export const PARLEY = {
  name: "Parley",
  uri: "urn:parley:bpmn:1",
  prefix: "parley",
  xml: { tagAlias: "lowerCase" },
  types: [
    { name: "Step", extends: ["bpmn:FlowNode"], properties: attributes(["milestone", "discreet"]) },
    { name: "Human", extends: ["bpmn:UserTask", "bpmn:ManualTask"], properties: attributes(HUMAN) },
    { name: "Rule", extends: ["bpmn:BusinessRuleTask"], properties: attributes(["decision", "result"]) },
    { name: "Outside", extends: ["bpmn:ServiceTask"], properties: attributes(["operation", "job", "retries", "backoff", "timeout"]) },
    { name: "Sending", extends: ["bpmn:SendTask"], properties: attributes(["notice", "to"]) },
    {
      name: "Repeats",
      extends: ["bpmn:MultiInstanceLoopCharacteristics"],
      properties: attributes(["collection", "elementVariable", "outputCollection", "outputElement"]),
    },
    { name: "Keyed", extends: ["bpmn:Message"], properties: attributes(["correlationKey"]) },
    {
      name: "IoMapping",
      superClass: ["Element"],
      properties: [
        { name: "inputs", isMany: true, type: "Input" },
        { name: "outputs", isMany: true, type: "Output" },
      ],
    },
    { name: "Input", superClass: ["Element"], properties: attributes(["source", "target"]) },
    { name: "Output", superClass: ["Element"], properties: attributes(["source", "target"]) },
  ],
};
