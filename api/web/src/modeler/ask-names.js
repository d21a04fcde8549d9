/** Asks a choice for its name as soon as it is drawn, as the library does for steps: people read it as the question. */
import { isAny } from "bpmn-js/lib/util/ModelUtil";

const ASKED = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
/** below the library's own, which completes what was being named */
const LATER = 400;

class AskNames {
  /** @param {any} eventBus @param {any} directEditing */
  constructor(eventBus, directEditing) {
    const ask = (/** @type {any} */ shape) => {
      if (isAny(shape, ASKED) && !shape.businessObject.name) directEditing.activate(shape);
    };
    eventBus.on("autoPlace.end", LATER, (/** @type {any} */ event) => ask(event.shape));
    eventBus.on("create.end", LATER, (/** @type {any} */ event) => {
      if (event.context.canExecute && !event.isTouch) ask(event.context.shape);
    });
  }
}
AskNames.$inject = ["eventBus", "directEditing"];

export const AskNamesModule = { __init__: ["askNames"], askNames: ["type", AskNames] };
