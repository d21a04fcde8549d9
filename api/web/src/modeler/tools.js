/** The buttons over the diagram, for who does not know the keys. */

const LARGER = 1.25;

/**
 * The search opens once the click is over, as it closes on any click beside it.
 *
 * @param {any} modeler
 * @returns {Record<string, () => void>} what each data-act does
 */
function acts(modeler) {
  const canvas = modeler.get("canvas");
  const zoom = (/** @type {number} */ factor) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), "auto");
  return {
    undo: () => modeler.get("commandStack").undo(),
    redo: () => modeler.get("commandStack").redo(),
    find: () => setTimeout(() => modeler.get("searchPad").open()),
    in: () => zoom(LARGER),
    out: () => zoom(1 / LARGER),
    fit: () => fit(canvas),
    map: () => modeler.get("minimap").toggle(),
    simulate: () => modeler.get("toggleMode").toggleMode(),
    append: () => append(modeler),
  };
}

/** @param {any} canvas all of the diagram is shown, beside the palette and not beneath it */
function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const { x, y, width, height } = canvas.viewbox();
  const container = canvas.getContainer();
  const palette = container.querySelector(".djs-palette");
  const share = palette ? (palette.offsetLeft + palette.offsetWidth) / container.clientWidth : 0;
  const room = (width * share) / (1 - share);
  canvas.viewbox({ x: x - room, y, width: width + room, height });
}

/** @param {any} modeler the menu of what can be put after the selected step, or anywhere */
function append(modeler) {
  const [selected] = modeler.get("selection").get();
  modeler.get("editorActions").trigger(selected && modeler.get("rules").allowed("shape.append", { element: selected }) ? "appendElement" : "createElement", {});
}

/** @param {HTMLElement} room @param {any} modeler */
export function watchTools(room, modeler) {
  const all = acts(modeler);
  const bar = /** @type {HTMLElement} */ (room.querySelector("[data-tools]"));
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-act]") : null;
    if (button instanceof HTMLElement) all[button.dataset.act ?? ""]?.();
  });
  const stack = modeler.get("commandStack");
  const refresh = () => {
    setOff(bar, "undo", !stack.canUndo());
    setOff(bar, "redo", !stack.canRedo());
  };
  modeler.on("commandStack.changed", refresh);
  modeler.on("tokenSimulation.toggleMode", (/** @type {{active: boolean}} */ event) => pressed(bar, "simulate", event.active));
  modeler.on("minimap.toggle", (/** @type {{open: boolean}} */ event) => pressed(bar, "map", event.open));
  refresh();
}

/** @param {HTMLElement} bar @param {string} act @param {boolean} off */
function setOff(bar, act, off) {
  bar.querySelector(`[data-act=${act}]`)?.toggleAttribute("disabled", off);
}

/** @param {HTMLElement} bar @param {string} act @param {boolean} on */
function pressed(bar, act, on) {
  bar.querySelector(`[data-act=${act}]`)?.setAttribute("aria-pressed", String(on));
}
