/** Reminders of a step: those that count for it in the pack, one more, one less. Saved at once, in this change's pack. */
import { h } from "@bpmn-io/properties-panel/preact";
import { useState } from "@bpmn-io/properties-panel/preact/hooks";
import { readDuration, sayDuration, settingOf } from "./durations.js";
import { Amount, Field, select } from "./length.js";
import { say } from "../../words.js";

const WHEN = [
  { value: "after", label: say("after it came up") },
  { value: "before", label: say("before it is due") },
  { value: "late", label: say("after it was due") },
];
const OFTEN = [1, 2, 3, 4, 5, 10].map((number) => ({ value: String(number), label: number === 1 ? say("once") : say("{n} times, each time after as long", { n: number }) }));
const FIRST = { when: "after", length: "P3D", to: "assignee", times: "1", notice: "" };

/** @param {{subject: import("./model.js").Subject, room: {knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}}} props */
export function Reminders({ subject, room }) {
  const [asking, ask] = useState(false);
  const [said, tell] = useState("");
  const { knowledge } = room;
  const step = `${subject.process}/${subject.bo.id}`;
  const rule = ruleOf(knowledge.known, step);
  const change = async (/** @type {string} */ method, /** @type {string} */ rest, /** @type {object | undefined} */ body, /** @type {string} */ words) => {
    const problem = await knowledge.changeReminders(method, `${step}${rest}`, body);
    tell(problem || words);
    if (!problem) ask(false);
  };
  const add = (/** @type {any} */ wanted) =>
    change("POST", "", { ...wanted, times: Number(wanted.times), due: dueOf(subject.get("parley:due"), knowledge) }, say("The reminder is added, in this change."));
  const out = (/** @type {number} */ number) => change("DELETE", `/${number}?was=${rule.mark}`, undefined, say("Taken out, in this change."));

  const stops = missing(subject);
  if (stops) return part([h("p", { class: "panel-help" }, stops)]);
  const own = rule?.applies_to.length === 1 && rule.applies_to[0] === step;
  const shared = knowledge.known.deadline_rules.some((/** @type {any} */ row) => row !== rule && row.applies_to.includes("*"));
  const share = () => change("DELETE", "", undefined, say("This step has the reminders of every other step again."));
  return part([
    h("p", { class: "panel-help" }, whose(rule, own)),
    rule && h("ul", { class: "panel-list" }, rule.rungs.map((/** @type {any} */ rung) => h(Row, { rung, known: knowledge.known, out }))),
    asking
      ? h(Asked, { id: `reminder-${subject.bo.id}`, known: knowledge.known, add, cancel: () => ask(false) })
      : h("button", { type: "button", class: "panel-button", onClick: () => ask(true) }, say("Add a reminder")),
    own && shared && h("button", { type: "button", class: "panel-link", onClick: share }, say("Use those of every other step")),
    h("p", { class: "panel-help", role: "status" }, said),
    room.rooms.pack && h("p", { class: "panel-help" }, h("a", { href: `${room.rooms.pack}/deadline_rules` }, say("All deadlines and reminders of the pack"))),
  ]);
}

/** @param {any[]} inner */
const part = (inner) => h("div", { class: "bio-properties-panel-entry", "data-entry-id": "reminders" }, [h("p", { class: "bio-properties-panel-label panel-title" }, say("Reminders")), ...inner]);

/** @param {any} known @param {string} step @returns {any} the first rule that stands on it counts */
const ruleOf = (known, step) => known.deadline_rules.find((/** @type {any} */ row) => row.applies_to.some((/** @type {string} */ to) => to === step || to === "*"));

/** @param {import("./model.js").Subject} subject @returns {string} what has to be said before there can be reminders */
function missing(subject) {
  if (!subject.get("name")) return say("Give this step a name first: reminders are kept under it.");
  if (!subject.get("parley:due")) return say("Nobody is reminded, as it has no due time. Say above when it is due; then reminders can be added.");
  return "";
}

/** @param {any} rule @param {boolean} own */
function whose(rule, own) {
  if (!rule) return say("None yet.");
  if (own) return say("Of this step alone:");
  if (rule.applies_to.includes("*")) return say("As every step of the pack has them. What you change here counts for this step alone:");
  const others = rule.applies_to.length - 1;
  if (others === 1) return say("As 1 other step has them. What you change here counts for this step alone:");
  return say("As {n} other steps have them. What you change here counts for this step alone:", { n: others });
}

/** @param {{rung: any, known: any, out: (number: number) => void}} props */
function Row({ rung, known, out }) {
  const words = sayRung(rung, known);
  return h("li", {}, [
    `${words} `,
    h("button", { type: "button", class: "panel-link", "aria-label": say("Take out: {what}", { what: words }), onClick: () => out(rung.number) }, say("Take out")),
  ]);
}

/** @param {{id: string, known: any, add: (wanted: any) => void, cancel: () => void}} props */
function Asked({ id, known, add, cancel }) {
  const [wanted, want] = useState(FIRST);
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => want({ ...wanted, [name]: value });
  const choose = (/** @type {string} */ name, /** @type {string} */ label, /** @type {any[]} */ options) =>
    h(Field, { id: `${id}-${name}`, label }, select(`${id}-${name}`, /** @type {any} */ (wanted)[name], options, set(name)));
  const notices = known.notices.map((/** @type {any} */ one) => ({ value: one.key, label: one.title }));
  return h("div", { class: "panel-row", role: "group", "aria-label": say("A new reminder") }, [
    h(Amount, { id, label: say("Remind"), value: wanted.length, write: set("length") }),
    choose("when", say("When"), WHEN),
    wanted.when !== "before" && choose("times", say("How often"), OFTEN),
    choose("to", say("Whom"), peopleOf(known)),
    notices.length > 0 && choose("notice", say("With the notice"), [{ value: "", label: say("The usual one") }, ...notices]),
    h("div", { class: "panel-buttons" }, [
      h("button", { type: "button", class: "panel-button", onClick: () => add(wanted) }, say("Add this reminder")),
      h("button", { type: "button", class: "panel-button", onClick: cancel }, say("Cancel")),
    ]),
  ]);
}

/** @param {any} known @returns {{value: string, label: string}[]} */
function peopleOf(known) {
  const ofCase = known.roles.filter((/** @type {any} */ role) => role.kind !== "program").map((/** @type {any} */ role) => ({ value: `case-role:${role.key}`, label: say("{role} of the case", { role: role.label }) }));
  const all = known.roles.filter((/** @type {any} */ role) => role.kind !== "case").map((/** @type {any} */ role) => ({ value: `role:${role.key}`, label: say("Everybody who is {role}", { role: role.label }) }));
  return [{ value: "assignee", label: say("Whoever has the task") }, ...ofCase, ...all];
}

/** @param {string} due @param {import("../knowledge.js").Knowledge} knowledge @returns {string | undefined} how long until it is due, where that is one number and unit */
function dueOf(due, knowledge) {
  const key = settingOf(due);
  const length = key ? String(knowledge.setting(key)?.value ?? "") : due;
  return readDuration(length) ? length : undefined;
}

/** @param {any} rung @param {any} known @returns {string} */
function sayRung(rung, known) {
  const offset = String(rung.offset ?? "");
  const length = sayDuration(offset.replace("-", ""));
  const at = rung.after
    ? say("{length} after it came up", { length: sayDuration(rung.after) })
    : rung.percentage != null
      ? say("After {n} % of the time", { n: rung.percentage })
      : offset.startsWith("-")
        ? say("{length} before it is due", { length })
        : say("{length} after it was due", { length });
  const to = peopleOf(known).find((one) => one.value === rung.to)?.label ?? rung.to ?? "";
  const who = to.charAt(0).toLowerCase() + to.slice(1);
  if (rung.act === "start") return `${at}: ${rung.label ?? say("another procedure starts")}`;
  return say("{when}: {what} to {who}", { when: at, what: rung.label ?? (rung.act === "notify" ? say("notice") : say("reminder")), who });
}
