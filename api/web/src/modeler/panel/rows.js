/** The rows of a condition: which field, how it is compared, with what. */
import { h } from "@bpmn-io/properties-panel/preact";
import { input, select } from "./length.js";
import { say } from "../../words.js";

/** @typedef {{name: string, label: string, type: string, values: Record<string, string>}} Named */

const SAME = [
  { value: "=", label: say("is") },
  { value: "!=", label: say("is not") },
];
const ORDER = [
  { value: "<", label: say("is less than") },
  { value: "<=", label: say("is at most") },
  { value: ">", label: say("is more than") },
  { value: ">=", label: say("is at least") },
];
const AMONG = [
  { value: "in", label: say("is one of") },
  { value: "not in", label: say("is none of") },
];
const YES = [
  { value: "is true", label: say("is yes") },
  { value: "is not true", label: say("is not yes") },
];
const EMPTY = [{ value: "is empty", label: say("is not given") }];
const ALL = [...SAME, ...ORDER, ...AMONG, ...YES, ...EMPTY];
const BARE = new Set(["is true", "is not true", "is empty"]);
const LISTED = new Set(["in", "not in"]);
const KINDS = /** @type {Record<string, string>} */ ({ number: "number", boolean: "flag", date: "moment", datetime: "moment", duration: "moment" });

/** @param {string} type @returns {{value: string, label: string}[]} comparisons that make sense */
function comparisons(type) {
  if (type === "boolean") return [...YES, ...SAME, ...EMPTY];
  if (type === "number" || KINDS[type] === "moment") return [...SAME, ...ORDER, ...EMPTY];
  return [...SAME, ...AMONG, ...EMPTY];
}

/** @param {Named[]} fields @returns {any} a row over the first field that can be compared */
export function newRow(fields) {
  const field = fields.find((one) => one.type !== "list" && one.type !== "context") ?? { name: "", type: "string", label: "", values: {} };
  return rowOf(field, comparisons(field.type)[0].value);
}

/** @param {Named} field @param {string} op */
function rowOf(field, op) {
  return { field: field.name, op, value: BARE.has(op) ? null : valueFor(field, op) };
}

/** @param {Named} field @param {string} op @returns {any} a value to begin with; null where a person has to choose one */
function valueFor(field, op) {
  if (LISTED.has(op)) return { kind: "list", items: [] };
  return field.type === "boolean" ? { kind: "flag", value: true } : null;
}

/** @param {{id: string, group: any, fields: Named[], change: (group: any) => void, depth: number}} props */
export function Group({ id, group, fields, change, depth }) {
  const put = (/** @type {number} */ at, /** @type {any} */ item) =>
    change({ ...group, items: group.items.flatMap((/** @type {any} */ one, /** @type {number} */ i) => (i !== at ? [one] : item ? [item] : [])) });
  const add = (/** @type {any} */ item) => change({ ...group, items: [...group.items, item] });
  const joins = [
    { value: "and", label: say("All of these hold") },
    { value: "or", label: say("At least one of these holds") },
  ];
  return h("fieldset", { class: "panel-group" }, [
    h("legend", { class: "visually-hidden" }, say("Conditions that belong together")),
    group.items.length > 1 && select(`${id}-join`, group.join, joins, (join) => change({ ...group, join }), say("How they are joined")),
    ...group.items.map((/** @type {any} */ item, /** @type {number} */ at) =>
      item.items
        ? h(Group, { id: `${id}-${at}`, group: item, fields, change: (next) => put(at, next.items.length ? next : null), depth: depth - 1 })
        : h(Row, { id: `${id}-${at}`, row: item, fields, change: (next) => put(at, next) }),
    ),
    h("div", { class: "panel-buttons" }, [
      h("button", { type: "button", class: "panel-button", onClick: () => add(newRow(fields)) }, say("Add a condition")),
      depth > 1 &&
        h(
          "button",
          { type: "button", class: "panel-link", onClick: () => add({ join: group.join === "and" ? "or" : "and", items: [newRow(fields), newRow(fields)] }) },
          say("Add a group"),
        ),
    ]),
  ]);
}

/** @param {{id: string, row: any, fields: Named[], change: (row: any) => void}} props */
function Row({ id, row, fields, change }) {
  const known = fields.find((one) => one.name === row.field);
  const field = known ?? { name: row.field, label: row.field || say("Choose a field"), type: "", values: {} };
  const options = [...(known ? [] : [field]), ...fields].map((one) => ({ value: one.name, label: one.label }));
  const ops = field.type ? comparisons(field.type) : ALL;
  const shown = ops.some((one) => one.value === row.op) ? ops : [...ops, ...ALL.filter((one) => one.value === row.op)];
  const chooseField = (/** @type {string} */ name) => {
    const next = fields.find((one) => one.name === name) ?? field;
    change(rowOf(next, comparisons(next.type)[0].value));
  };
  const chooseOp = (/** @type {string} */ op) => {
    const same = LISTED.has(op) === LISTED.has(row.op) && !BARE.has(op) && row.value;
    change(same ? { ...row, op } : rowOf(field, op));
  };
  return h("div", { class: "panel-row", role: "group", "aria-label": say("Condition on {field}", { field: field.label }) }, [
    select(`${id}-field`, row.field, options, chooseField, say("Field")),
    select(`${id}-op`, row.op, shown, chooseOp, say("Comparison")),
    !BARE.has(row.op) && h(Value, { id, row, field, fields, change }),
    h("button", { type: "button", class: "panel-link", onClick: () => change(null) }, say("Take it away")),
  ]);
}

/** @param {{id: string, row: any, field: Named, fields: Named[], change: (row: any) => void}} props */
function Value({ id, row, field, fields, change }) {
  if (LISTED.has(row.op)) return h(Several, { id, row, field, change });
  const value = row.value ?? { kind: KINDS[field.type] ?? "text", value: "" };
  const set = (/** @type {any} */ next) => change({ ...row, value: next });
  const byName = value.kind === "name";
  const swap = () => set(byName ? valueFor(field, row.op) : { kind: "name", value: fields.find((one) => one.type === field.type && one.name !== field.name)?.name ?? "" });
  const others = fields.filter((one) => one.name !== field.name).map((one) => ({ value: one.name, label: one.label }));
  const current = others.some((one) => one.value === value.value) ? others : [{ value: value.value, label: value.value || say("Choose a field") }, ...others];
  return h("div", {}, [
    byName ? select(`${id}-value`, value.value, current, (name) => set({ kind: "name", value: name }), say("Other field")) : single(id, field, value, set),
    h("button", { type: "button", class: "panel-link", onClick: swap }, byName ? say("Compare with a value") : say("Compare with a field")),
  ]);
}

/**
 * @param {string} id
 * @param {Named} field
 * @param {any} value
 * @param {(value: any) => void} set
 */
function single(id, field, value, set) {
  if (value.kind === "flag") {
    const options = [
      { value: "true", label: say("yes") },
      { value: "false", label: say("no") },
    ];
    return select(`${id}-value`, String(value.value), options, (next) => set({ kind: "flag", value: next === "true" }), say("Value"));
  }
  const codes = Object.entries(field.values).map(([code, label]) => ({ value: code, label }));
  if (codes.length) {
    const shown = codes.some((one) => one.value === String(value.value)) ? codes : [{ value: String(value.value), label: String(value.value) || say("Choose") }, ...codes];
    return select(`${id}-value`, String(value.value), shown, (next) => set({ ...value, value: next }), say("Value"));
  }
  const type = value.kind === "number" ? "number" : field.type === "date" ? "date" : "text";
  const more = { type, step: "any", "aria-label": say("Value") };
  return input(`${id}-value`, value.value, (next) => set({ ...value, value: next }), more);
}

/** @param {{id: string, row: any, field: Named, change: (row: any) => void}} props */
function Several({ id, row, field, change }) {
  const items = row.value?.items ?? [];
  const has = new Set(items.map((/** @type {any} */ one) => String(one.value)));
  const kind = KINDS[field.type] === "number" ? "number" : "text";
  const set = (/** @type {string[]} */ values) => change({ ...row, value: { kind: "list", items: values.map((value) => ({ kind, value })) } });
  const codes = Object.entries(field.values);
  if (!codes.length) {
    const write = (/** @type {string} */ text) => set(text.split(",").map((one) => one.trim()).filter(Boolean));
    return input(`${id}-value`, [...has].join(", "), write, { "aria-label": say("Values, with commas between them") });
  }
  const toggle = (/** @type {string} */ code) => set(codes.map(([one]) => one).filter((one) => (one === code ? !has.has(one) : has.has(one))));
  return h(
    "div",
    { role: "group", "aria-label": say("Values") },
    codes.map(([code, label]) =>
      h("label", { class: "panel-tick" }, [h("input", { type: "checkbox", checked: has.has(code), onChange: () => toggle(code) }), ` ${label}`]),
    ),
  );
}
