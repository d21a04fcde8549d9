/**
 * Marks elements of a diagram: where tokens stand and how many, what is late or stopped, what is done, what is wrong.
 *
 * @typedef {{tokens?: Record<string, number>, marks?: Record<string, string>, late?: Record<string, number>,
 *   completed?: string[], problems?: string[],
 *   added?: string[], removed?: string[], changed?: string[], never?: string[],
 *   heat?: Record<string, {level: number, text: string, title: string}>, links?: Record<string, string>}} Overlays
 */

import { say } from "../words.js";

/** how what is different between two versions is marked: [key, sign, words] */
const DIFFERENCES = /** @type {["added" | "removed" | "changed", string, string][]} */ ([
  ["added", "+", say("New")],
  ["removed", "−", say("Taken out")],
  ["changed", "✎", say("Changed")],
]);
/** an element narrower than this is an event */
const SMALL = 60;
/** how much of a step's edge the time beside it takes, in the units of the diagram */
const STAY = 60;
/** from this zoom on words on a drawing can be read */
const LEGIBLE = 0.6;
/** @type {Record<string, (n: number) => string>} */
const STANDING = {
  overdue: (n) => say("{n} overdue here", { n }),
  incident: (n) => say("{n} stopped by an error here", { n }),
  waiting: (n) => say("{n} waiting here", { n }),
};

/**
 * @param {any} viewer a bpmn-js viewer that has drawn its diagram
 * @param {Overlays} overlays
 */
export function mark(viewer, overlays) {
  const canvas = viewer.get("canvas");
  const known = viewer.get("elementRegistry");
  for (const id of overlays.completed ?? []) {
    const element = known.get(id);
    // What lies inside an open sub-process has marks of its own; a coloured ground would drown them.
    if (element && !element.children?.length) canvas.addMarker(id, "mark-completed");
  }
  for (const id of overlays.never ?? []) {
    if (known.get(id)) canvas.addMarker(id, "mark-never");
  }
  for (const [id, kind] of Object.entries(overlays.marks ?? {})) {
    if (known.get(id) && kind !== "waiting") canvas.addMarker(id, `mark-${kind}`);
  }
  for (const [id, count] of Object.entries(overlays.tokens ?? {})) {
    if (!known.get(id)) continue;
    canvas.addMarker(id, "mark-active");
    const kind = overlays.marks?.[id] ?? "waiting";
    const late = overlays.late?.[id];
    const told = late ? say("{n} here now; overdue: {late}", { n: count, late }) : (STANDING[kind] ?? STANDING.waiting)(count);
    addBadge(viewer, id, String(count), kind, told);
  }
  for (const [id, warmth] of Object.entries(overlays.heat ?? {})) warm(viewer, id, warmth);
  linkTo(viewer, overlays.links ?? {});
  (overlays.problems ?? []).forEach((id, index) => {
    if (!known.get(id)) return;
    canvas.addMarker(id, "mark-problem");
    addBadge(viewer, id, "!", "problem", say("Problem {n}", { n: index + 1 }));
  });
  for (const [kind, sign, words] of DIFFERENCES) {
    for (const id of overlays[kind] ?? []) {
      if (!known.get(id)) continue;
      canvas.addMarker(id, `mark-${kind}`);
      if (!known.get(id).waypoints) addBadge(viewer, id, sign, kind, words);
    }
  }
}

/**
 * @param {any} viewer
 * @param {string} id of the element
 * @param {string} text
 * @param {string} kind a class name
 * @param {string} title
 */
function addBadge(viewer, id, text, kind, title) {
  const badge = document.createElement("div");
  badge.className = `token ${kind}`;
  badge.textContent = text;
  badge.title = title;
  viewer.get("overlays").add(id, { position: { top: -13, right: 13 }, scale: { min: 0.6 }, html: badge });
}

/**
 * How long tokens stayed at an element: its ground in a colour, and the time in words once the drawing is large enough for it.
 * All of it is told when the pointer rests on the element.
 *
 * @param {any} viewer
 * @param {string} id of the element
 * @param {{level: number, text: string, title: string}} warmth
 */
function warm(viewer, id, { level, text, title }) {
  const element = viewer.get("elementRegistry").get(id);
  if (!element) return;
  if (!element.children?.length) viewer.get("canvas").addMarker(id, `heat-${level}`);
  const badge = document.createElement("div");
  badge.className = `stay heat-${level}${element.width < SMALL ? " ahead" : ""}`;
  badge.textContent = text;
  badge.title = title;
  viewer.get("overlays").add(id, { position: besideOf(element), scale: true, show: { minZoom: LEGIBLE }, html: badge });
  const told = document.createElementNS("http://www.w3.org/2000/svg", "title");
  told.textContent = [element.businessObject.name, title].filter(Boolean).join(": ");
  viewer.get("elementRegistry").getGraphics(id).prepend(told);
}

/**
 * Where the time of an element hides neither names nor signs: above an event, whose name is under it, and ending left of the
 * flows at its middle and of its count; under a step, or above it when events or the ends of flows lie on the left of its lower edge.
 *
 * @param {any} element
 * @returns {Record<string, number>}
 */
function besideOf(element) {
  if (element.width < SMALL) return { top: -21, left: 12 };
  const right = element.x + STAY;
  const events = (element.attachers ?? []).map((/** @type {any} */ one) => ({ x: one.x, y: one.y + one.height / 2 }));
  const ends = [
    ...element.incoming.map((/** @type {any} */ one) => one.waypoints.at(-1)),
    ...element.outgoing.map((/** @type {any} */ one) => one.waypoints[0]),
  ];
  const crowded = (/** @type {number} */ edge) =>
    [...events, ...ends].some(({ x, y }) => Math.abs(y - edge) < 2 && x <= right);
  return crowded(element.y + element.height) && !crowded(element.y) ? { top: -21, left: 0 } : { bottom: -2, left: 0 };
}

/**
 * A click on an element leads to its cases.
 *
 * @param {any} viewer
 * @param {Record<string, string>} links addresses by element
 */
function linkTo(viewer, links) {
  if (!Object.keys(links).length) return;
  for (const id of Object.keys(links)) {
    if (viewer.get("elementRegistry").get(id)) viewer.get("canvas").addMarker(id, "leads");
  }
  viewer.get("eventBus").on("element.click", (/** @type {any} */ event) => {
    const address = links[event.element.id];
    if (address) location.assign(address);
  });
}

/**
 * Takes every mark away again that `mark` made for tokens.
 *
 * @param {any} viewer
 */
export function clearTokens(viewer) {
  const canvas = viewer.get("canvas");
  viewer.get("overlays").clear();
  for (const element of viewer.get("elementRegistry").getAll()) canvas.removeMarker(element.id, "mark-active");
}
