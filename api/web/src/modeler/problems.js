/** Problems as one draws: the server's checks and the drawing rules, in a list and beside the elements. */
import { bringIntoView } from "./finding.js";
import { lint } from "./lint.js";
import { kindOf } from "./plain-words.js";
import { say } from "../words.js";
import { isAdvice, gathered, ProblemList } from "./problem-list.js";

const PAUSE = 800;
const OVERLAY = "problem";

/** @typedef {import("./problem-list.js").Problem} Problem */

export class Problems {
  /**
   * @param {any} modeler
   * @param {import("./knowledge.js").Knowledge} knowledge
   * @param {HTMLElement} room
   * @param {() => Promise<string>} text of the file now
   */
  constructor(modeler, knowledge, room, text) {
    this.modeler = modeler;
    this.knowledge = knowledge;
    this.text = text;
    this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.list = new ProblemList(room, {
      nameOf: (id) => nameOf(modeler.get("elementRegistry").get(id)),
      go: (id) => goTo(modeler, id),
    });
  }

  /** Look again in a moment. */
  later(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), pause);
  }

  async look() {
    const turn = (this.turn += 1);
    const [advice, checked] = await Promise.all([
      lint(this.modeler.getDefinitions()),
      this.text().then((text) => this.knowledge.problems({ [this.knowledge.name]: text })),
    ]);
    if (turn !== this.turn) return;
    const told = gathered(checked ?? [], this.knowledge.name);
    const refused = new Set(told.filter((one) => !isAdvice(one)).flatMap((one) => [one.element_id, ...(one.also ?? [])]));
    // mostly it follows from what is refused of the same element, and goes when that is solved
    const rows = [...told, ...advice.filter((one) => !refused.has(one.element_id))];
    this.list.show(rows, checked === null);
    this.#mark(rows);
  }

  /** @param {Problem[]} rows marked beside their elements, one mark an element */
  #mark(rows) {
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    overlays.remove({ type: OVERLAY });
    for (const [id, found] of byElement(rows)) {
      const element = id ? registry.get(id) : null;
      if (!element || element === this.modeler.get("canvas").getRootElement()) continue;
      const mark = document.createElement("span");
      const advice = found.every(isAdvice);
      mark.className = advice ? "problem-mark advice" : "problem-mark";
      mark.textContent = advice ? "?" : "!";
      mark.title = found.map((one) => one.message).join("\n");
      overlays.add(element, OVERLAY, { position: { top: -10, left: -10 }, html: mark });
    }
  }
}

/** @param {Problem[]} rows @returns {Map<string | null, Problem[]>} */
function byElement(rows) {
  const found = new Map();
  for (const one of rows) {
    for (const id of [one.element_id, ...(one.also ?? [])]) found.set(id, [...(found.get(id) ?? []), one]);
  }
  return found;
}

/**
 * Select an element and bring it into view.
 *
 * @param {any} modeler
 * @param {string} id
 */
export function goTo(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return;
  bringIntoView(modeler.get("canvas"), element);
  modeler.get("selection").select(element);
  modeler.get("canvas").focus();
}

/** @param {any} element @returns {string | null} */
function nameOf(element) {
  if (!element) return null;
  const { name, $type, sourceRef, targetRef } = element.businessObject;
  if (!name && sourceRef?.name && targetRef?.name) return `${sourceRef.name} → ${targetRef.name}`;
  if (name) return name;
  const kind = kindOf($type);
  return ["bpmn:Process", "bpmn:Collaboration"].includes($type) ? kind : say("{kind} without a name", { kind });
}
