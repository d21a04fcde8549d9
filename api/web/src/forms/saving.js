/** Says whether what was typed is saved, and warns before leaving with something that is not. */

import { say } from "../words.js";

/** @param {HTMLFormElement} form */
export function warnUnsaved(form) {
  const saved = form.querySelector("#saved");
  let unsaved = false;
  form.addEventListener("input", () => {
    unsaved = true;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful } = /** @type {CustomEvent} */ (event).detail;
    unsaved = !successful;
    if (!successful && saved) saved.textContent = say("Not saved; it is tried again when you go on typing.");
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && form.hasAttribute("hx-put")) event.preventDefault();
  });
}
