/** What is done for each of several, or again and again. */
import { built } from "./deciding.js";
import { choice, group, line } from "./parts.js";
import { say } from "../../words.js";

const EACH = "bpmn:MultiInstanceLoopCharacteristics";
const AGAIN = "bpmn:StandardLoopCharacteristics";
const WAYS = [
  { value: "once", label: say("Once") },
  { value: "together", label: say("For each of a list, at the same time") },
  { value: "in turn", label: say("For each of a list, one after another") },
  { value: "again", label: say("Again, as long as a condition holds") },
];

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function repeatsGroup(one, room) {
  if (!one.is("bpmn:Activity")) return [];
  const loop = one.bo.get("loopCharacteristics");
  const way = choice({
    id: "repeats",
    label: say("Done"),
    element: one.element,
    read: () => wayOf(loop),
    write: (next) => one.show({ loopCharacteristics: loopFor(one, next, loop) }),
    options: () => WAYS,
  });
  return group("repeats", say("Repeats for each …"), [way, ...(loop?.$type === EACH ? eachEntries(one, room, loop) : loop ? againEntries(one, room, loop) : [])]);
}

/** @param {any} loop @returns {string} */
function wayOf(loop) {
  if (!loop) return "once";
  if (loop.$type === AGAIN) return "again";
  return loop.isSequential ? "in turn" : "together";
}

/**
 * @param {import("./model.js").Subject} one
 * @param {string} way
 * @param {any} before what stands there, of which its list and its condition are kept
 */
function loopFor(one, way, before) {
  if (way === "once") return undefined;
  if (way === "again") return one.make(AGAIN, { testBefore: false, loopMaximum: 10 });
  const names = ["parley:collection", "parley:elementVariable", "parley:outputCollection", "parley:outputElement", "completionCondition", "loopCardinality"];
  const kept = before?.$type === EACH ? Object.fromEntries(names.map((name) => [name, before.get(name)]).filter(([, value]) => value)) : {};
  return one.make(EACH, { ...kept, isSequential: way === "in turn" });
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 * @param {any} loop
 */
function eachEntries(one, room, loop) {
  const at = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ help) => ({
    id: name,
    label,
    help,
    element: one.element,
    read: () => loop.get(`parley:${name}`) ?? "",
    write: (/** @type {string} */ value) => one.set(`parley:${name}`, value, loop),
  });
  const done = () => loop.get("completionCondition")?.get("body") ?? "";
  const finish = (/** @type {string} */ text) => one.setAll({ completionCondition: one.expression(text, loop) }, loop);
  return [
    choice({ ...at("collection", say("The list"), say("For each participant with a role, or each entry of a variable.")), options: () => lists(one, room) }),
    line(at("elementVariable", say("Variable for the one at hand"), say("Such as partyId."))),
    line(at("outputCollection", say("Variable for all results"), "")),
    line(at("outputElement", say("What is kept of each"), say("FEEL, such as ={party: partyId, answer: answer}."))),
    built(one, room, "completion", say("All are over when"), one.bo.id, done, finish),
  ];
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
function lists(one, room) {
  const variables = room.knowledge.variables(one.bo.id).filter(([, variable]) => variable.type === "list" || !variable.type);
  const roles = room.knowledge.known.roles.filter((/** @type {any} */ role) => role.kind !== "program");
  return [
    { value: "", label: say("None yet") },
    ...roles.map((/** @type {any} */ role) => ({ value: `=case.participants.${role.key}`, label: say("Each {role} of the case", { role: role.label }) })),
    ...variables.map(([name, variable]) => ({ value: `=${name}`, label: variable.label ? `${variable.label} (${name})` : name })),
  ];
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 * @param {any} loop
 */
function againEntries(one, room, loop) {
  const body = () => loop.get("loopCondition")?.get("body") ?? "";
  const write = (/** @type {string} */ text) => one.setAll({ loopCondition: one.expression(text, loop) }, loop);
  const most = line({
    id: "most",
    label: say("At most this often"),
    element: one.element,
    read: () => String(loop.get("loopMaximum") ?? ""),
    write: (text) => one.setAll({ loopMaximum: Number(text) || undefined }, loop),
    validate: (/** @type {string} */ text) => (!text || /^[1-9]\d{0,4}$/.test(text) ? undefined : say("A whole number from 1.")),
  });
  return [built(one, room, "again", say("As long as"), one.bo.id, body, write), most];
}
