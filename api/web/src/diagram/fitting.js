/** Which part of a diagram is seen: all of it, or the place that matters most, large enough to be read. */

/** below this zoom the words in a diagram are too small */
const READABLE = 0.65;
/** below this zoom steps cannot be told apart, so that even a picture of the whole says nothing */
const RECOGNISABLE = 0.24;
/** what is left free around a diagram, in its own units */
const EDGE = 20;
/** what is seen around a step that was brought into view, in pixels */
const BESIDE = 80;
/** a window is never made lower than this, in pixels */
const LOWEST = 300;
/** what is left for the mark of the drawing library in a corner, in pixels */
const CORNER = 48;

/**
 * All of the diagram in the middle of its window, never larger than it was drawn.
 *
 * @param {any} viewer
 */
export function showWhole(viewer) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const zoom = wholeZoom(canvas);
  const size = { width: outer.width / zoom, height: outer.height / zoom };
  canvas.viewbox({ x: inner.x - (size.width - inner.width) / 2, y: inner.y - (size.height - inner.height) / 2, ...size });
}

/**
 * The whole diagram where its steps can be told apart, as on a wide screen; else its most pressing place.
 *
 * @param {any} viewer
 * @param {string[]} places ids of elements, the most pressing first
 */
export function showWholeOrPlace(viewer, places) {
  if (wholeZoom(viewer.get("canvas")) >= RECOGNISABLE) showWhole(viewer);
  else showPlace(viewer, places);
}

/**
 * Makes a window no higher than a diagram needs that fills its width, so that a low one has no emptiness around it.
 *
 * @param {any} viewer
 * @param {HTMLElement} frame
 */
export function fitHeight(viewer, frame) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const zoom = Math.min(1, outer.width / (inner.width + 2 * EDGE));
  const height = Math.max(LOWEST, Math.ceil(zoom * (inner.height + 2 * EDGE)) + CORNER);
  if (zoom < RECOGNISABLE || height >= outer.height) return;
  frame.style.blockSize = `${height}px`;
  canvas.resized();
}

/**
 * The whole diagram when that can be read, else the place where something stands, or its beginning.
 *
 * @param {any} viewer
 * @param {string[]} places ids of elements, the most pressing first
 */
export function showPlace(viewer, places) {
  const canvas = viewer.get("canvas");
  if (wholeZoom(canvas) >= READABLE) return showWhole(viewer);
  const registry = viewer.get("elementRegistry");
  const known = places.map((id) => registry.get(id)).filter(Boolean);
  // The middle of a sub-process is some spot inside; a step is a place.
  const element = known.find((one) => !one.children?.length) ?? known[0] ?? firstOf(registry);
  if (!element) return showWhole(viewer);
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
 * Moves the drawing, as little as needed and at the zoom it has, until a step among some is seen.
 *
 * @param {any} viewer
 * @param {string[]} places ids of elements
 * @returns {boolean} whether there is such a step
 */
export function bringIntoView(viewer, places) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const steps = places.map((id) => registry.get(id)).filter((one) => one && !one.children?.length);
  if (!steps.length) return false;
  const { x, y, width, height } = canvas.viewbox();
  const seen = steps.some((one) => one.x > x && one.y > y && one.x + one.width < x + width && one.y + one.height < y + height);
  if (!seen) canvas.scrollToElement(steps[0], BESIDE);
  return true;
}

/**
 * The zoom at which all of a diagram is seen.
 *
 * @param {any} canvas
 * @returns {number}
 */
function wholeZoom(canvas) {
  const { inner, outer } = canvas.viewbox();
  return Math.min(1, outer.width / (inner.width + 2 * EDGE), outer.height / (inner.height + 2 * EDGE));
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
