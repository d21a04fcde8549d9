/**
 * The parts that entries of the panel are made of.
 *
 * An entry is `{id, component, label, help?, read, write, …}`: `read()` gives what stands in the diagram, `write(value)` changes it
 * as one step that can be undone.
 */
import {
  CheckboxEntry,
  FeelEntry,
  Group,
  isCheckboxEntryEdited,
  isFeelEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
} from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { say } from "../../words.js";

/** @typedef {{id: string, label: string, element: any, read: () => any, write: (value: any) => void, help?: any, [more: string]: any}} Entry */

/** @param {Entry} entry */
const common = (entry) => ({
  element: entry.element,
  id: entry.id,
  label: entry.label,
  description: entry.help,
  getValue: entry.read,
  setValue: entry.write,
});

/** @param {any} entry */
function Line(entry) {
  return TextFieldEntry({ ...common(entry), validate: entry.validate, debounce: useService("debounceInput") });
}

/** @param {any} entry */
function Area(entry) {
  return TextAreaEntry({ ...common(entry), rows: entry.rows ?? 3, autoResize: true, debounce: useService("debounceInput") });
}

/** @param {any} entry */
function Choice(entry) {
  return SelectEntry({ ...common(entry), getOptions: () => withCurrent(entry.options(), entry.read()) });
}

/** @param {any} entry */
function Tick(entry) {
  return CheckboxEntry(common(entry));
}

/** @param {any} entry */
function Feel(entry) {
  return FeelEntry({ ...common(entry), feel: "required", variables: entry.variables(), debounce: useService("debounceInput") });
}

/**
 * The options, and what stands in the diagram when it is none of them, so that looking at a step never changes it.
 *
 * @param {{value: string, label: string}[]} options
 * @param {string} current
 */
function withCurrent(options, current) {
  if (options.some((option) => option.value === (current ?? ""))) return options;
  return [...options, { value: current, label: say("{name} (not known in this pack)", { name: current }) }];
}

/** @param {Entry} entry a line of text */
export const line = (entry) => ({ ...entry, component: Line, isEdited: isTextFieldEntryEdited });
/** @param {Entry} entry several lines of text */
export const area = (entry) => ({ ...entry, component: Area, isEdited: isTextAreaEntryEdited });
/** @param {Entry & {options: () => {value: string, label: string}[]}} entry one of some options */
export const choice = (entry) => ({ ...entry, component: Choice, isEdited: isSelectEntryEdited });
/** @param {Entry} entry yes or no */
export const tick = (entry) => ({ ...entry, component: Tick, isEdited: isCheckboxEntryEdited });
/** @param {Entry & {variables: () => object[]}} entry an expression */
export const feel = (entry) => ({ ...entry, component: Feel, isEdited: isFeelEntryEdited });

/**
 * @param {string} id
 * @param {string} label
 * @param {any[]} entries
 * @param {boolean} [open] from the start
 * @returns {any[]} the group, or nothing when it has no entries
 */
export function group(id, label, entries, open = false) {
  return entries.length ? [{ id, label, entries, component: Group, shouldOpen: open }] : [];
}

/** @param {string} none what no choice means @param {any[]} found with key or name, and label, title or name */
export function optionsOf(none, found) {
  const rows = found.map((one) => {
    const key = one.key ?? one.id ?? one.name;
    return { value: key, label: one.label ?? one.title ?? one.name ?? key };
  });
  return [{ value: "", label: none }, ...rows];
}

/** @param {import("../knowledge.js").Knowledge} knowledge @param {string} id @returns {object[]} for the FEEL editor's suggestions */
export function suggestions(knowledge, id) {
  const variables = knowledge.variables(id).map(([name, one]) => ({ name, info: one.label ?? "", detail: one.type ?? "" }));
  const entries = knowledge.known.settings.map((/** @type {any} */ one) => ({ name: one.key, info: one.label, detail: one.type }));
  return [...variables, { name: "settings", info: say("Settings of the pack"), entries }, ...CASE];
}

const CASE = [
  { name: "case", info: say("The case"), entries: ["id", "number", "status", "outcome", "opened", "participants", "people"].map((name) => ({ name })) },
  { name: "instance", info: say("This run of the procedure"), entries: [{ name: "id" }] },
];
