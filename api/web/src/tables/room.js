/** The decision table room: dmn-js over one file, saved and checked as diagrams are. */
import DmnModeler from "dmn-js/lib/Modeler";
import translate from "diagram-js/lib/i18n/translate/translate";
import { Keeping } from "../modeler/keeping.js";
import { Knowledge } from "../modeler/knowledge.js";
import { watchOthers } from "../modeler/presence.js";
import { gathered, ProblemList } from "../modeler/problem-list.js";
import { say } from "../words.js";

const PAUSE = 800;
const ICONS = /** @type {Record<string, string>} */ ({
  drd: say("How decisions depend on each other"),
  decisionTable: say("Table"),
  literalExpression: say("Expression"),
  boxedExpression: say("Function"),
});

/** what the editors of all views say by themselves, in the page's language */
const WORDS = { translate: ["value", (/** @type {string} */ text, /** @type {any} */ values) => translate(text && say(text), values)] };
const SPOKEN = { additionalModules: [WORDS] };

/** @param {HTMLElement} room as Keeping has it; [data-canvas] for the editor, [data-views] for its views */
export async function openTables(room) {
  const modeler = new DmnModeler({
    container: room.querySelector("[data-canvas]"),
    keyboard: { bindTo: window },
    ...{ drd: SPOKEN, decisionTable: SPOKEN, literalExpression: SPOKEN, boxedExpression: SPOKEN },
  });
  const text = async () => (await modeler.saveXML({ format: true })).xml ?? "";
  const knowledge = new Knowledge(room.dataset.change ?? "", room.dataset.name ?? "", room.dataset.token ?? "");
  const keeping = new Keeping(room, text);
  const list = new ProblemList(room, { nameOf: (id) => viewOf(modeler, id)?.name ?? null, go: (id) => modeler.open(viewOf(modeler, id)) });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    const found = await knowledge.problems({ [knowledge.name]: await text() });
    list.show(gathered(found ?? [], knowledge.name), found === null);
  };
  const edited = () => {
    keeping.edited();
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  const { text: opened, kept } = await keeping.open();
  watchViews(room, modeler, edited);
  await modeler.importXML(opened);
  await openTable(modeler);
  watchStack(room, modeler);
  keeping.say(say("Opened"), "quiet");
  if (kept) keeping.edited();
  await Promise.all([look(), watchOthers(knowledge, room.querySelector("[data-others]"))]);
}

/** @param {any} modeler the first table, as that is what most files are about */
async function openTable(modeler) {
  const table = modeler.getViews().find((/** @type {any} */ view) => view.type === "decisionTable");
  if (table) await modeler.open(table);
}

/** @param {any} modeler @param {string} id */
function viewOf(modeler, id) {
  return modeler.getViews().find((/** @type {any} */ view) => view.element.id === id);
}

/**
 * A button for each view of the file; what is edited in any of them is an edit.
 *
 * @param {HTMLElement} room
 * @param {any} modeler
 * @param {() => void} edited
 */
function watchViews(room, modeler, edited) {
  const bar = /** @type {HTMLElement} */ (room.querySelector("[data-views]"));
  modeler.on("viewer.created", (/** @type {any} */ event) => event.viewer.on(["commandStack.changed", "elements.changed"], once(edited)));
  modeler.on("views.changed", (/** @type {any} */ event) => {
    bar.replaceChildren(...event.views.map((/** @type {any} */ view) => buttonOf(modeler, view, event.activeView)));
  });
}

/**
 * Several events of one edit count once.
 *
 * @param {() => void} act
 */
function once(act) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    queueMicrotask(() => {
      waits = false;
      act();
    });
  };
}

/**
 * @param {any} modeler
 * @param {any} view
 * @param {any} active
 */
function buttonOf(modeler, view, active) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  const kind = ICONS[view.type] ?? view.type;
  button.textContent = view.type === "drd" ? kind : `${kind}: ${view.name ?? view.element.id}`;
  button.setAttribute("aria-pressed", String(active?.element === view.element));
  button.addEventListener("click", () => modeler.open(view));
  return button;
}

/** @param {HTMLElement} room @param {any} modeler undo and redo of the view that is open */
function watchStack(room, modeler) {
  for (const act of ["undo", "redo"]) {
    room.querySelector(`[data-act=${act}]`)?.addEventListener("click", () => modeler.getActiveViewer()?.get("commandStack")[act]());
  }
}
