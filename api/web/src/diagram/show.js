/** Draws one diagram into its region, with what is known of its elements on top, and buttons and keys to move it. */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { say } from "../words.js";
import { watchHistory } from "./history.js";
import { mark } from "./marks.js";

/** how far an arrow key moves a diagram, in pixels */
const STEP = 60;
const LARGER = 1.25;
/** below this zoom the words in a diagram are too small */
const READABLE = 0.65;
/** what is left free around a diagram, in its own units */
const EDGE = 20;

/** @param {HTMLElement} region its data-diagram is the address of the XML; empty: the XML stands in the region itself */
export async function showDiagram(region) {
  const status = region.querySelector("[data-diagram-status]");
  const canvas = /** @type {HTMLElement} */ (region.querySelector("[data-diagram-canvas]"));
  try {
    const viewer = new NavigatedViewer({ container: canvas });
    await viewer.importXML(await xmlOf(region));
    const overlays = JSON.parse(region.dataset.overlays ?? "{}");
    mark(viewer, overlays);
    if (region.dataset.whole !== undefined) viewer.get("canvas").zoom("fit-viewport", "auto");
    else showStart(viewer, [...Object.keys(overlays.tokens ?? {}), ...["problems", "changed", "added", "removed"].flatMap((kind) => overlays[kind] ?? [])]);
    watchButtons(region, viewer);
    watchKeys(canvas, viewer);
    watchElementLinks(viewer);
    watchHistory(viewer);
    status?.remove();
  } catch (error) {
    canvas.hidden = true;
    const words = say("The diagram could not be drawn. What it shows stands in words on this page.");
    if (status) status.textContent = words;
    console.error(error);
  }
}

/**
 * The whole diagram when that can be read, else the place where something stands, or its beginning.
 *
 * @param {any} viewer
 * @param {string[]} places ids of elements
 */
function showStart(viewer, places) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= READABLE) return;
  const registry = viewer.get("elementRegistry");
  const element = places.map((id) => registry.get(id)).find(Boolean) ?? firstOf(registry);
  if (!element) return;
  const { inner, outer } = canvas.viewbox();
  const size = { width: outer.width / READABLE, height: outer.height / READABLE };
  const middle = middleOf(element);
  canvas.viewbox({
    x: within(middle.x - size.width / 2, inner.x, inner.width, size.width),
    y: within(middle.y - size.height / 2, inner.y, inner.height, size.height),
    ...size,
  });
}

/**
 * The start that lies furthest to the left.
 *
 * @param {any} registry
 * @returns {any}
 */
function firstOf(registry) {
  const starts = registry.filter((/** @type {any} */ one) => one.type === "bpmn:StartEvent");
  return starts.sort((/** @type {any} */ one, /** @type {any} */ other) => one.x - other.x)[0];
}

/**
 * The middle of a shape, or of the line of a flow.
 *
 * @param {any} element
 * @returns {{x: number, y: number}}
 */
function middleOf(element) {
  if (!element.waypoints) return { x: element.x + element.width / 2, y: element.y + element.height / 2 };
  const xs = element.waypoints.map((/** @type {{x: number}} */ point) => point.x);
  const ys = element.waypoints.map((/** @type {{y: number}} */ point) => point.y);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}

/**
 * Where a window should begin so that it shows as little as possible beyond the diagram.
 *
 * @param {number} wanted
 * @param {number} start of the diagram
 * @param {number} length of the diagram
 * @param {number} size of the window
 * @returns {number}
 */
function within(wanted, start, length, size) {
  if (length + 2 * EDGE <= size) return start - (size - length) / 2;
  return Math.min(Math.max(wanted, start - EDGE), start + length + EDGE - size);
}

/**
 * @param {HTMLElement} region
 * @returns {Promise<string>}
 */
async function xmlOf(region) {
  const source = region.querySelector("[data-diagram-source]");
  if (source instanceof HTMLTextAreaElement) return source.value;
  const answer = await fetch(region.dataset.diagram ?? "");
  if (!answer.ok) throw new Error(`The diagram could not be loaded (${answer.status}).`);
  return answer.text();
}

/**
 * @param {any} viewer
 * @param {number} factor
 */
function zoomBy(viewer, factor) {
  const canvas = viewer.get("canvas");
  canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), "auto");
}

/**
 * @param {HTMLElement} region
 * @param {any} viewer
 */
function watchButtons(region, viewer) {
  const tools = region.querySelector("[data-diagram-tools]");
  if (!(tools instanceof HTMLElement)) return;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-zoom]") : null;
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.zoom === "fit") viewer.get("canvas").zoom("fit-viewport", "auto");
    else if (button.dataset.zoom === "large") enlarge(region, viewer, button);
    else zoomBy(viewer, button.dataset.zoom === "in" ? LARGER : 1 / LARGER);
  });
  region.addEventListener("keydown", (event) => {
    const button = tools.querySelector("[data-zoom=large]");
    if (event.key === "Escape" && button instanceof HTMLElement && region.classList.contains("large")) enlarge(region, viewer, button);
  });
}

/**
 * Over the whole window, or back into the page.
 *
 * @param {HTMLElement} region
 * @param {any} viewer
 * @param {HTMLElement} button
 */
function enlarge(region, viewer, button) {
  const large = region.classList.toggle("large");
  document.documentElement.classList.toggle("diagram-is-large", large);
  button.setAttribute("aria-pressed", String(large));
  viewer.get("canvas").resized();
  showStart(viewer, []);
  button.focus();
}

/**
 * @param {HTMLElement} canvas
 * @param {any} viewer
 */
function watchKeys(canvas, viewer) {
  const moves = /** @type {Record<string, [number, number]>} */ ({
    ArrowLeft: [STEP, 0],
    ArrowRight: [-STEP, 0],
    ArrowUp: [0, STEP],
    ArrowDown: [0, -STEP],
  });
  canvas.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (move) viewer.get("canvas").scroll({ dx: move[0], dy: move[1] });
    else if (event.key === "+" || event.key === "=") zoomBy(viewer, LARGER);
    else if (event.key === "-") zoomBy(viewer, 1 / LARGER);
    else if (event.key === "0") viewer.get("canvas").zoom("fit-viewport", "auto");
    else return;
    event.preventDefault();
  });
}

/** @param {any} viewer */
function watchElementLinks(viewer) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-show-element]") : null;
    if (!(button instanceof HTMLElement)) return;
    const element = viewer.get("elementRegistry").get(button.dataset.showElement ?? "");
    if (!element) return;
    viewer.get("canvas").scrollToElement(element, 120);
    viewer.get("canvas").getContainer().scrollIntoView({ block: "nearest" });
  });
}
