/**
 * What is drawn here gets its id from its first name, so that scenarios, deadline rules and comparisons can be read.
 *
 * Only elements that were drawn since the room was opened: running cases know the others by their ids. What has
 * reminders already keeps its id too, as these are kept under it.
 */
const NAMED = ["element.updateLabel", "element.updateProperties"];
const GIVEN = /^[A-Z][A-Za-z]+_[0-9a-z]{7}$/;
const LONGEST = 40;

class ReadableIds {
  /** @param {any} eventBus @param {any} modeling @param {any} elementRegistry @param {any} room */
  constructor(eventBus, modeling, elementRegistry, room) {
    const reminded = (/** @type {string} */ id) =>
      room.knowledge.known.deadline_rules.some((/** @type {any} */ rule) => rule.applies_to.some((/** @type {string} */ to) => to.endsWith(`/${id}`)));
    const drawn = new WeakSet();
    eventBus.on("commandStack.shape.create.executed", (/** @type {any} */ event) => {
      if (event.context.shape.businessObject) drawn.add(event.context.shape.businessObject);
    });
    for (const command of NAMED) {
      eventBus.on(`commandStack.${command}.postExecuted`, (/** @type {any} */ event) => {
        const element = event.context.element.labelTarget ?? event.context.element;
        const of = element.businessObject;
        if (!of?.name || !drawn.has(of) || !GIVEN.test(of.id) || reminded(of.id)) return;
        const id = freeId(of.name, (/** @type {string} */ one) => elementRegistry.get(one));
        if (id) modeling.updateProperties(element, { id });
      });
    }
  }
}
ReadableIds.$inject = ["eventBus", "modeling", "elementRegistry", "config.room"];

/**
 * @param {string} name
 * @param {(id: string) => any} taken
 * @returns {string} empty when nothing is left of the name
 */
function freeId(name, taken) {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const stem = plain.replace(/[^a-z0-9]+/g, "_").replace(/^[\d_]+/, "").slice(0, LONGEST).replace(/_+$/, "");
  if (!stem || !taken(stem)) return stem;
  let number = 2;
  while (taken(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export const ReadableIdsModule = { __init__: ["readableIds"], readableIds: ["type", ReadableIds] };
