/** Two questions that a room asks: what to do with edits that were never saved, and with a file that somebody else saved first. */
import { say } from "../words.js";

/**
 * @param {string} title
 * @param {string} words
 * @param {{label: string, value: string, primary?: boolean, href?: string, download?: string}[]} ways
 * @returns {Promise<string>} the value of the way that was chosen; empty when it was closed
 */
export function ask(title, words, ways) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const heading = Object.assign(document.createElement("h2"), { textContent: title, id: "room-question" });
  dialog.setAttribute("aria-labelledby", heading.id);
  const text = Object.assign(document.createElement("p"), { textContent: words });
  const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
  buttons.append(...ways.map((way) => wayOf(way, dialog)));
  dialog.append(heading, text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/**
 * @param {{label: string, value: string, primary?: boolean, href?: string, download?: string}} way
 * @param {HTMLDialogElement} dialog
 */
function wayOf(way, dialog) {
  const className = `button${way.primary ? " primary" : ""}`;
  if (way.href) {
    const link = Object.assign(document.createElement("a"), { textContent: way.label, href: way.href, className, target: "_blank" });
    if (way.download) link.download = way.download;
    return link;
  }
  const button = Object.assign(document.createElement("button"), { textContent: way.label, type: "button", className });
  button.addEventListener("click", () => dialog.close(way.value));
  return button;
}

/**
 * Offer what was kept in this browser and never reached the server.
 *
 * @param {import("./files.js").ChangeFile} file
 * @param {string} text as the server has it
 * @returns {Promise<string | null>} the kept text when it is wanted
 */
export async function offerKept(file, text) {
  const kept = file.kept();
  if (!kept || kept.text === text) {
    file.forget();
    return null;
  }
  const at = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const newer = kept.revision === file.revision ? "" : say("Meanwhile the file was saved again; taking yours replaces that.");
  const choice = await ask(say("There are edits that were not saved"), `${say("They are from {at} and only in this browser.", { at })} ${newer}`, [
    { label: say("Take them"), value: "take", primary: true },
    { label: say("Drop them"), value: "drop" },
  ]);
  if (choice === "take") return kept.text;
  if (choice === "drop") file.forget();
  return null;
}

/**
 * Somebody else saved first: keep mine, take theirs, or look at both before.
 *
 * @param {string} mine text
 * @param {string} name of the file
 * @param {string} theirs address of what is saved
 * @param {string} [compare] address of the page that compares
 * @returns {Promise<"mine" | "theirs" | "">}
 */
export async function askStale(mine, name, theirs, compare) {
  const own = URL.createObjectURL(new Blob([mine], { type: "application/xml" }));
  const looks = compare
    ? [{ label: say("What they changed (new tab)"), value: "", href: compare }]
    : [{ label: say("Download theirs"), value: "", href: theirs, download: `theirs-${name}` }];
  const choice = await ask(say("Somebody else saved this file"), say("You both changed it. Yours is kept in this browser and not saved yet."), [
    { label: say("Keep mine: save over theirs"), value: "mine" },
    { label: say("Take theirs: drop mine"), value: "theirs" },
    ...looks,
    { label: say("Download mine"), value: "", href: own, download: `mine-${name}` },
  ]);
  URL.revokeObjectURL(own);
  return /** @type {any} */ (choice);
}
