/** Loaded by every page. Pages work without it; it saves typed drafts, and saves reloads and clicks. */
import htmx from "htmx.org";
import { watchConditions } from "./forms/conditions.js";
import { watchRepeats } from "./forms/repeats.js";
import { warnUnsaved } from "./forms/saving.js";
import { watchDialogs } from "./shell/dialogs.js";
import { closeMenus } from "./shell/menus.js";
import { watchShortcuts } from "./shell/shortcuts.js";
import { watchAccess } from "./shell/still-there.js";

for (const form of document.querySelectorAll("form[data-form]")) {
  const element = /** @type {HTMLFormElement} */ (form);
  watchConditions(element);
  watchRepeats(element, () => htmx.trigger(element, "input"));
  warnUnsaved(element);
}
watchDialogs();
closeMenus();
watchShortcuts();
watchAccess();

const first = document.querySelector("[data-focus-first]");
if (first instanceof HTMLElement) first.focus();
