/**
 * Shows and hides fields by the answers of others, by the same conditions that the server checks
 * (engine/forms/conditions.py): of a question without an answer nothing is true.
 *
 * @typedef {{field: string, among: string[] | null, unless: string[] | null}} Condition
 */

/** @param {HTMLFormElement} form */
export function watchConditions(form) {
  const update = () => updateFields(form);
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

/** @param {HTMLFormElement} form */
export function updateFields(form) {
  for (const field of form.querySelectorAll("[data-show-if]")) {
    const element = /** @type {HTMLElement} */ (field);
    const applies = holds(JSON.parse(element.dataset.showIf ?? "{}"), answersAround(element, form));
    element.dataset.applies = applies ? "yes" : "no";
  }
}

/**
 * @param {Condition} condition
 * @param {(field: string) => string[]} answersOf
 * @returns {boolean}
 */
export function holds(condition, answersOf) {
  const answers = answersOf(condition.field);
  if (answers.length === 0) return false;
  const { among, unless } = condition;
  if (among) return answers.some((answer) => among.includes(answer));
  return !answers.some((answer) => (unless ?? []).includes(answer));
}

/**
 * The answers that a condition looks at: of its own row first, then of the form; hidden fields have none.
 *
 * @param {HTMLElement} element
 * @param {HTMLFormElement} form
 * @returns {(field: string) => string[]}
 */
function answersAround(element, form) {
  return (field) => {
    const selector = `[data-field="${CSS.escape(field)}"]`;
    const row = element.closest("[data-repeat-row]");
    const asked = row?.querySelector(selector) ?? form.querySelector(selector);
    if (!(asked instanceof HTMLElement) || asked.dataset.applies === "no") return [];
    return valuesOf(asked);
  };
}

/**
 * @param {HTMLElement} field
 * @returns {string[]}
 */
function valuesOf(field) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (field.querySelectorAll("input, select, textarea"));
  return [...inputs]
    .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
    .map((input) => input.value.trim())
    .filter((value) => value !== "");
}
