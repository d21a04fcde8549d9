/** A note on top of a form, of what happened to what was typed there, and what can be done. */

/** @typedef {{label: string, href?: string, here?: boolean, act?: () => void}} Choice a link (in a new tab unless `here`) or an act */

/**
 * @param {HTMLFormElement} form
 * @param {string | null} words none takes the note away
 * @param {Choice[]} choices
 */
export function note(form, words, choices = []) {
  const place = form.querySelector("[data-note]");
  if (!(place instanceof HTMLElement)) return;
  const told = place.querySelector("p")?.textContent;
  if (words !== null && told === words && choices.length === 0) return; // read out once
  place.replaceChildren();
  place.hidden = words === null;
  if (words === null) return;
  const sentence = document.createElement("p");
  sentence.textContent = words;
  place.append(sentence);
  if (choices.length === 0) return;
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  buttons.append(...choices.map(made));
  place.append(buttons);
}

/** @param {Choice} choice */
function made(choice) {
  if (choice.href === undefined) {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => choice.act?.());
    return dressed(button, choice);
  }
  const link = document.createElement("a");
  link.href = choice.href;
  if (!choice.here) link.target = "_blank";
  return dressed(link, choice);
}

/**
 * @template {HTMLElement} T
 * @param {T} element
 * @param {Choice} choice
 */
function dressed(element, choice) {
  element.className = "button small";
  element.textContent = choice.label;
  return element;
}
