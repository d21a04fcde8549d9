/** What the simulation of tokens says, which its library writes into the room by itself, in the page's language. */
import { say } from "../words.js";

const SAID = /** @type {Record<string, string>} */ ({
  "Token Simulation": say("Token Simulation"),
  "Toggle Simulation Log": say("Toggle Simulation Log"),
  "Simulation Log": say("Simulation Log"),
  "No Entries": say("No Entries"),
  "Reset Simulation": say("Reset Simulation"),
  "Play/Pause Simulation": say("Play/Pause Simulation"),
  "Pause Simulation": say("Pause Simulation"),
  "Play Simulation": say("Play Simulation"),
  "Set animation speed = Slow": say("Set animation speed = Slow"),
  "Set animation speed = Normal": say("Set animation speed = Normal"),
  "Set animation speed = Fast": say("Set animation speed = Fast"),
  "Set Sequence Flow": say("Set Sequence Flow"),
  "Trigger Event": say("Trigger Event"),
  "Add pause point": say("Add pause point"),
  "Remove pause point": say("Remove pause point"),
  "Found unsupported elements": say("Found unsupported elements"),
  "Not supported": say("Not supported"),
  Finished: say("Finished"),
  "Process started": say("Process started"),
  "Process finished": say("Process finished"),
  "Process canceled": say("Process canceled"),
  "Start Event": say("Start event"),
  "Intermediate Event": say("Intermediate event"),
  "Boundary Event": say("Boundary event"),
  "End Event": say("End event"),
  Task: say("Task"),
  "User Task": say("User task"),
  "Service Task": say("Service task"),
  "Script Task": say("Script task"),
  "Business Rule Task": say("Business rule task"),
  "Manual Task": say("Manual task"),
  "Receive Task": say("Receive task"),
  "Send Task": say("Send task"),
  "Call Activity": say("Call activity"),
  "Exclusive Gateway": say("Exclusive gateway"),
  "Parallel Gateway": say("Parallel gateway"),
  "Inclusive Gateway": say("Inclusive gateway"),
});
/** parts that the library makes; names of the diagram never stand in them but in the log, where they are told apart by the map */
const PARTS = "[class*='bts-']";

/** @param {Element} part */
function tell(part) {
  const title = part.getAttribute("title")?.trim() ?? "";
  if (SAID[title] && SAID[title] !== title) part.setAttribute("title", SAID[title]);
  for (const node of part.childNodes) {
    const text = node instanceof Text ? node.data.trim() : "";
    if (SAID[text] && SAID[text] !== text) /** @type {Text} */ (node).data = `${SAID[text]} `;
  }
}

/** @param {Node} node what was added to the room, or what was written anew */
function tellAll(node) {
  const top = node instanceof Element ? node : node.parentElement;
  if (!top?.closest(PARTS) && !top?.querySelector(PARTS)) return;
  for (const part of [top, ...top.querySelectorAll("*")]) if (part.closest(PARTS)) tell(part);
}

/** @param {any} canvas */
function SimulationWords(canvas) {
  const room = /** @type {HTMLElement} */ (canvas.getContainer().parentElement ?? canvas.getContainer());
  const watch = { childList: true, subtree: true, attributes: true, attributeFilter: ["title"] };
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.type === "attributes" ? [change.target] : change.addedNodes) tellAll(node);
  }).observe(room, watch);
  tellAll(room);
}
SimulationWords.$inject = ["canvas"];

export const SimulationWordsModule = { __init__: ["simulationWords"], simulationWords: ["type", SimulationWords] };
