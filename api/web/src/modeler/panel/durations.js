/** Lengths of time as people say them, and as ISO 8601 writes them. */
import { say } from "../../words.js";

export const UNITS = [
  { value: "minutes", label: say("minutes"), one: say("minute") },
  { value: "hours", label: say("hours"), one: say("hour") },
  { value: "days", label: say("days"), one: say("day") },
  { value: "weeks", label: say("weeks"), one: say("week") },
  { value: "months", label: say("months"), one: say("month") },
  { value: "years", label: say("years"), one: say("year") },
];
const WRITTEN = /** @type {Record<string, [string, string]>} */ ({
  minutes: ["PT", "M"],
  hours: ["PT", "H"],
  days: ["P", "D"],
  weeks: ["P", "W"],
  months: ["P", "M"],
  years: ["P", "Y"],
});

/** @param {string} text ISO 8601 @returns {{number: number, unit: string} | null} null for what has several units */
export function readDuration(text) {
  const found = /^P(?:(\d+)([DWMY])|T(\d+)([HM]))$/.exec(String(text ?? "").trim());
  if (!found) return null;
  const [, number, unit, clockNumber, clockUnit] = found;
  if (number) return { number: Number(number), unit: { D: "days", W: "weeks", M: "months", Y: "years" }[unit] ?? "days" };
  return { number: Number(clockNumber), unit: clockUnit === "H" ? "hours" : "minutes" };
}

/** @param {number} number @param {string} unit @returns {string} ISO 8601 */
export function writeDuration(number, unit) {
  const [before, after] = WRITTEN[unit] ?? WRITTEN.days;
  return `${before}${number}${after}`;
}

/** @param {string} text ISO 8601 @returns {string} “14 days”; the text itself when it has several units */
export function sayDuration(text) {
  const found = readDuration(text);
  if (!found) return String(text);
  const unit = UNITS.find((one) => one.value === found.unit);
  return `${found.number} ${found.number === 1 ? unit?.one : unit?.label}`;
}

/** @param {string} text @returns {string | null} the key, when the text is `=settings.KEY` */
export function settingOf(text) {
  return /^=\s*settings\.([A-Za-z_]\w*)\s*$/.exec(text ?? "")?.[1] ?? null;
}
