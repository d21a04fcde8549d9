/** Loaded by every page. Pages work without it; it saves typed drafts, and saves reloads and clicks. */
import "htmx.org";
import { watchConditions } from "./forms/conditions.js";
import { addFiles, keepDrafts } from "./forms/drafts.js";
import { watchFiles } from "./forms/files.js";
import { dropAll, dropOld } from "./forms/kept.js";
import { watchRepeats } from "./forms/repeats.js";
import { watchSignatures } from "./forms/signature.js";
import { watchDialogs } from "./shell/dialogs.js";
import { watchBoard } from "./board/live.js";
import { watchInbox } from "./inbox/list.js";
import { closeMenus } from "./shell/menus.js";
import { watchShortcuts } from "./shell/shortcuts.js";
import { watchAccess } from "./shell/still-there.js";

watchFiles(document);
for (const form of document.querySelectorAll("form[data-form]")) {
  const element = /** @type {HTMLFormElement} */ (form);
  watchConditions(element);
  addFiles(element);
  watchRepeats(element, element.dataset.draft ? keepDrafts(element) : () => {});
}
watchSignatures(document);
dropOld();
document.querySelector("form[data-sign-out]")?.addEventListener("submit", dropAll);
watchDialogs();
closeMenus();
watchShortcuts();
watchInbox();
watchBoard();
watchAccess();

const first = document.querySelector("[data-focus-first]");
if (first instanceof HTMLElement) first.focus();
