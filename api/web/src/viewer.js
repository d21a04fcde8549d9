/** Shows a process diagram, read-only, in every element that names one by data-diagram. */
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

/** @param {HTMLElement} container its data-diagram is the address of the diagram's XML */
async function show(container) {
  const answer = await fetch(container.dataset.diagram ?? "");
  if (!answer.ok) throw new Error(`The diagram could not be loaded (${answer.status}).`);
  const viewer = new NavigatedViewer({ container });
  await viewer.importXML(await answer.text());
  viewer.get("canvas").zoom("fit-viewport");
}

for (const container of document.querySelectorAll("[data-diagram]")) {
  await show(/** @type {HTMLElement} */ (container));
}
