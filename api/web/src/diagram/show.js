/** Draws one diagram into its region, with what is known of its elements on top, and buttons and keys to move it. */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { say } from "../words.js";
import { fitHeight, showPlace, showWhole, showWholeOrPlace } from "./fitting.js";
import { watchHistory } from "./history.js";
import { mark } from "./marks.js";
import { watchFingers } from "./fingers.js";

/** how far an arrow key moves a diagram, in pixels */
const STEP = 60;
const LARGER = 1.25;

/** @param {HTMLElement} region its data-diagram is the address of the XML; empty: the XML stands in the region itself */
export async function showDiagram(region) {
  const status = region.querySelector("[data-diagram-status]");
  const canvas = /** @type {HTMLElement} */ (region.querySelector("[data-diagram-canvas]"));
  try {
    const viewer = new NavigatedViewer({ container: canvas });
    await viewer.importXML(await xmlOf(region));
    const overlays = JSON.parse(region.dataset.overlays ?? "{}");
    mark(viewer, overlays);
    const places = placesOf(overlays);
    watchButtons(region, viewer, places);
    if (region.dataset.whole !== undefined) {
      fitHeight(viewer, canvas);
      showWholeOrPlace(viewer, places);
    } else showPlace(viewer, places);
    watchKeys(canvas, viewer);
    watchFingers(canvas, viewer);
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
 * What is worth being seen first, the most pressing before the others.
 *
 * @param {import("./marks.js").Overlays} overlays
 * @returns {string[]} ids of elements
 */
function placesOf({ tokens = {}, marks = {}, problems = [], changed = [], added = [], removed = [] }) {
  const standing = Object.keys(tokens).sort((one, other) => tokens[other] - tokens[one]);
  const pressing = standing.filter((id) => marks[id] && marks[id] !== "waiting");
  return [...pressing, ...standing, ...problems, ...changed, ...added, ...removed];
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
 * @param {string[]} places what is worth being seen first
 */
function watchButtons(region, viewer, places) {
  const tools = region.querySelector("[data-diagram-tools]");
  if (!(tools instanceof HTMLElement)) return;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-zoom]") : null;
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.zoom === "fit") showWhole(viewer);
    else if (button.dataset.zoom === "large") enlarge(region, viewer, button, places);
    else zoomBy(viewer, button.dataset.zoom === "in" ? LARGER : 1 / LARGER);
  });
  region.addEventListener("keydown", (event) => {
    const button = tools.querySelector("[data-zoom=large]");
    if (event.key === "Escape" && button instanceof HTMLElement && region.classList.contains("large")) enlarge(region, viewer, button, places);
  });
}

/**
 * Over the whole window, or back into the page.
 *
 * @param {HTMLElement} region
 * @param {any} viewer
 * @param {HTMLElement} button
 * @param {string[]} places what is worth being seen first
 */
function enlarge(region, viewer, button, places) {
  const large = region.classList.toggle("large");
  document.documentElement.classList.toggle("diagram-is-large", large);
  button.setAttribute("aria-pressed", String(large));
  viewer.get("canvas").resized();
  if (!large && region.dataset.whole !== undefined) showWholeOrPlace(viewer, places);
  else showPlace(viewer, places);
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
    else if (event.key === "0") showWhole(viewer);
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
