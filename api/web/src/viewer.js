/** Shows process diagrams, read-only, in every element with data-diagram. */
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import { showDiagram } from "./diagram/show.js";

for (const region of document.querySelectorAll("[data-diagram]")) {
  await showDiagram(/** @type {HTMLElement} */ (region));
}
