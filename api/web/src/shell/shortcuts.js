/** Keys that lead around; /help/keyboard lists them. They rest while somebody types, a dialog is open or a room has the keys. */

import { openDialog } from "./dialogs.js";

const PLACES = /** @type {Record<string, string>} */ ({ i: "/inbox", b: "/board", f: "/figures", c: "/cases", p: "/procedures" });
/** milliseconds within which the second key of a pair has to follow */
const PAIR = 1200;
/** where keys belong to what is typed or drawn; the drawing rooms' menus stand in their canvas */
const KEEPS_KEYS = "input, textarea, select, [contenteditable], [data-diagram], [data-canvas], [data-panel]";

export function watchShortcuts() {
  let leading = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event.target)) return;
    if (event.key === "g") {
      leading = event.timeStamp;
    } else if (event.timeStamp - leading < PAIR && PLACES[event.key] && document.querySelector(`.rooms a[href="${PLACES[event.key]}"]`)) {
      window.location.assign(PLACES[event.key]);
    } else if (event.key === "/") {
      const search = document.querySelector('input[type="search"]');
      if (!(search instanceof HTMLInputElement)) return;
      event.preventDefault();
      search.focus();
    } else if (event.key === "?") {
      void openDialog("/help/keyboard", document.activeElement);
    }
  });
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
function isBusy(target) {
  if (document.querySelector("dialog[open]")) return true;
  // a click into a drawing can leave the focus nowhere: its keys are the room's all the same
  if (target === document.body && document.querySelector("[data-modeler], [data-tables]")) return true;
  return target instanceof Element && target.closest(KEEPS_KEYS) !== null;
}
