/** Problems as one draws: the server's checks and the drawing rules, in a list beside the diagram and beside the elements. */
import { lint } from "./lint.js";

const PAUSE = 800;
const OVERLAY = "problem";

/** @typedef {{file?: string, element_id: string | null, code: string, message: string, level?: string}} Problem */

export class Problems {
  /**
   * @param {any} modeler
   * @param {import("./knowledge.js").Knowledge} knowledge
   * @param {HTMLElement} room with [data-problems] for the list, [data-problem-count] for their number
   * @param {() => Promise<string>} text of the file now
   */
  constructor(modeler, knowledge, room, text) {
    this.modeler = modeler;
    this.knowledge = knowledge;
    this.list = /** @type {HTMLElement} */ (room.querySelector("[data-problems]"));
    this.counts = [...room.querySelectorAll("[data-problem-count]")];
    this.summary = room.querySelector("[data-problem-summary]");
    this.text = text;
    this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.list.addEventListener("click", (event) => this.#go(event));
  }

  /** Look again in a moment. */
  later(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), pause);
  }

  async look() {
    const turn = (this.turn += 1);
    const [ours, checked] = await Promise.all([
      lint(this.modeler.getDefinitions()),
      this.text().then((text) => this.knowledge.problems({ [this.knowledge.name]: text })),
    ]);
    if (turn !== this.turn) return;
    const refused = checked ?? [];
    const here = refused.filter((/** @type {Problem} */ one) => !one.file || one.file === this.knowledge.name);
    const elsewhere = refused.filter((/** @type {Problem} */ one) => one.file && one.file !== this.knowledge.name);
    this.#show([...here, ...elsewhere], ours, checked === null);
  }

  /**
   * @param {Problem[]} refused
   * @param {Problem[]} advice
   * @param {boolean} alone without the server's answer
   */
  #show(refused, advice, alone) {
    const rows = [...refused, ...advice];
    this.list.replaceChildren(...rows.map((one) => this.#row(one)));
    for (const count of this.counts) count.textContent = String(rows.length);
    if (this.summary) this.summary.textContent = summaryOf(refused.filter((one) => one.level !== "warn").length, rows.length, alone);
    this.#mark(rows);
  }

  /** @param {Problem} one */
  #row(one) {
    const row = document.createElement("li");
    const element = one.element_id ? this.modeler.get("elementRegistry").get(one.element_id) : null;
    const advice = one.level === "advice" || one.level === "warn";
    row.className = advice ? "advice" : "refused";
    const kind = document.createElement("span");
    kind.className = advice ? "tag soon" : "tag overdue";
    kind.textContent = advice ? "Advice" : "Has to be solved";
    const where = document.createElement(element ? "button" : "span");
    where.textContent = element ? nameOf(element) : (one.file ?? "The whole diagram");
    if (where instanceof HTMLButtonElement) {
      where.type = "button";
      where.className = "button plain small";
      where.dataset.element = one.element_id ?? "";
    } else where.className = "strong";
    const words = document.createElement("span");
    words.textContent = one.message;
    row.append(kind, where, words);
    return row;
  }

  /** @param {Problem[]} rows marked beside their elements, one mark an element */
  #mark(rows) {
    const overlays = this.modeler.get("overlays");
    overlays.remove({ type: OVERLAY });
    const registry = this.modeler.get("elementRegistry");
    const byElement = Map.groupBy ? Map.groupBy(rows, (one) => one.element_id) : grouped(rows);
    for (const [id, found] of byElement) {
      const element = id ? registry.get(id) : null;
      if (!element || element === this.modeler.get("canvas").getRootElement()) continue;
      const worst = found.some((/** @type {Problem} */ one) => one.level !== "advice" && one.level !== "warn") ? "problem" : "advice";
      const mark = document.createElement("span");
      mark.className = `problem-mark ${worst}`;
      mark.textContent = worst === "problem" ? "!" : "?";
      mark.title = found.map((/** @type {Problem} */ one) => one.message).join("\n");
      overlays.add(element, OVERLAY, { position: { top: -10, left: -10 }, html: mark });
    }
  }

  /** @param {Event} event a click in the list: select the element and bring it into view */
  #go(event) {
    const id = event.target instanceof HTMLElement ? event.target.dataset.element : undefined;
    const element = id && this.modeler.get("elementRegistry").get(id);
    if (!element) return;
    this.modeler.get("canvas").scrollToElement(element);
    this.modeler.get("selection").select(element);
    this.modeler.get("canvas").focus();
  }
}

/** @param {Problem[]} rows */
function grouped(rows) {
  const found = new Map();
  for (const one of rows) found.set(one.element_id, [...(found.get(one.element_id) ?? []), one]);
  return found;
}

/** @param {any} element @returns {string} */
function nameOf(element) {
  const { name, id, $type } = element.businessObject;
  return name || `${$type.replace("bpmn:", "").replace(/([a-z])([A-Z])/g, "$1 $2")} ${id}`;
}

/** @param {number} refused @param {number} all @param {boolean} alone */
function summaryOf(refused, all, alone) {
  if (alone) return "No connection: only the drawing was looked at.";
  if (refused) return `${refused} ${refused === 1 ? "problem has" : "problems have"} to be solved before this can be sent.`;
  return all ? "It can run. Some advice about the drawing:" : "No problems.";
}
