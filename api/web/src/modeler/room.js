/** Puts the diagram room together: the modeler with its parts, the file it works on, what saves it and what checks it. */
import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import MinimapModule from "diagram-js-minimap";
import CopyPasteModule from "bpmn-js-native-copy-paste";
import TokenSimulationModule from "bpmn-js-token-simulation";
import { askStale, offerKept } from "./asking.js";
import { EngineOnlyModule } from "./engine-only.js";
import { ChangeFile } from "./files.js";
import { Knowledge } from "./knowledge.js";
import { PanelModule } from "./panel/provider.js";
import { watchOthers } from "./presence.js";
import { Problems } from "./problems.js";
import { Autosave } from "./saving.js";
import { watchTools } from "./tools.js";
import { PARLEY } from "./words.js";

const MODULES = [
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  CreateAppendAnythingModule,
  MinimapModule,
  CopyPasteModule,
  TokenSimulationModule,
  EngineOnlyModule,
  PanelModule,
];
/** how long after an edit what is known at each place is worked out again */
const LEARN = 1500;

/**
 * @param {HTMLElement} room data-modeler: the file's address; data-change: the change's; data-name; data-token: the session's
 *   token; data-rooms: addresses of other rooms; data-compare: where two versions are compared
 */
export async function openRoom(room) {
  const { modeler: address = "", token = "", change = "", name = "", compare } = room.dataset;
  const file = new ChangeFile(address, token);
  const knowledge = new Knowledge(change, name, token);
  const modeler = modelerIn(room, knowledge);
  const text = async () => (await modeler.saveXML({ format: true })).xml ?? "";
  const problems = new Problems(modeler, knowledge, room, text);
  const saving = new Autosave(file, text, (words, tone) => say(room, words, tone), (mine) => settle(mine));

  const settle = async (/** @type {string} */ mine) => {
    saving.paused = true;
    const choice = await askStale(mine, name, address, compare);
    saving.paused = false;
    if (choice === "theirs") {
      file.forget();
      window.location.reload();
    } else if (choice === "mine") {
      await file.catchUp();
      saving.edited();
      await saving.now();
    } else say(room, "Not saved: somebody else saved this file. The next edit asks again.", "wrong");
  };

  const saved = await file.read();
  const kept = room.dataset.readonly === undefined ? await offerKept(file, saved) : null;
  await open(modeler, kept ?? saved, room);
  watchTools(room, modeler);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let learning;
  modeler.on("commandStack.changed", () => {
    saving.edited();
    problems.later();
    clearTimeout(learning);
    learning = setTimeout(async () => knowledge.refresh(await text()), LEARN);
  });
  knowledge.onNews = () => {
    modeler.get("eventBus").fire("propertiesPanel.providersChanged");
    problems.later(0);
  };
  say(room, "Opened", "quiet");
  if (kept) saving.edited();
  problems.later(0);
  await Promise.all([knowledge.refresh(kept ?? saved), watchOthers(knowledge, room.querySelector("[data-others]"))]);
}

/**
 * @param {HTMLElement} room
 * @param {Knowledge} knowledge
 * @returns {any} the modeler
 */
function modelerIn(room, knowledge) {
  const rooms = JSON.parse(room.dataset.rooms ?? "{}");
  /** @type {any} */
  const modeler = new BpmnModeler({
    container: /** @type {HTMLElement} */ (room.querySelector("[data-canvas]")),
    propertiesPanel: { parent: room.querySelector("[data-panel]") },
    additionalModules: MODULES,
    moddleExtensions: { parley: PARLEY },
    room: { knowledge, rooms, process: () => processOf(modeler) },
  });
  return modeler;
}

/** @param {any} modeler @returns {string} key of the procedure that is shown */
function processOf(modeler) {
  const roots = modeler.getDefinitions()?.get("rootElements") ?? [];
  return roots.find((/** @type {any} */ one) => one.$type === "bpmn:Process")?.id ?? "";
}

/**
 * @param {any} modeler
 * @param {string} xml
 * @param {HTMLElement} room
 */
async function open(modeler, xml, room) {
  try {
    await modeler.importXML(xml);
  } catch (error) {
    say(room, "This file could not be drawn. It is kept as it is; download it, or upload a corrected one to the change.", "wrong");
    throw error;
  }
  modeler.get("canvas").zoom("fit-viewport", "auto");
}

/**
 * @param {HTMLElement} room
 * @param {string} words
 * @param {"quiet" | "wrong"} tone
 */
function say(room, words, tone) {
  const status = /** @type {HTMLElement} */ (room.querySelector("[data-status]"));
  status.textContent = words;
  status.classList.toggle("wrong", tone === "wrong");
}
