/** Messages that are waited for or sent, and notices that people get. */
import { choice, group, line, optionsOf } from "./parts.js";
import { say } from "../../words.js";

const TASKS = ["bpmn:ReceiveTask", "bpmn:SendTask"];

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function messageGroup(one, room) {
  const holder = one.is(...TASKS) ? one.bo : one.is("bpmn:Event") ? one.event("bpmn:MessageEventDefinition") : null;
  if (!holder) return [];
  const message = holder.get("messageRef");
  const entries = [
    choice({
      id: "message",
      label: say("Message"),
      element: one.element,
      read: () => message?.name ?? "",
      write: (name) => refer(one, holder, name),
      options: () => optionsOf(say("None"), [...namesOf(one, room)].map((name) => ({ name, label: labelOf(room, name) }))),
    }),
    line({
      id: "message-name",
      label: message ? say("Its name") : say("Or the name of a new one"),
      element: one.element,
      read: () => message?.name ?? "",
      write: (name) => (message ? one.set("name", name, message) : refer(one, holder, name)),
    }),
  ];
  const key = line({
    id: "message-key",
    label: say("Meant for this run when its key is"),
    help: say("Empty: the message of this case. With FEEL: =partyId."),
    element: one.element,
    read: () => message?.get("parley:correlationKey") ?? "",
    write: (text) => one.set("parley:correlationKey", text, message),
  });
  return group("message", say("Message"), message ? [...entries, key] : entries, Boolean(message) || !one.is("bpmn:SendTask"));
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
function namesOf(one, room) {
  const drawn = one.roots("bpmn:Message").map((message) => message.name);
  return new Set([...drawn, ...room.knowledge.known.messages.map((/** @type {any} */ row) => row.name)].filter(Boolean));
}

/** @param {{knowledge: import("../knowledge.js").Knowledge}} room @param {string} name */
function labelOf(room, name) {
  const label = room.knowledge.known.messages.find((/** @type {any} */ row) => row.name === name)?.label;
  return label ? `${label} (${name})` : name;
}

/**
 * Point at the message of a name; it is drawn up when the file does not have it.
 *
 * @param {import("./model.js").Subject} one
 * @param {any} holder
 * @param {string} name
 */
function refer(one, holder, name) {
  if (!name) return one.setAll({ messageRef: undefined }, holder);
  const found = one.roots("bpmn:Message").find((message) => message.name === name);
  const message = found ?? one.make("bpmn:Message", { name }, one.definitions);
  if (!found) one.addRoot(message);
  return one.setAll({ messageRef: message }, holder);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function noticeGroup(one, room) {
  if (!one.is("bpmn:SendTask")) return [];
  return group(
    "notice",
    say("Notice"),
    [
      choice({
        id: "notice",
        label: say("Which notice"),
        help: say("It says only that something waits, never what was said."),
        element: one.element,
        read: () => one.get("parley:notice"),
        write: (value) => one.set("parley:notice", value),
        options: () => optionsOf(say("None"), room.knowledge.known.notices),
      }),
      choice({
        id: "to",
        label: say("To whom"),
        element: one.element,
        read: () => one.get("parley:to"),
        write: (value) => one.set("parley:to", value),
        options: () => receivers(one, room),
      }),
    ],
    true,
  );
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
function receivers(one, room) {
  const roles = room.knowledge.known.roles.flatMap((/** @type {any} */ role) => {
    const ofCase = { value: `case-role:${role.key}`, label: say("{role} of the case", { role: role.label }) };
    const all = { value: `role:${role.key}`, label: say("Everybody who is {role}", { role: role.label }) };
    return role.kind === "case" ? [ofCase] : role.kind === "program" ? [all] : [ofCase, all];
  });
  const people = room.knowledge
    .variables(one.bo.id)
    .filter(([, variable]) => (!variable.type || variable.type === "string" || variable.type === "list") && Object.keys(variable.values ?? {}).length === 0)
    .map(([name, variable]) => ({ value: `=${name}`, label: variable.label ? `${variable.label} (${name})` : name }));
  return [{ value: "", label: say("Nobody yet") }, ...roles, ...people];
}
