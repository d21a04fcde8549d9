/** Finding steps by their names; by ids only when no name fits. What was found is shown readable, beside the palette. */
import { getLabel, isLabel } from "bpmn-js/lib/util/LabelUtil";
import { paletteIn, READABLE } from "./opening.js";
import { kindOf } from "./plain-words.js";

/** pixels left free around what is gone to */
const AROUND = 100;

class PlainSearch {
  /** @param {any} elementRegistry @param {any} searchPad @param {any} canvas @param {any} search @param {any} eventBus @param {any} selection */
  constructor(elementRegistry, searchPad, canvas, search, eventBus, selection) {
    this.elementRegistry = elementRegistry;
    this.canvas = canvas;
    this.search = search;
    searchPad.registerProvider(this);
    eventBus.on("searchPad.selected", () => showReadable(canvas, selection.get()[0]));
  }

  /** @param {string} pattern */
  find(pattern) {
    const roots = this.canvas.getRootElements();
    const elements = this.elementRegistry.filter((/** @type {any} */ one) => !isLabel(one) && !roots.includes(one));
    const items = elements.map((/** @type {any} */ element) => ({ element, label: getLabel(element) ?? "", id: element.id }));
    const named = this.search(items, pattern, { keys: ["label"] });
    const found = named.length ? named : this.search(items, pattern, { keys: ["id"] });
    return found.map(row);
  }
}
PlainSearch.$inject = ["elementRegistry", "searchPad", "canvas", "search", "eventBus", "selection"];

/** @param {{item: {element: any, label: string}, tokens: Record<string, object[]>}} found @returns {object} a name, and below it what kind of step it is or the id that was asked for */
function row({ item: { element, label }, tokens }) {
  const kind = kindOf(element.type);
  return {
    element,
    primaryTokens: tokens.label?.length ? tokens.label : [{ normal: label || kind }],
    secondaryTokens: tokens.id?.length ? tokens.id : [{ normal: kind }],
  };
}

/** @param {any} canvas @param {any} element brought into view beside the palette */
export function bringIntoView(canvas, element) {
  const left = paletteIn(canvas.getContainer()) + AROUND;
  canvas.scrollToElement(element, { top: AROUND, right: AROUND, bottom: AROUND, left });
}

/** @param {any} canvas @param {any} element brought into view, as large as it can be read */
function showReadable(canvas, element) {
  if (!element) return;
  if (canvas.zoom() < READABLE) canvas.zoom(1);
  bringIntoView(canvas, element);
}

/** in the place of the library's own search, which looks through ids as well */
export const FindingModule = { bpmnSearch: ["type", PlainSearch] };
