/** The inbox: says how many tasks are chosen, moves by keyboard, and keeps the list as it is on the server. */
import { say } from "../words.js";

/** How often is asked while the tab is visible, in milliseconds. */
const EVERY = 20_000;
/** After g the next key leads to another room; as in shell/shortcuts.js. */
const PAIR = 1200;
let leading = -PAIR;

export function watchInbox() {
  if (!document.querySelector("[data-inbox]")) return;
  tellChosen();
  document.addEventListener("change", tellChosen);
  document.addEventListener("keydown", onKey);
  setInterval(() => void look(), EVERY);
  document.addEventListener("visibilitychange", () => void look());
}

/** @returns {HTMLInputElement[]} */
const boxes = () => [...document.querySelectorAll("[data-inbox] input[name=task]")].map((one) => /** @type {HTMLInputElement} */ (one));

function tellChosen() {
  const place = document.querySelector("[data-chosen]");
  const number = boxes().filter((box) => box.checked).length;
  if (place) place.textContent = number ? say("{n} chosen", { n: number }) : "";
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (event.key === "g") leading = event.timeStamp;
  const act = event.timeStamp - leading < PAIR ? undefined : KEYS[event.key];
  if (act && act()) event.preventDefault();
}

/** What each key does; true when it did something. @type {Record<string, () => boolean>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => toggle(),
  a: () => toggleAll(),
  c: () => press("claim", ".inline-form button"),
  r: () => press("release"),
  h: () => press("hand-over"),
  l: () => press("follow-up"),
};

/** @returns {HTMLElement[]} */
const rows = () => [...document.querySelectorAll("[data-inbox] tr[data-task]")].map((one) => /** @type {HTMLElement} */ (one));

/** @returns {HTMLElement | undefined} */
const current = () => rows().find((row) => row.contains(document.activeElement));

/** @param {number} step */
function move(step) {
  const all = rows();
  const here = current();
  const at = here ? all.indexOf(here) + step : step > 0 ? 0 : all.length - 1;
  const link = all[Math.max(0, Math.min(at, all.length - 1))]?.querySelector("a.row-link");
  if (!(link instanceof HTMLElement)) return false;
  link.focus();
  link.closest("tr")?.scrollIntoView({ block: "nearest" });
  return true;
}

function toggle() {
  const box = current()?.querySelector("input[name=task]");
  if (!(box instanceof HTMLInputElement)) return false;
  box.checked = !box.checked;
  tellChosen();
  return true;
}

function toggleAll() {
  const all = boxes();
  const on = all.some((box) => !box.checked);
  for (const box of all) box.checked = on;
  tellChosen();
  return all.length > 0;
}

/**
 * Does an act with the chosen tasks, or with the one where the focus is.
 * @param {string} act
 * @param {string} [own] a button in the row that does it at once for that task alone
 */
function press(act, own) {
  const row = current();
  const chosen = boxes().some((box) => box.checked);
  const single = !chosen && own ? row?.querySelector(own) : null;
  if (single instanceof HTMLElement) {
    single.click();
    return true;
  }
  const button = document.querySelector(`#batch button[value="${act}"]`);
  if (!(button instanceof HTMLElement) || (!chosen && !toggle())) return false;
  button.click();
  return true;
}

/** Asks whether the list is still as shown. Somebody in the middle of something is told; otherwise it is shown anew. */
async function look() {
  const list = document.querySelector("[data-inbox]");
  if (document.visibilityState !== "visible" || !(list instanceof HTMLElement)) return;
  const mark = list.dataset.mark ?? "";
  const headers = { "If-None-Match": `"${mark}"` };
  const answer = await fetch(`/inbox/mark${location.search}`, { headers, redirect: "manual" }).catch(() => null);
  if (!answer?.ok || (await answer.text()) === mark) return;
  if (boxes().some((box) => box.checked) || list.contains(document.activeElement)) {
    document.querySelector("[data-changed]")?.removeAttribute("hidden");
    return;
  }
  await renew(list);
}

/** @param {HTMLElement} list */
async function renew(list) {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-inbox]", "ul.tabs", "nav.rooms"]) {
    const fresh = page.querySelector(part);
    const shown = part === "[data-inbox]" ? list : document.querySelector(part);
    if (fresh && shown) shown.replaceWith(document.importNode(fresh, true));
  }
  const told = document.querySelector("[data-told]");
  if (told) told.textContent = say("The list was brought up to date.");
}
