/** Puts the diagram room together: the modeler with its parts, the file it works on, and what saves it. */
import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import MinimapModule from "diagram-js-minimap";
import CopyPasteModule from "bpmn-js-native-copy-paste";
import TokenSimulationModule from "bpmn-js-token-simulation";
import { ChangeFile } from "./files.js";
import { PARLEY } from "./words.js";
import { Autosave } from "./saving.js";

/** @param {HTMLElement} room its data-modeler is the file's address, data-token the session's token */
export async function openRoom(room) {
  const status = /** @type {HTMLElement} */ (room.querySelector("[data-status]"));
  const file = new ChangeFile(room.dataset.modeler ?? "", room.dataset.token ?? "");
  const modeler = new BpmnModeler({
    container: /** @type {HTMLElement} */ (room.querySelector("[data-canvas]")),
    propertiesPanel: { parent: room.querySelector("[data-panel]") },
    additionalModules: [BpmnPropertiesPanelModule, CreateAppendAnythingModule, MinimapModule, CopyPasteModule, TokenSimulationModule],
    moddleExtensions: { parley: PARLEY },
  });
  await modeler.importXML(await file.read());
  modeler.get("canvas").zoom("fit-viewport", "auto");
  const saving = new Autosave(
    file,
    async () => (await modeler.saveXML({ format: true })).xml ?? "",
    (words, tone) => say(status, words, tone),
    () => {},
  );
  modeler.on("commandStack.changed", () => saving.edited());
  say(status, "Opened", "quiet");
}

/**
 * @param {HTMLElement} status
 * @param {string} words
 * @param {"quiet" | "wrong"} tone
 */
function say(status, words, tone) {
  status.textContent = words;
  status.classList.toggle("wrong", tone === "wrong");
}
