/** Puts the diagram room together: the modeler with its parts, the file it works on, what saves it and what checks it. */
import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import MinimapModule from "diagram-js-minimap";
import TokenSimulationModule from "bpmn-js-token-simulation";
import { AskNamesModule } from "./ask-names.js";
import { CopyingModule } from "./copying.js";
import { EngineOnlyModule } from "./engine-only.js";
import { FindingModule } from "./finding.js";
import { Keeping } from "./keeping.js";
import { Knowledge } from "./knowledge.js";
import { say } from "../words.js";
import { showStart } from "./opening.js";
import { PanelModule } from "./panel/provider.js";
import { PlainWordsModule } from "./plain-words.js";
import { watchOthers } from "./presence.js";
import { goTo, Problems } from "./problems.js";
import { ReadableIdsModule } from "./readable-ids.js";
import { SimulationWordsModule } from "./simulation-words.js";
import { watchTools } from "./tools.js";
import { PARLEY } from "./words.js";

const MODULES = [
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  CreateAppendAnythingModule,
  MinimapModule,
  CopyingModule,
  TokenSimulationModule,
  AskNamesModule,
  EngineOnlyModule,
  FindingModule,
  PanelModule,
  PlainWordsModule,
  ReadableIdsModule,
  SimulationWordsModule,
];
/** how long after an edit what is known at each place is worked out again */
const LEARN = 1500;

/** @param {HTMLElement} room as Keeping has it; data-change: the change's address; data-rooms: addresses of other rooms; `?at=` or `#` names an element to begin at */
export async function openRoom(room) {
  const knowledge = new Knowledge(room.dataset.change ?? "", room.dataset.name ?? "", room.dataset.token ?? "");
  const modeler = modelerIn(room, knowledge);
  const text = async () => (await modeler.saveXML({ format: true })).xml ?? "";
  const keeping = new Keeping(room, text);
  const problems = new Problems(modeler, knowledge, room, text);

  const { text: opened, kept } = await keeping.open();
  await open(modeler, opened, keeping);
  watchTools(room, modeler);
  watchEdits(modeler, keeping, problems, knowledge, text);
  knowledge.onNews = () => {
    modeler.get("eventBus").fire("propertiesPanel.providersChanged");
    problems.later(0);
  };
  knowledge.onSaved = () => keeping.saving.saySaved();
  keeping.saveBeforeLeaving();
  keeping.say(say("Opened"), "quiet");
  if (kept) keeping.edited();
  problems.later(0);
  await Promise.all([knowledge.refresh(opened), watchOthers(knowledge, room.querySelector("[data-others]"))]);
  const at = new URLSearchParams(window.location.search).get("at") ?? window.location.hash.slice(1);
  if (at && !modeler.get("selection").get().length) goTo(modeler, at);
}

/**
 * @param {any} modeler
 * @param {Keeping} keeping
 * @param {Problems} problems
 * @param {Knowledge} knowledge
 * @param {() => Promise<string>} text
 */
function watchEdits(modeler, keeping, problems, knowledge, text) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let learning;
  modeler.on("commandStack.changed", () => {
    keeping.edited();
    problems.later();
    clearTimeout(learning);
    learning = setTimeout(async () => knowledge.refresh(await text()), LEARN);
  });
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
    room: { knowledge, rooms },
  });
  return modeler;
}

/**
 * @param {any} modeler
 * @param {string} xml
 * @param {Keeping} keeping
 */
async function open(modeler, xml, keeping) {
  try {
    await modeler.importXML(xml);
  } catch (error) {
    keeping.say(say("This file could not be drawn. It is kept as it is; download it, or upload a corrected one to the change."), "wrong");
    throw error;
  }
  const title = keeping.room.querySelector("[data-title]");
  const roots = modeler.getDefinitions().get("rootElements");
  const named = roots.find((/** @type {any} */ one) => one.$type === "bpmn:Process" && one.name);
  if (title && named) title.textContent = named.name;
  showStart(modeler);
}
