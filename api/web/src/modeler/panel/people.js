/** Who does a step, and the form they fill in. */
import { h } from "@bpmn-io/properties-panel/preact";
import { useState } from "@bpmn-io/properties-panel/preact/hooks";
import { Field, input } from "./length.js";
import { choice, group, line, optionsOf } from "./parts.js";
import { say } from "../../words.js";

const WORK = ["bpmn:UserTask", "bpmn:ManualTask"];

/** @param {import("./model.js").Subject} one */
const isWork = (one) => one.is(...WORK) || one.bo.$type === "bpmn:Task";

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
export function whoGroup(one, room) {
  if (one.is("bpmn:Lane")) return laneGroup(one, room);
  if (!isWork(one)) return [];
  const known = room.knowledge.known;
  const at = (/** @type {string} */ id, /** @type {string} */ name) => ({
    id,
    element: one.element,
    read: () => one.get(`parley:${name}`),
    write: (/** @type {string} */ value) => one.set(`parley:${name}`, value),
  });
  return group(
    "who",
    say("Who does this"),
    [
      choice({ ...at("role", "role"), label: say("Role"), options: () => optionsOf(byLane(one, known), known.roles) }),
      choice({
        ...at("participant", "participant"),
        label: say("Which person of the case"),
        help: say("Then it is theirs alone, unless staff enter it on their behalf."),
        options: () => peopleAt(one, room, say("Whoever has the role")),
      }),
      choice({
        ...at("assignee", "assignee"),
        label: say("Given to one person"),
        help: say("For “the same person as before”: let a step before remember who it was, and choose that here."),
        options: () => peopleAt(one, room, say("Nobody in particular")),
      }),
      line({ ...at("duty", "duty"), label: say("Counts as the duty"), help: dutyHelp(one, room) }),
      line({ ...at("priority", "priority"), label: say("Priority, 0 to 100"), help: say("50 when empty."), validate: priorityProblem }),
    ],
    true,
  );
}

/** @param {string} text */
const priorityProblem = (text) => (!text || text.startsWith("=") || /^(100|\d{1,2})$/.test(text) ? undefined : say("A whole number from 0 to 100."));

/**
 * @param {import("./model.js").Subject} one
 * @param {any} known
 * @returns {string} what no role of its own means here
 */
function byLane(one, known) {
  const lane = one.lanes().find((name) => known.lanes.some((/** @type {any} */ row) => row.name === name));
  const key = known.lanes.find((/** @type {any} */ row) => row.name === lane)?.role;
  const role = known.roles.find((/** @type {any} */ row) => row.key === key);
  return role ? say("As its lane says: {role}", { role: role.label }) : say("As its lane says (no role for it yet)");
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 * @param {string} none
 */
function peopleAt(one, room, none) {
  const texts = room.knowledge.variables(one.bo.id).filter(([, variable]) => !variable.type || (variable.type === "string" && !variable.values));
  const plain = texts.filter(([, variable]) => Object.keys(variable.values ?? {}).length === 0);
  return [{ value: "", label: none }, ...plain.map(([name, variable]) => ({ value: `=${name}`, label: variable.label ? `${variable.label} (${name})` : name }))];
}

/**
 * Who may not do it, as far as the pack says so.
 *
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
function dutyHelp(one, room) {
  const duty = one.get("parley:duty");
  const rows = room.knowledge.known.exclusions.filter((/** @type {any} */ row) => duty && row.between.includes(duty));
  const names = room.knowledge.known.duties.map((/** @type {any} */ row) => row.key ?? row.name ?? row).filter((/** @type {any} */ name) => typeof name === "string");
  const words = say("What a person did as a duty can keep them from another one on the same case: so two different people do both.");
  return h("span", {}, [
    rows.length ? h("ul", {}, rows.map((/** @type {any} */ row) => h("li", {}, say("Not by the same person as “{duty}”: {reason}", { duty: row.between.find((/** @type {string} */ other) => other !== duty), reason: row.reason })))) : words,
    names.length > 0 && ` ${say("Known duties: {names}.", { names: names.join(", ") })} `,
    room.rooms.pack && h("a", { href: `${room.rooms.pack}/exclusions` }, say("Duties that exclude each other are in the pack.")),
  ]);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
function laneGroup(one, room) {
  const role = room.knowledge.known.lanes.find((/** @type {any} */ row) => row.name === one.get("name"))?.role;
  const label = room.knowledge.known.roles.find((/** @type {any} */ row) => row.key === role)?.label;
  const words = label ? say("Steps in this lane are done by: {role}.", { role: label }) : say("The pack has no role for a lane of this name; steps here need a role of their own.");
  const more = room.rooms.pack ? h("a", { href: `${room.rooms.pack}/lanes` }, say("Lanes and roles are in the pack.")) : "";
  return group("who", say("Who does this"), [{ id: "lane-role", component: () => h("p", { class: "panel-help" }, [words, " ", more]) }], true);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge, rooms: Record<string, string>}} room
 */
export function formGroup(one, room) {
  if (!isWork(one)) return [];
  const key = one.get("parley:form");
  const help = key && room.rooms.form && h("a", { href: room.rooms.form.replace("__name__", encodeURIComponent(`${key}.json`)) }, say("Open this form: its questions"));
  const entry = choice({
    id: "form",
    label: say("Form to fill in"),
    help,
    element: one.element,
    read: () => one.get("parley:form"),
    write: (value) => one.set("parley:form", value),
    options: () => optionsOf(say("None: only “done”"), room.knowledge.known.forms),
  });
  const fresh = { id: "new-form", component: NewForm, subject: one, knowledge: room.knowledge };
  return group("form", say("Form"), [entry, fresh], true);
}

/** @param {any} entry a new form, made and given to the step without leaving the room */
function NewForm({ id, subject, knowledge }) {
  const [title, setTitle] = useState(/** @type {string | null} */ (null));
  const [problem, setProblem] = useState("");
  if (title === null) {
    const begin = () => setTitle(subject.get("name"));
    return h("div", { class: "bio-properties-panel-entry", "data-entry-id": id }, h("button", { type: "button", class: "panel-button", onClick: begin }, say("New form")));
  }
  const make = async () => {
    const made = await knowledge.newForm(title);
    setProblem(made.problem ?? "");
    if (!made.key) return;
    subject.set("parley:form", made.key);
    setTitle(null);
  };
  return h("div", { class: "bio-properties-panel-entry", "data-entry-id": id }, [
    h("div", { class: "panel-row", role: "group", "aria-label": say("A new form") }, [
      h(Field, { id: `${id}-title`, label: say("Its title, as those who fill it in read it") }, input(`${id}-title`, title, setTitle)),
      problem && h("p", { class: "panel-wrong", role: "status" }, problem),
      h("div", { class: "panel-buttons" }, [
        h("button", { type: "button", class: "panel-button", onClick: make }, say("Make the form")),
        h("button", { type: "button", class: "panel-button", onClick: () => setTitle(null) }, say("Cancel")),
      ]),
    ]),
  ]);
}
