/** The list of problems under a room, in words; a problem of something that can be shown leads there. */
import { say } from "../words.js";

/** @typedef {{file?: string, element_id: string | null, code: string, message: string, level?: string, also?: string[], file_title?: string, place?: string}} Problem */

export class ProblemList {
  /**
   * @param {HTMLElement} room with [data-problems] for the list, [data-problem-count] for their number, [data-problem-summary]
   * @param {{nameOf: (id: string) => string | null, go: (id: string) => void}} ways nameOf gives null for what cannot be shown
   */
  constructor(room, ways) {
    this.list = /** @type {HTMLElement} */ (room.querySelector("[data-problems]"));
    this.counts = [...room.querySelectorAll("[data-problem-count]")];
    this.summary = room.querySelector("[data-problem-summary]");
    this.ways = ways;
    this.list.addEventListener("click", (event) => {
      const id = event.target instanceof HTMLElement ? event.target.dataset.element : undefined;
      if (id) ways.go(id);
    });
  }

  /**
   * @param {Problem[]} rows
   * @param {boolean} alone without the server's answer
   */
  show(rows, alone) {
    const refused = rows.filter((one) => !isAdvice(one)).length;
    this.list.replaceChildren(...rows.map((one) => this.#row(one)));
    for (const count of this.counts) count.textContent = String(rows.length);
    const words = summaryOf(refused, rows.length, alone);
    if (this.summary && this.summary.textContent !== words) this.summary.textContent = words;
  }

  /** @param {Problem} one */
  #row(one) {
    const row = document.createElement("li");
    const kind = document.createElement("span");
    kind.className = isAdvice(one) ? "tag soon" : "tag overdue";
    kind.textContent = isAdvice(one) ? say("Advice") : say("To be solved");
    const words = document.createElement("span");
    words.textContent = one.message;
    row.append(kind, this.#where(one), words);
    return row;
  }

  /** @param {Problem} one */
  #where(one) {
    const name = one.element_id ? this.ways.nameOf(one.element_id) : null;
    const where = document.createElement(name ? "button" : "span");
    where.textContent = one.place || name || one.file_title || one.file || say("The whole file");
    where.className = name ? "button plain small" : "strong";
    if (where instanceof HTMLButtonElement) {
      where.type = "button";
      where.dataset.element = one.element_id ?? "";
    }
    return where;
  }
}

/** @param {Problem} one @returns {boolean} whether it may stay */
export function isAdvice(one) {
  return one.level === "advice" || one.level === "warn";
}

/** @param {number} refused @param {number} all @param {boolean} alone */
function summaryOf(refused, all, alone) {
  if (alone) return say("No connection: the server could not look at it.");
  if (refused === 1) return say("1 problem has to be solved before this can be sent.");
  if (refused) return say("{n} problems have to be solved before this can be sent.", { n: refused });
  return all ? say("It can run. Some advice:") : say("No problems.");
}

/**
 * The problems of one file, then one line for each other file that has some.
 *
 * @param {Problem[]} found
 * @param {string} name of the file
 * @returns {Problem[]}
 */
export function gathered(found, name) {
  const own = found.filter((one) => !one.file || one.file === name);
  const files = [...new Set(found.map((one) => one.file ?? name))].filter((file) => file !== name);
  return [...own, ...files.map((file) => summed(file, found.filter((one) => one.file === file)))];
}

/** @param {string} file @param {Problem[]} found @returns {Problem} */
function summed(file, found) {
  const message = found.length === 1 ? found[0].message : say("{n} problems there; the change's page lists them.", { n: found.length });
  return { file, file_title: found[0].file_title, element_id: null, code: "elsewhere", message, level: found.every(isAdvice) ? "warn" : "refuse" };
}
