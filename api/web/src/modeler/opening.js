/** Where a diagram is looked at first: beside the palette, whole when its words can be read then, else from its start. */

/** below this zoom the words in a diagram are too small */
export const READABLE = 0.6;
/** the zoom at which the beginning of a large diagram is shown */
const BEGINNING = 0.75;
/** pixels left free around a diagram */
const EDGE = 24;
/** a start that is this near to the diagram's left edge is shown with that edge, so that lanes keep their names; in its own units */
const NEAR = 300;

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** @param {any} modeler */
export function showStart(modeler) {
  const canvas = modeler.get("canvas");
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const left = paletteIn(canvas.getContainer()) + EDGE;
  const fitting = Math.min(1, (outer.width - left - EDGE) / inner.width, (outer.height - 2 * EDGE) / inner.height);
  const whole = fitting >= READABLE;
  const scale = whole ? fitting : BEGINNING;
  const [width, height] = [outer.width / scale, outer.height / scale];
  const start = startOf(modeler) ?? inner;
  const x = (whole || start.x - inner.x < NEAR ? inner.x : start.x) - left / scale;
  const y = whole ? inner.y + inner.height / 2 - height / 2 : topAt(start, inner, height, EDGE / scale);
  canvas.viewbox({ x, y, width, height });
}

/** @param {HTMLElement} container @returns {number} pixels that the palette covers on the left */
export function paletteIn(container) {
  const palette = container.querySelector(".djs-palette");
  const box = palette?.getBoundingClientRect();
  return box?.width ? box.right - container.getBoundingClientRect().left : 0;
}

/**
 * The start in the middle, without emptiness above or below the diagram.
 *
 * @param {Box} start
 * @param {Box} inner
 * @param {number} height of what is seen
 * @param {number} edge
 */
function topAt(start, inner, height, edge) {
  const last = inner.y + inner.height + edge - height;
  return Math.max(inner.y - edge, Math.min(start.y + start.height / 2 - height / 2, last));
}

/** @param {any} modeler @returns {Box | undefined} the start event of the first procedure */
function startOf(modeler) {
  const starts = modeler.get("elementRegistry").filter((/** @type {any} */ one) => one.type === "bpmn:StartEvent");
  return starts.find((/** @type {any} */ one) => one.businessObject.$parent?.$type === "bpmn:Process") ?? starts[0];
}
