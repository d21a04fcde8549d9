/** The board keeps itself up to date while it is looked at: asked for a mark, shown anew when that is another one. */
import { say } from "../words.js";

/** How often is asked while the tab is visible, in milliseconds. */
const EVERY = 20_000;

export function watchBoard() {
  if (!document.querySelector("[data-board]")) return;
  setInterval(() => void look(), EVERY);
  document.addEventListener("visibilitychange", () => void look());
}

async function look() {
  const board = document.querySelector("[data-board]");
  if (document.visibilityState !== "visible" || !(board instanceof HTMLElement)) return;
  const mark = board.dataset.mark ?? "";
  const headers = { "If-None-Match": `"${mark}"` };
  const answer = await fetch("/board/mark", { headers, redirect: "manual" }).catch(() => null);
  if (!answer?.ok || (await answer.text()) === mark) return;
  await renew(board);
}

/** @param {HTMLElement} board */
async function renew(board) {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-board]");
  if (!fresh) return;
  const focused = document.activeElement instanceof HTMLAnchorElement && board.contains(document.activeElement) ? document.activeElement.href : "";
  const shown = document.importNode(fresh, true);
  board.replaceWith(shown);
  const again = focused ? [...shown.querySelectorAll("a")].find((link) => link.href === focused) : undefined;
  again?.focus();
  const told = document.querySelector("[data-told]");
  if (told) told.textContent = say("The board was brought up to date.");
}
