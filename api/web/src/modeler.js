/** The room where a diagram of a change is drawn. Loaded by that page only. */
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "./modeler/room.css";
import "./modeler/panel.css";
import { openRoom } from "./modeler/room.js";

const room = document.querySelector("[data-modeler]");
if (room instanceof HTMLElement) await openRoom(room);
