/** Which part of a diagram is seen: all of it, or the place that matters most, large enough to be read. */

/** below this zoom the words in a diagram are too small */
const READABLE = 0.65;
/** below this zoom steps cannot be told apart, so that even a picture of the whole says nothing */
const RECOGNISABLE = 0.2;
/** what is left free around a diagram, in its own units */
const EDGE = 20;

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
