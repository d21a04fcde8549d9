/** Conditions of flows and of events, and what a script works out. */
import { Condition } from "./conditions.js";
import { area, feel, group, suggestions, tick } from "./parts.js";
import { say } from "../../words.js";

const CHOOSING = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:Activity"];

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function conditionGroup(one, room) {
  if (one.is("bpmn:SequenceFlow")) return flowGroup(one, room);
  const event = one.is("bpmn:Event") ? one.event("bpmn:ConditionalEventDefinition") : null;
  if (!event) return [];
  const write = (/** @type {string} */ text) => one.setAll({ condition: one.expression(text, event) }, event);
  const entry = built(one, room, "condition", say("Condition"), one.bo.id, () => event.get("condition")?.get("body") ?? "", write);
  return group("condition", say("When this becomes true"), [entry], true);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
function flowGroup(one, room) {
  const from = one.bo.sourceRef;
  if (!from || !CHOOSING.some((type) => from.$instanceOf(type))) return [];
  const isDefault = from.default === one.bo;
  const otherwise = tick({
    id: "default",
    label: say("Otherwise: taken when no other condition holds"),
    element: one.element,
    read: () => isDefault,
    write: (value) => makeDefault(one, from, value),
  });
  if (isDefault) return group("condition", say("When this way is taken"), [otherwise], true);
  const write = (/** @type {string} */ text) => one.show({ conditionExpression: one.expression(text, one.bo) });
  const entry = built(one, room, "condition", say("Condition"), from.id, () => one.bo.conditionExpression?.get("body") ?? "", write);
  return group("condition", say("When this way is taken"), [entry, otherwise], true);
}

/**
 * @param {import("./model.js").Subject} one a flow
 * @param {any} from where it begins
 * @param {boolean} wanted
 */
function makeDefault(one, from, wanted) {
  const source = one.injector.get("elementRegistry").get(from.id);
  one.modeling.updateProperties(source, { default: wanted ? one.bo : undefined });
}

/**
 * A condition that is built from rows, with the FEEL editor behind it.
 *
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 * @param {string} id
 * @param {string} label
 * @param {string} place whose variables are known
 * @param {() => string} read
 * @param {(text: string) => void} write
 */
export function built(one, room, id, label, place, read, write) {
  const plain = () => read().replace(/^\s*=/, "");
  const expert = feel({
    id,
    label,
    element: one.element,
    read: () => (plain() ? `=${plain()}` : ""),
    write: (text) => write((text ?? "").replace(/^\s*=/, "")),
    variables: () => suggestions(room.knowledge, place),
  });
  return { id, label, component: Condition, element: one.element, knowledge: room.knowledge, place, read: plain, write, expert };
}

/** @param {import("./model.js").Subject} one */
export function scriptGroup(one) {
  if (!one.is("bpmn:ScriptTask")) return [];
  const entry = area({
    id: "script",
    label: say("FEEL context"),
    help: say("Each entry becomes a variable, such as {answers: count(consents)}."),
    rows: 5,
    element: one.element,
    read: () => one.get("script"),
    write: (text) => one.setAll({ script: text || undefined, scriptFormat: "feel" }),
  });
  return group("script", say("What it works out"), [entry], true);
}
