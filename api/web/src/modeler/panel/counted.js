/** In what a length of time is counted: calendar time, or the working time of one of the pack's calendars. */
import { h } from "@bpmn-io/properties-panel/preact";
import { readDuration } from "./durations.js";
import { say } from "../../words.js";

/** what stands in FEEL for the calendar that the pack usually counts in */
export const USUAL = "calendar";
/** what a calendar has hours for; a week or a month has no fixed number of working days */
const COUNTABLE = ["minutes", "hours", "days"];
const WORKING = /^=\s*working duration\(\s*(?:"([^"]*)"|(settings\.[A-Za-z_]\w*))\s*(?:,\s*(?:(calendar)|"([^"]*)")\s*)?\)\s*$/;

/**
 * @param {string} text as it stands in the diagram
 * @returns {{length: string, calendar: string}} the length without its calendar, as ISO 8601 or `=settings.KEY`, and the
 *   calendar's key, `calendar` for the usual one; an empty calendar is calendar time, with the text as it is
 */
export function readCounted(text) {
  const [found, length, setting, , named] = WORKING.exec(text ?? "") ?? [];
  return found ? { length: length ?? `=${setting}`, calendar: named || USUAL } : { length: text, calendar: "" };
}

/** @param {string} length ISO 8601 or `=settings.KEY` @param {string} calendar as readCounted has it @returns {string} as it stands in the diagram */
export function writeCounted(length, calendar) {
  if (!calendar || !length) return length;
  const counted = length.startsWith("=") ? length.slice(1).trim() : `"${length}"`;
  return `=working duration(${counted}, ${calendar === USUAL ? USUAL : `"${calendar}"`})`;
}

/** @param {{value: string, label: string}[]} units @param {string} calendar @returns {{value: string, label: string}[]} those that it can count */
export function unitsOf(units, calendar) {
  return calendar ? units.filter((one) => COUNTABLE.includes(one.value)) : units;
}

/** @param {{id: string, length: string, calendar: string, knowledge: import("../knowledge.js").Knowledge, write: (calendar: string) => void}} props */
export function CountedIn({ id, length, calendar, knowledge, write }) {
  const found = waysOf(knowledge.known.calendars, calendar);
  const unit = readDuration(lengthIn(length, knowledge))?.unit;
  const why = whyNot(found, unit);
  const rows = found.map((one) => h("option", { value: one.value, selected: one.value === calendar, disabled: Boolean(why && one.value && one.value !== calendar) }, one.label));
  if (found.length < 2) rows.push(h("option", { value: "-", disabled: true }, say("Working time")));
  return h("div", { class: "panel-field" }, [
    h("label", { for: `${id}-counted`, class: "bio-properties-panel-label" }, say("Counted in")),
    h("select", { id: `${id}-counted`, value: calendar, class: "bio-properties-panel-input", onChange: (/** @type {any} */ event) => write(event.target.value) }, rows),
    why && h("p", { class: "panel-help" }, why),
  ]);
}

/** @param {string} length @param {import("../knowledge.js").Knowledge} knowledge @returns {string} ISO 8601, of a setting the one that it has now */
function lengthIn(length, knowledge) {
  const key = length.startsWith("=settings.") ? length.slice("=settings.".length) : "";
  return key ? String(knowledge.setting(key)?.value ?? "") : length;
}

/**
 * @param {{key: string, label: string, usual: boolean}[]} calendars of the pack
 * @param {string} calendar that stands in the diagram
 */
function waysOf(calendars, calendar) {
  const rows = calendars.map((one) => ({ value: one.usual && calendar !== one.key ? USUAL : one.key, label: say("Working time: {calendar}", { calendar: one.label }) }));
  const ways = [{ value: "", label: say("Calendar time") }, ...rows];
  if (ways.some((one) => one.value === calendar)) return ways;
  return [...ways, { value: calendar, label: say("{name} (not known in this pack)", { name: calendar }) }];
}

/** @param {object[]} ways @param {string | undefined} unit @returns {string} why working time cannot be chosen; empty when it can */
function whyNot(ways, unit) {
  if (ways.length < 2) return say("This pack has no calendar of working hours yet. Add one in the room of the pack, under “Working time”; then working time can be chosen here.");
  if (unit && !COUNTABLE.includes(unit)) return say("Working time is counted in days, hours and minutes. Give the length in one of them to choose it.");
  return "";
}
