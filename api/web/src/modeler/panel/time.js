/** Due times with their reminders, and timers that change the flow. */
import { h } from "@bpmn-io/properties-panel/preact";
import { readDuration, writeDuration } from "./durations.js";
import { Amount, Length } from "./length.js";
import { choice, group, line } from "./parts.js";
import { Reminders } from "./reminders.js";
import { say } from "../../words.js";

const KINDS = ["timeDuration", "timeDate", "timeCycle"];

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
export function dueGroup(one, room) {
  if (!one.is("bpmn:UserTask", "bpmn:ManualTask") && one.bo.$type !== "bpmn:Task") return [];
  const due = {
    id: "due",
    component: Length,
    label: say("Due"),
    none: say("No due time"),
    element: one.element,
    knowledge: room.knowledge,
    read: () => one.get("parley:due"),
    write: (/** @type {string} */ value) => one.set("parley:due", value),
    help: say("Counted from when it comes up."),
  };
  return group("due", say("Due and reminders"), [due, { id: "reminders", component: Reminders, subject: one, room }], true);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function timerGroup(one, room) {
  const timer = one.is("bpmn:Event") ? one.event("bpmn:TimerEventDefinition") : null;
  if (!timer) return [];
  const kind = KINDS.find((name) => timer.get(name)) ?? "timeDuration";
  const body = () => timer.get(kind)?.get("body") ?? "";
  const set = (/** @type {string} */ name, /** @type {string} */ text) =>
    one.setAll({ ...Object.fromEntries(KINDS.map((other) => [other, undefined])), [name]: one.expression(text, timer) }, timer);
  const write = (/** @type {string} */ text) => set(kind, text);
  const what = choice({
    id: "timer-kind",
    label: say("Goes off"),
    element: one.element,
    read: () => kind,
    write: (next) => set(next, { timeDuration: "P1D", timeDate: "=now()", timeCycle: "R/P1D" }[/** @type {string} */ (next)] ?? ""),
    options: () => kindsFor(one, kind),
  });
  const common = { element: one.element, knowledge: room.knowledge, read: body, write };
  const detail = {
    timeDuration: { ...common, id: "timer", component: Length, label: say("After"), none: say("Not said yet") },
    timeDate: line({ ...common, id: "timer", label: say("Date"), help: say("2026-03-01T09:00:00Z, or FEEL that begins with “=”, such as =sessionAt.") }),
    timeCycle: { ...common, id: "timer", component: Cycle, label: say("Every") },
  }[kind];
  return group("timer", say("Time"), [what, detail], true);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {string} kind
 */
function kindsFor(one, kind) {
  const again = one.is("bpmn:StartEvent") || one.bo.cancelActivity === false || kind === "timeCycle";
  return [
    { value: "timeDuration", label: say("After some time") },
    { value: "timeDate", label: say("At a date") },
    ...(again ? [{ value: "timeCycle", label: say("Again and again") }] : []),
  ];
}

/** @param {any} entry a cycle such as R/P10D or R3/P1D; anything richer is a line of text */
function Cycle(entry) {
  const text = entry.read();
  const [, times, every] = /^R(\d*)\/(P[^/]*)$/.exec(text) ?? [];
  if (every === undefined || !readDuration(every)) {
    const change = (/** @type {any} */ event) => entry.write(event.target.value);
    return h("div", { class: "bio-properties-panel-entry" }, [
      h("label", { for: entry.id, class: "bio-properties-panel-label" }, say("Repeats as")),
      h("input", { id: entry.id, class: "bio-properties-panel-input", value: text, onChange: change }),
      h("p", { class: "panel-help" }, say("R/P10D is every ten days; with FEEL, =duration(…) or =settings.KEY.")),
    ]);
  }
  const limit = (/** @type {any} */ event) => entry.write(`R${event.target.valueAsNumber > 0 ? event.target.valueAsNumber : ""}/${every}`);
  const amount = readDuration(every) ?? { number: 1, unit: "days" };
  return h("div", { class: "bio-properties-panel-entry" }, [
    h(Amount, { id: entry.id, label: entry.label, value: writeDuration(amount.number, amount.unit), write: (next) => entry.write(`R${times}/${next}`) }),
    h("label", { for: `${entry.id}-times`, class: "bio-properties-panel-label" }, say("At most this often (empty: no end)")),
    h("input", { id: `${entry.id}-times`, type: "number", min: 1, class: "bio-properties-panel-input", value: times, onChange: limit }),
  ]);
}
