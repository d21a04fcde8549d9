/** Decision tables, acts of the engine, outside work, called procedures, and the lines that map variables in and out. */
import { h } from "@bpmn-io/properties-panel/preact";
import { input } from "./length.js";
import { choice, group, line, optionsOf } from "./parts.js";

/** what the acts of the engine do, in words */
const ACTS = /** @type {Record<string, string>} */ ({
  "participant.add": "Give somebody a role in the case",
  "participant.end": "End somebody's role in the case",
  "case.status": "Set the status of the case",
  "case.close": "Close the case",
  "user-task.reassign": "Give a late task to somebody else",
  "user-task.due": "Set another due date for a late task",
  "user-task.waive": "Waive a late task",
  "notice.send": "Send a notice",
  "wall.add": "Keep a person from the case for good",
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
  const open = room.rooms.tables && h("a", { href: room.rooms.tables }, "Decision tables of this change");
  return group(
    "decision",
    "Decision table",
    [
      choice({ ...plain(one, "decision", "Table that decides"), help: open, options: () => optionsOf("None", decisions) }),
      line(plain(one, "result", "Variable for the result")),
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
  const act = choice({ ...plain(one, "operation", "Done by Parley itself"), options: () => optionsOf("Nothing", operations) });
  const job = [
    line(plain(one, "job", "Left to a worker: kind of job", "mail and webhook are built in; other kinds are fetched by programs of yours.")),
    ...(one.get("parley:job")
      ? [
          line(plain(one, "retries", "Tries", "3 when empty.")),
          line(plain(one, "backoff", "Pauses after failures", "Such as PT10S PT1M PT10M.")),
          line(plain(one, "timeout", "How long a worker may hold it", "PT5M when empty.")),
        ]
      : []),
  ];
  return group("outside", one.is("bpmn:ServiceTask") ? "What is done" : "Outside work", one.is("bpmn:ServiceTask") ? [act, ...job] : job, one.is("bpmn:ServiceTask"));
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function callGroup(one, room) {
  if (!one.is("bpmn:CallActivity")) return [];
  const entry = choice({
    id: "called",
    label: "Procedure that is called",
    element: one.element,
    read: () => one.get("calledElement"),
    write: (value) => one.show({ calledElement: value || undefined }),
    options: () => optionsOf("None", room.knowledge.known.processes),
  });
  return group("call", "Called procedure", [entry], true);
}

/** @param {import("./model.js").Subject} one */
export function mappingGroup(one) {
  const both = one.is("bpmn:CallActivity") || Boolean(one.get("parley:job"));
  if (!both && !one.is("bpmn:ServiceTask")) return [];
  const inputs = { id: "inputs", component: Lines, one, side: "inputs", label: "What it is given", from: "Value (=FEEL)", to: "Called inside" };
  const outputs = { id: "outputs", component: Lines, one, side: "outputs", label: "What is kept of its answer", from: "Value (=FEEL)", to: "Variable here" };
  return group("mapping", "What goes in and out", both ? [inputs, outputs] : [inputs]);
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
        h("button", { type: "button", class: "panel-link", onClick: () => put(rows.filter((/** @type {any} */ _, /** @type {number} */ i) => i !== at)) }, "Take it away"),
      ]),
    ),
    h("button", { type: "button", class: "panel-button", onClick: () => put([...rows, { source: "", target: "" }]) }, "Add a line"),
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
