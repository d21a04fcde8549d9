/**
 * What is copied can be pasted in every tab of this browser.
 *
 * It is kept in the browser's own storage, not in the system's clipboard: reading that needs a permission that people
 * decline, and without it nothing could be pasted at all, in the same tab either.
 */
import { createReviver } from "bpmn-js-native-copy-paste/lib/PasteUtil.js";

const KEY = "parley-copied";
/** before the library's own clipboard, which knows this tab only */
const FIRST = 2050;

class Copying {
  /** @param {any} eventBus @param {any} moddle */
  constructor(eventBus, moddle) {
    eventBus.on("copyPaste.elementsCopied", FIRST, (/** @type {any} */ event) => keep(event.tree));
    eventBus.on("copyPaste.pasteElements", FIRST, (/** @type {any} */ event) => {
      event.tree ??= kept(moddle);
    });
  }
}
Copying.$inject = ["eventBus", "moddle"];

/** @param {object} tree what was copied, with all that it says */
function keep(tree) {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(tree));
  } catch (error) {
    console.warn("copied for this tab only:", error);
  }
}

/** @param {any} moddle makes elements of what was kept @returns {object | undefined} */
function kept(moddle) {
  try {
    const text = window.localStorage.getItem(KEY);
    return text ? JSON.parse(text, createReviver(moddle)) : undefined;
  } catch (error) {
    console.warn("nothing that could be pasted:", error);
    return undefined;
  }
}

export const CopyingModule = { __init__: ["copying"], copying: ["type", Copying] };
