/** A length of time in the panel: fixed, a setting of the pack (whose value can be changed here), or FEEL. */
import { h } from "@bpmn-io/properties-panel/preact";
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { CountedIn, readCounted, unitsOf, writeCounted } from "./counted.js";
import { readDuration, sayDuration, settingOf, UNITS, writeDuration } from "./durations.js";
import { say } from "../../words.js";

/** @param {string} text @returns {"none" | "fixed" | "setting" | "feel"} how a length is given */
function wayOf(text) {
  if (!text) return "none";
  const { length } = readCounted(text);
  if (settingOf(length)) return "setting";
  return readDuration(length) ? "fixed" : "feel";
}

/** @param {any} entry with read, write, knowledge, none (what no length means) */
export function Length(entry) {
  const text = entry.read();
  const { length, calendar } = readCounted(text);
  const write = (/** @type {string} */ next) => entry.write(writeCounted(next, calendar));
  const [way, setWay] = useState(wayOf(text));
  useEffect(() => setWay(wayOf(text)), [text]);
  const ways = [
    { value: "none", label: entry.none ?? say("Not set") },
    { value: "fixed", label: say("A fixed time") },
    { value: "setting", label: say("A setting of the pack") },
    { value: "feel", label: say("Written as FEEL") },
  ];
  const choose = (/** @type {string} */ next) => {
    setWay(/** @type {any} */ (next));
    if (next === "none") entry.write("");
    if (next === "fixed" && !readDuration(length)) write(lengthOf(length, entry.knowledge) ?? "P1D");
  };
  return h("div", { class: "bio-properties-panel-entry", "data-entry-id": entry.id }, [
    h(Field, { id: `${entry.id}-way`, label: entry.label }, select(`${entry.id}-way`, way, ways, choose)),
    way === "fixed" && h(Amount, { id: entry.id, label: say("Length"), value: length || "P1D", write, calendar }),
    way === "setting" && h(BySetting, { ...entry, text: length, write }),
    (way === "fixed" || (way === "setting" && settingOf(length))) &&
      h(CountedIn, { id: entry.id, length, calendar, knowledge: entry.knowledge, write: (next) => entry.write(writeCounted(length, next)) }),
    way === "feel" && h(Field, { id: `${entry.id}-feel`, label: say("FEEL, or ISO 8601 such as P1DT12H") }, input(`${entry.id}-feel`, text, entry.write)),
    entry.help && h("p", { class: "panel-help" }, entry.help),
  ]);
}

/** @param {string} text @param {import("../knowledge.js").Knowledge} knowledge @returns {string | undefined} the length that a setting has now */
function lengthOf(text, knowledge) {
  const key = settingOf(text);
  const value = key ? knowledge.setting(key)?.value : undefined;
  return typeof value === "string" && readDuration(value) ? value : undefined;
}

/** @param {any} props of Length, with the text */
function BySetting(props) {
  const key = settingOf(props.text) ?? "";
  const settings = props.knowledge.settings("duration");
  const options = [{ value: "", label: say("Choose a setting") }, ...settings.map((/** @type {any} */ one) => ({ value: one.key, label: one.label }))];
  if (key && !settings.some((/** @type {any} */ one) => one.key === key)) options.push({ value: key, label: key });
  const setting = props.knowledge.setting(key);
  return h("div", {}, [
    h(
      Field,
      { id: `${props.id}-setting`, label: say("Setting") },
      select(`${props.id}-setting`, key, options, (next) => next && props.write(`=settings.${next}`)),
    ),
    setting && h(SettingValue, { key, id: props.id, setting, knowledge: props.knowledge }),
  ]);
}

/** @param {{id: string, setting: any, knowledge: import("../knowledge.js").Knowledge}} props */
function SettingValue({ id, setting, knowledge }) {
  const [wanted, setWanted] = useState(String(setting.value));
  const [said, tell] = useState("");
  const [before, setBefore] = useState("");
  useEffect(() => setWanted(String(setting.value)), [setting.value]);
  const change = async (/** @type {string} */ value) => {
    const was = String(setting.value);
    const problem = await knowledge.changeSetting(setting.key, value);
    tell(problem || say("The setting is {now} in this change; it was {before}.", { now: sayDuration(value), before: sayDuration(was) }));
    setBefore(problem ? "" : was);
  };
  const bounds = setting.min && setting.max ? say("Between {least} and {most}.", { least: sayDuration(setting.min), most: sayDuration(setting.max) }) : "";
  return h("div", { class: "panel-setting" }, [
    h(Amount, { id: `${id}-value`, label: say("Its value"), value: wanted, write: setWanted, plain: true }),
    h("p", { class: "panel-help" }, `${say("Used wherever this setting is.")} ${bounds}`),
    wanted !== String(setting.value) &&
      h("button", { type: "button", class: "panel-button", onClick: () => change(wanted) }, say("Change the setting to {length}", { length: sayDuration(wanted) })),
    h("p", { class: "panel-help", role: "status" }, said),
    before && h("button", { type: "button", class: "panel-link", onClick: () => change(before) }, say("Back to {length}", { length: sayDuration(before) })),
  ]);
}

/** @param {{id: string, label: string, value: string, write: (text: string) => void, plain?: boolean, calendar?: string}} props a number and its unit */
export function Amount({ id, label, value, write, calendar = "" }) {
  const found = readDuration(value);
  if (!found) return h(Field, { id: `${id}-text`, label: say("{name}, as ISO 8601", { name: label }) }, input(`${id}-text`, value, write));
  const number = h("input", {
    id: `${id}-number`,
    type: "number",
    min: 1,
    max: 9999,
    step: 1,
    class: "bio-properties-panel-input panel-number",
    value: found.number,
    onInput: (/** @type {any} */ event) => {
      const wanted = event.target.valueAsNumber;
      if (Number.isInteger(wanted) && wanted > 0) write(writeDuration(wanted, found.unit));
    },
  });
  const unit = select(`${id}-unit`, found.unit, unitsOf(UNITS, calendar), (next) => write(writeDuration(found.number, next)), say("Unit"));
  return h(Field, { id: `${id}-number`, label }, h("div", { class: "panel-amount" }, [number, unit]));
}

/** @param {any} props */
export function Field({ id, label, children }) {
  return h("div", { class: "panel-field" }, [h("label", { for: id, class: "bio-properties-panel-label" }, label), children]);
}

/**
 * @param {string} id
 * @param {string} value
 * @param {{value: string, label: string}[]} options
 * @param {(value: string) => void} write
 * @param {string} [name] for who cannot see a label
 */
export function select(id, value, options, write, name) {
  const rows = options.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label));
  const change = (/** @type {any} */ event) => write(event.target.value);
  return h("select", { id, value, "aria-label": name, class: "bio-properties-panel-input", onChange: change }, rows);
}

/** @param {string} id @param {any} value @param {(text: string) => void} write @param {object} [more] */
export function input(id, value, write, more = {}) {
  const change = (/** @type {any} */ event) => write(event.target.value);
  return h("input", { id, value, type: "text", spellcheck: false, class: "bio-properties-panel-input", onChange: change, ...more });
}
