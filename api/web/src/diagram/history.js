/** Moves through the moments of a case on its diagram; without it the same form asks the server for each moment. */
import { say } from "../words.js";
import { bringIntoView } from "./fitting.js";
import { clearTokens, mark } from "./marks.js";

/** @typedef {{when: string, told: string, tokens: Record<string, number>}} Frame */

/** @param {any} viewer a bpmn-js viewer that has drawn its diagram */
export function watchHistory(viewer) {
  const form = document.querySelector("form[data-history]");
  if (!(form instanceof HTMLFormElement)) return;
  const frames = /** @type {Frame[]} */ (JSON.parse(form.dataset.frames ?? "[]"));
  const slider = /** @type {HTMLInputElement} */ (form.querySelector("input[type=range]"));
  const first = Number(slider.value);
  form.querySelector("[data-go]")?.setAttribute("hidden", "");
  follow(viewer, frames, first - 1);
  document.querySelector("[data-diagrams] [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  slider.addEventListener("input", () => show(viewer, form, frames, Number(slider.value) - 1));
  // The list of all that stood there, of every diagram, comes with the page of the moment.
  slider.addEventListener("change", () => {
    if (Number(slider.value) !== first) form.requestSubmit();
  });
}

/**
 * @param {any} viewer
 * @param {HTMLFormElement} form
 * @param {Frame[]} frames
 * @param {number} index of the frame
 */
function show(viewer, form, frames, index) {
  const frame = frames[index];
  if (!frame) return;
  clearTokens(viewer);
  mark(viewer, { tokens: frame.tokens });
  follow(viewer, frames, index);
  write(form, "[data-number]", say("Moment {number} of {all}", { number: index + 1, all: frames.length }));
  write(form, "[data-when]", frame.when);
  write(form, "[data-told-moment]", frame.told);
}

/**
 * What has just begun is seen; when nothing has, something of what stands is.
 *
 * @param {any} viewer
 * @param {Frame[]} frames
 * @param {number} index of the frame
 */
function follow(viewer, frames, index) {
  const now = frames[index]?.tokens ?? {};
  const before = frames[index - 1]?.tokens ?? {};
  const begun = Object.keys(now).filter((id) => now[id] > (before[id] ?? 0));
  bringIntoView(viewer, begun) || bringIntoView(viewer, Object.keys(now));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} place a selector
 * @param {string} words
 */
function write(form, place, words) {
  const element = form.querySelector(place);
  if (element) element.textContent = words;
}
