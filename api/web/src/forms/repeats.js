/** Adds and removes rows of a repeat group without a reload. Without script the same buttons post the form. */
import { updateFields } from "./conditions.js";

/**
 * @param {HTMLFormElement} form
 * @param {() => void} changed called after a row came or went, so that the draft is saved
 */
export function watchRepeats(form, changed) {
  form.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const add = target?.closest("[data-repeat-add]");
    const remove = target?.closest("[data-repeat-remove]");
    if (!add && !remove) return;
    event.preventDefault();
    if (add) addRow(/** @type {HTMLElement} */ (add.closest("[data-repeat]")));
    if (remove) removeRow(/** @type {HTMLElement} */ (remove.closest("[data-repeat-row]")));
    updateFields(form);
    changed();
  });
}

/** @param {HTMLElement} repeat */
function addRow(repeat) {
  const rows = /** @type {HTMLElement} */ (repeat.querySelector("[data-repeat-rows]"));
  const blank = /** @type {HTMLTemplateElement} */ (repeat.querySelector("[data-repeat-blank]"));
  const number = Number(repeat.dataset.next ?? rows.children.length);
  repeat.dataset.next = String(number + 1);
  rows.insertAdjacentHTML("beforeend", blank.innerHTML.replaceAll("__row__", String(number)));
  renumber(rows);
  const input = rows.lastElementChild?.querySelector("input, select, textarea");
  if (input instanceof HTMLElement) input.focus();
}

/** @param {HTMLElement} row */
function removeRow(row) {
  const rows = /** @type {HTMLElement} */ (row.parentElement);
  const repeat = /** @type {HTMLElement} */ (row.closest("[data-repeat]"));
  row.remove();
  renumber(rows);
  const add = repeat.querySelector("[data-repeat-add]");
  if (add instanceof HTMLElement) add.focus();
}

/** @param {HTMLElement} rows */
function renumber(rows) {
  rows.querySelectorAll("[data-repeat-number]").forEach((place, index) => {
    place.textContent = String(index + 1);
  });
}
