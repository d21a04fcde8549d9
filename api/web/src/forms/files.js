/**
 * Says at once that a file is too large or of a kind that is not taken, before any of it is sent. The server looks again:
 * it reads what a file is, this only its name and its size.
 */
import { say } from "../words.js";

/** @param {Document} root rows of files may come later, so the page listens as a whole */
export function watchFiles(root) {
  root.addEventListener("change", look, true);
}

/** @param {Event} event */
function look(event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.most) return;
  const wrong = input.files?.[0] ? problem(input, input.files[0]) : "";
  tell(input, wrong);
  if (!wrong) return;
  input.value = "";
  event.stopPropagation(); // nobody sends what was not taken
}

/**
 * @param {HTMLInputElement} input
 * @param {File} file
 * @returns {string} what is wrong with it; empty: nothing
 */
function problem(input, file) {
  const most = Number(input.dataset.most);
  const endings = input.accept.split(",").filter(Boolean);
  const name = file.name;
  if (file.size > most) return say("“{name}” is too large; a file has at most {size} MB here.", { name, size: Math.floor(most / 1_000_000) });
  if (file.size === 0) return say("“{name}” is empty; choose another file.", { name });
  const fits = endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
  return fits ? "" : say("“{name}” cannot be taken. Choose one of: {kinds}.", { name, kinds: endings.join(", ") });
}

/**
 * @param {HTMLInputElement} input
 * @param {string} words
 */
function tell(input, words) {
  const id = `${input.id}-wrong`;
  document.getElementById(id)?.remove();
  input.removeAttribute("aria-invalid");
  if (!words) return;
  const place = document.createElement("p");
  Object.assign(place, { id, className: "field-error", textContent: words });
  place.setAttribute("role", "alert");
  input.setAttribute("aria-invalid", "true");
  input.closest(".file")?.before(place);
}
