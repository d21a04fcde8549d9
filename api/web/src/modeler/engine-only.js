/** Leaves out of all menus what the engine refuses to run, so that nobody draws it by accident; imported diagrams keep it. */

/** names of entries whose element a publish would refuse (engine/README.md, BPMN elements) */
const REFUSED = /complex|compensation|cancel-|cancel$|transaction|ad-?hoc|instantiat|parallel-event-based|data-store/i;
const MENUS = ["bpmn-append", "bpmn-create", "bpmn-replace"];
/** after all providers that add entries */
const LAST = 100;

class Menus {
  /** @param {any} popupMenu @param {any} palette */
  constructor(popupMenu, palette) {
    for (const menu of MENUS) popupMenu.registerProvider(menu, LAST, this);
    palette.registerProvider(LAST, this);
  }

  getPopupMenuEntries() {
    return without;
  }

  getPopupMenuHeaderEntries() {
    return without;
  }

  getPaletteEntries() {
    return without;
  }
}
Menus.$inject = ["popupMenu", "palette"];

/** @param {Record<string, any>} entries @returns {Record<string, any>} those that can be run */
function without(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !REFUSED.test(id)));
}

export const EngineOnlyModule = { __init__: ["engineOnly"], engineOnly: ["type", Menus] };
