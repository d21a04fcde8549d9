/** Conditions in the panel: rows of field, comparison and value, joined by and or or; FEEL is one click away. */
import { h } from "@bpmn-io/properties-panel/preact";
import { useEffect, useRef, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { Group, newRow } from "./rows.js";
import { say } from "../../words.js";

/**
 * @param {any} entry with read, write, knowledge, place (id of the element whose variables are known), expert (the FEEL entry)
 */
export function Condition(entry) {
  const text = entry.read();
  const [rows, setRows] = useState(/** @type {any} */ (null));
  const [way, setWay] = useState("reading");
  const [problem, setProblem] = useState("");
  const written = useRef(/** @type {string | null} */ (null));
  const turn = useRef(0);

  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    read(entry, text, turn, (found) => {
      setRows(found.structure);
      setProblem(found.problem ?? "");
      setWay(found.structure || !text ? "rows" : "feel");
    });
  }, [text]);

  const change = async (/** @type {any} */ next) => {
    setRows(next);
    const mine = (turn.current += 1);
    if (!next) return keep("");
    const found = await entry.knowledge.condition({ structure: next });
    if (mine !== turn.current) return;
    setProblem(found.problem ?? "");
    if (found.text) keep(found.text);
  };
  const keep = (/** @type {string} */ next) => {
    written.current = next;
    setProblem("");
    entry.write(next);
  };

  if (way === "reading") return h("p", { class: "panel-help" }, say("Reading the condition…"));
  return h("div", { class: "bio-properties-panel-entry", "data-entry-id": entry.id }, [
    way === "rows" && h("p", { class: "bio-properties-panel-label panel-title" }, entry.label),
    way === "rows" ? h(Rows, { entry, rows, change }) : h(entry.expert.component, entry.expert),
    problem && h("p", { class: "panel-wrong", role: "status" }, problem),
    h(Switch, { way, rows, text, setWay, entry, turn, setRows, setProblem }),
  ]);
}

/** @param {any} props */
function Rows({ entry, rows, change }) {
  const fields = fieldsOf(entry.knowledge, entry.place);
  if (!rows) {
    const add = () => change(newRow(fields));
    return h("button", { type: "button", class: "panel-button", onClick: add }, say("Add a condition"));
  }
  const whole = rows.items ? rows : { join: "and", items: [rows] };
  const keep = (/** @type {any} */ next) => change(next.items.length === 0 ? null : next.items.length === 1 ? next.items[0] : next);
  return h(Group, { id: entry.id, group: whole, fields, change: keep, depth: 2 });
}

/** @param {any} props */
function Switch({ way, text, setWay, entry, turn, setRows, setProblem }) {
  if (way === "rows") {
    return h("button", { type: "button", class: "panel-link", onClick: () => setWay("feel") }, say("Write it as FEEL"));
  }
  const back = () =>
    read(entry, text, turn, (found) => {
      setRows(found.structure);
      if (found.structure || !text) setWay("rows");
      else setProblem(found.problem ?? say("This is richer than rows of comparisons, so it stays FEEL."));
    });
  return h("button", { type: "button", class: "panel-link", onClick: back }, say("Build it from rows"));
}

/**
 * @param {any} entry
 * @param {string} text
 * @param {{current: number}} turn
 * @param {(found: any) => void} then only when nothing newer was asked
 */
async function read(entry, text, turn, then) {
  const mine = (turn.current += 1);
  const found = text ? await entry.knowledge.condition({ text }) : { structure: null };
  if (mine === turn.current) then(found);
}

/**
 * What can be compared at a place, with types and the words of coded values.
 *
 * @param {import("../knowledge.js").Knowledge} knowledge
 * @param {string} place
 * @returns {{name: string, label: string, type: string, values: Record<string, string>}[]}
 */
function fieldsOf(knowledge, place) {
  const variables = knowledge.variables(place).map(([name, one]) => ({
    name,
    label: one.label ? `${one.label} (${name})` : name,
    type: one.type ?? "string",
    values: one.values ?? {},
  }));
  const settings = knowledge.known.settings.map((/** @type {any} */ one) => ({
    name: `settings.${one.key}`,
    label: say("Setting: {name}", { name: one.label }),
    type: one.type,
    values: {},
  }));
  const byLabel = (/** @type {any} */ a, /** @type {any} */ b) => a.label.localeCompare(b.label);
  return [...variables.sort(byLabel), { name: "case.status", label: say("Status of the case"), type: "string", values: {} }, ...settings];
}
