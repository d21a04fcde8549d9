/** Decision tables, acts of the engine, outside work, called procedures, and the lines that map variables in and out. */
import { h } from "@bpmn-io/properties-panel/preact";
import { input } from "./length.js";
import { choice, group, line, optionsOf } from "./parts.js";
import { say } from "../../words.js";

/** what the acts of the engine do, in words */
const ACTS = /** @type {Record<string, string>} */ ({
  "participant.add": say("Give somebody a role in the case"),
  "participant.end": say("End somebody's role in the case"),
  "case.status": say("Set the status of the case"),
  "case.close": say("Close the case"),
  "user-task.reassign": say("Give a late task to somebody else"),
  "user-task.due": say("Set another due date for a late task"),
  "user-task.waive": say("Waive a late task"),
  "notice.send": say("Send a notice"),
  "wall.add": say("Keep a person from the case for good"),
});

/**
 * @param {import("./model.js").Subject} one
 * @param {string} id also the attribute's name
 * @param {string} label
 * @param {string} [help]
 */
const plain = (one, id, label, help) => ({
  id,
  label,
  help,
  element: one.element,
  read: () => one.get(`parley:${id}`),
  write: (/** @type {string} */ value) => one.set(`parley:${id}`, value),
});

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
export function decisionGroup(one, room) {
  if (!one.is("bpmn:BusinessRuleTask")) return [];
  const decisions = room.knowledge.known.decisions.map((/** @type {any} */ row) => ({ key: row.id, label: row.name ?? row.id }));
  const open = room.rooms.tables && h("a", { href: room.rooms.tables }, say("Decision tables of this change"));
  return group(
    "decision",
    say("Decision table"),
    [
      choice({ ...plain(one, "decision", say("Table that decides")), help: open, options: () => optionsOf(say("None"), decisions) }),
      line(plain(one, "result", say("Variable for the result"))),
    ],
    true,
  );
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function outsideGroup(one, room) {
  if (!one.is("bpmn:ServiceTask", "bpmn:SendTask")) return [];
  const operations = room.knowledge.known.operations.map((/** @type {any} */ row) => ({ key: row.name ?? row, label: ACTS[row.name ?? row] ?? row.name ?? row }));
  const act = choice({ ...plain(one, "operation", say("Done by Parley itself")), options: () => optionsOf(say("Nothing"), operations) });
  const job = [
    line(plain(one, "job", say("Left to a worker: kind of job"), say("mail and webhook are built in; other kinds are fetched by programs of yours."))),
    ...(one.get("parley:job")
      ? [
          line(plain(one, "retries", say("Tries"), say("3 when empty."))),
          line(plain(one, "backoff", say("Pauses after failures"), say("Such as PT10S PT1M PT10M."))),
          line(plain(one, "timeout", say("How long a worker may hold it"), say("PT5M when empty."))),
        ]
      : []),
  ];
  return group("outside", one.is("bpmn:ServiceTask") ? say("What is done") : say("Outside work"), one.is("bpmn:ServiceTask") ? [act, ...job] : job, one.is("bpmn:ServiceTask"));
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function callGroup(one, room) {
  if (!one.is("bpmn:CallActivity")) return [];
  const entry = choice({
    id: "called",
    label: say("Procedure that is called"),
    element: one.element,
    read: () => one.get("calledElement"),
    write: (value) => one.show({ calledElement: value || undefined }),
    options: () => optionsOf(say("None"), room.knowledge.known.processes),
  });
  return group("call", say("Called procedure"), [entry], true);
}

/** @param {import("./model.js").Subject} one */
export function mappingGroup(one) {
  const both = one.is("bpmn:CallActivity") || Boolean(one.get("parley:job"));
  if (!both && !one.is("bpmn:ServiceTask")) return [];
  const inputs = { id: "inputs", component: Lines, one, side: "inputs", label: say("What it is given"), from: say("Value (=FEEL)"), to: say("Called inside") };
  const outputs = { id: "outputs", component: Lines, one, side: "outputs", label: say("What is kept of its answer"), from: say("Value (=FEEL)"), to: say("Variable here") };
  return group("mapping", say("What goes in and out"), both ? [inputs, outputs] : [inputs]);
}

/** @param {any} entry the lines of one side, to change, add and take away */
function Lines({ one, side, label, from, to, id }) {
  const lines = one.extension("parley:IoMapping")?.get(side) ?? [];
  const put = (/** @type {{source: string, target: string}[]} */ next) => write(one, side, next);
  const rows = lines.map((/** @type {any} */ row) => ({ source: row.source ?? "", target: row.target ?? "" }));
  const change = (/** @type {number} */ at, /** @type {object} */ part) =>
    put(rows.map((/** @type {any} */ row, /** @type {number} */ i) => (i === at ? { ...row, ...part } : row)));
  return h("fieldset", { class: "panel-group", "data-entry-id": id }, [
    h("legend", { class: "bio-properties-panel-label" }, label),
    ...rows.map((/** @type {any} */ row, /** @type {number} */ at) =>
      h("div", { class: "panel-row" }, [
        input(`${id}-${at}-target`, row.target, (target) => change(at, { target }), { "aria-label": to, placeholder: to }),
        input(`${id}-${at}-source`, row.source, (source) => change(at, { source }), { "aria-label": from, placeholder: from }),
        h("button", { type: "button", class: "panel-link", onClick: () => put(rows.filter((/** @type {any} */ _, /** @type {number} */ i) => i !== at)) }, say("Take it away")),
      ]),
    ),
    h("button", { type: "button", class: "panel-button", onClick: () => put([...rows, { source: "", target: "" }]) }, say("Add a line")),
  ]);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {string} side
 * @param {{source: string, target: string}[]} rows
 */
function write(one, side, rows) {
  const before = one.extension("parley:IoMapping");
  const lines = { inputs: before?.get("inputs") ?? [], outputs: before?.get("outputs") ?? [] };
  const type = side === "inputs" ? "parley:Input" : "parley:Output";
  const made = one.make("parley:IoMapping", { ...lines, [side]: rows.map((row) => one.make(type, row)) });
  for (const row of [...made.get("inputs"), ...made.get("outputs")]) row.$parent = made;
  one.putExtension(made);
}
