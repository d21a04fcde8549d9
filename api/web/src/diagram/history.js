/** Moves through the moments of a case on its diagram; without it the same form asks the server for each moment. */
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
  slider.addEventListener("input", () => show(viewer, form, frames[Number(slider.value) - 1]));
  // The list of all that stood there, of every diagram, comes with the page of the moment.
  slider.addEventListener("change", () => {
    if (Number(slider.value) !== first) form.requestSubmit();
  });
}

/**
 * @param {any} viewer
 * @param {HTMLFormElement} form
 * @param {Frame | undefined} frame
 */
function show(viewer, form, frame) {
  if (!frame) return;
  clearTokens(viewer);
  mark(viewer, { tokens: frame.tokens });
  const when = form.querySelector("[data-when]");
  const told = form.querySelector("[data-told-moment]");
  if (when) when.textContent = frame.when;
  if (told) told.textContent = frame.told;
}
