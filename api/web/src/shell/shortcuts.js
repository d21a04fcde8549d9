/** Keys that lead around; /help/keyboard lists them. They rest while somebody types or a dialog is open. */

const PLACES = /** @type {Record<string, string>} */ ({ i: "/inbox", c: "/cases", p: "/procedures" });
/** milliseconds within which the second key of a pair has to follow */
const PAIR = 1200;

export function watchShortcuts() {
  let leading = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
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
      window.location.assign("/help/keyboard");
    }
  });
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
function isBusy(target) {
  if (document.querySelector("dialog[open]")) return true;
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], [data-diagram], [data-canvas]") !== null;
}
