/**
 * Moves and zooms a diagram with fingers; the library knows only the mouse. Which way one finger may go is the style's:
 * up and down stays the page's own scrolling until the drawing has the whole window.
 */

const SMALLEST = 0.1;
const LARGEST = 4;

/** @typedef {{x: number, y: number}} Point */

/**
 * @param {HTMLElement} canvas
 * @param {any} viewer
 */
export function watchFingers(canvas, viewer) {
  /** @type {Map<number, Point>} */
  const fingers = new Map();
  const lift = (/** @type {PointerEvent} */ event) => fingers.delete(event.pointerId);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, pointOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, pointOf(event));
    follow(canvas, viewer, before, [...fingers.values()]);
  });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, (event) => lift(/** @type {PointerEvent} */ (event)));
}

/**
 * What was under the fingers stays under them.
 *
 * @param {HTMLElement} canvas
 * @param {any} viewer
 * @param {Point[]} before
 * @param {Point[]} after
 */
function follow(canvas, viewer, before, after) {
  const drawing = viewer.get("canvas");
  const from = middleOf(before);
  const to = middleOf(after);
  drawing.scroll({ dx: to.x - from.x, dy: to.y - from.y });
  if (after.length < 2) return;
  const apart = distance(before);
  if (!apart) return;
  const frame = canvas.getBoundingClientRect();
  const zoom = drawing.zoom() * (distance(after) / apart);
  drawing.zoom(Math.min(LARGEST, Math.max(SMALLEST, zoom)), { x: to.x - frame.left, y: to.y - frame.top });
}

/**
 * @param {PointerEvent} event
 * @returns {Point}
 */
function pointOf(event) {
  return { x: event.clientX, y: event.clientY };
}

/**
 * @param {Point[]} points one or more
 * @returns {Point}
 */
function middleOf(points) {
  const sum = points.reduce((one, other) => ({ x: one.x + other.x, y: one.y + other.y }));
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/**
 * Between the first two.
 *
 * @param {Point[]} points
 * @returns {number} in pixels of the screen
 */
function distance([one, other]) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
