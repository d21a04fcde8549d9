/** Plain words beside those of BPMN: in the palette, in the menu that adds steps, and over the panel. */
import translate from "diagram-js/lib/i18n/translate/translate";

/** what the entries of the palette do */
const PALETTE = /** @type {Record<string, string>} */ ({
  "hand-tool": "Move the view (hand tool)",
  "lasso-tool": "Select several at once (lasso tool)",
  "space-tool": "Make room or take it away (space tool)",
  "global-connect-tool": "Connect two steps (arrow)",
  "create.start-event": "Start (start event)",
  "create.intermediate-event": "Something happens on the way: wait, message (intermediate event)",
  "create.end-event": "End (end event)",
  "create.exclusive-gateway": "Choice (gateway)",
  "create.task": "Step (task)",
  "create.data-object": "Data, as a note only (data object)",
  "create.subprocess-expanded": "Several steps as one (sub-process)",
  "create.participant-expanded": "Procedure with lanes (pool)",
  "create.group": "Frame around steps, as a note only (group)",
  create: "Another element …",
});

/** by which words the entries of the menu are found as well */
const FOUND_BY = /** @type {Record<string, string[]>} */ ({
  "exclusive gateway": ["choice", "question", "decision", "if", "either", "branch"],
  "parallel gateway": ["at the same time", "parallel", "both", "and"],
  "inclusive gateway": ["several ways", "some of"],
  "event-based gateway": ["whichever comes first", "wait for one of"],
  "user task": ["person", "task", "form", "somebody", "ask", "people", "step"],
  "business rule task": ["decision table", "rule", "decide"],
  "send task": ["message", "notice", "notify", "mail", "letter", "tell"],
  "service task": ["automatic", "by itself", "worker", "webhook"],
  "script task": ["work out", "calculate"],
  "receive task": ["wait for a message"],
  "call activity": ["procedure", "another procedure"],
  "start event": ["start", "begin", "beginning"],
  "end event": ["end", "finish", "over", "done"],
  "timer intermediate catch event": ["wait", "timer", "date", "time", "until", "pause", "delay"],
  "timer boundary event": ["deadline", "expiry", "too late"],
  "timer boundary event (non-interrupting)": ["reminder", "remind", "deadline"],
  "timer start event": ["every day", "schedule"],
  "message intermediate catch event": ["message", "wait for a message"],
  "message intermediate throw event": ["message", "send a message"],
  "signal intermediate catch event": ["signal", "wait for a signal"],
  "signal intermediate throw event": ["signal", "send a signal"],
});

/** what the panel calls the selected element */
const HEADINGS = /** @type {Record<string, string>} */ ({
  Collaboration: "Diagram (collaboration)",
  Process: "Procedure (process)",
  Participant: "Procedure with lanes (pool)",
  Lane: "Lane: who does it",
  "Exclusive Gateway": "Choice (exclusive gateway)",
  "Parallel Gateway": "At the same time (parallel gateway)",
  "Inclusive Gateway": "One or several ways (inclusive gateway)",
  "Event Based Gateway": "Whichever comes first (event-based gateway)",
  "Sequence Flow": "Way to the next step (flow)",
  "Default Flow": "Way that is taken otherwise (default flow)",
  "Conditional Flow": "Way under a condition (flow)",
  "Message Flow": "Message between procedures (message flow)",
  Task: "Step (task)",
  "User Task": "Step for a person (user task)",
  "Manual Task": "Step outside Parley (manual task)",
  "Service Task": "Step done by itself (service task)",
  "Script Task": "Something worked out (script task)",
  "Send Task": "Message or notice (send task)",
  "Receive Task": "Wait for a message (receive task)",
  "Business Rule Task": "Decision table (business rule task)",
  "Call Activity": "Another procedure (call activity)",
  "Start Event": "Start (start event)",
  "End Event": "End (end event)",
  "Terminate End Event": "End of everything (terminate end event)",
  "Timer Intermediate Catch Event": "Wait (timer event)",
  "Timer Boundary Event": "Time limit (timer boundary event)",
  "Timer Boundary Event (Non Interrupting)": "Reminder (timer boundary event)",
  "Text Annotation": "Note (text annotation)",
});

/** below the palette's own provider and above what leaves entries out */
const AFTER = 200;

class PlainWords {
  /** @param {any} popupMenu @param {any} palette */
  constructor(popupMenu, palette) {
    for (const menu of ["bpmn-append", "bpmn-create"]) popupMenu.registerProvider(menu, AFTER, this);
    palette.registerProvider(AFTER, this);
  }

  getPopupMenuEntries() {
    return (/** @type {Record<string, any>} */ entries) => mapped(entries, findable);
  }

  getPaletteEntries() {
    return (/** @type {Record<string, any>} */ entries) => mapped(entries, tooltip);
  }
}
PlainWords.$inject = ["popupMenu", "palette"];

/** @param {Record<string, any>} entries @param {(entry: any, id: string) => any} change */
function mapped(entries, change) {
  return Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, change(entry, id)]));
}

/** @param {any} entry of a menu */
function findable(entry) {
  const words = FOUND_BY[String(entry.label ?? "").toLowerCase()];
  return words ? { ...entry, search: [...words, ...[entry.search ?? []].flat()] } : entry;
}

/** @param {any} entry of the palette, which names its entries for readers of the screen only @param {string} id */
function tooltip(entry, id) {
  if (entry.separator) return entry;
  const title = PALETTE[id] ?? entry.title ?? "";
  const holder = document.createElement("div");
  holder.innerHTML = entry.html ?? '<div class="entry" draggable="true"></div>';
  holder.firstElementChild?.setAttribute("title", title);
  return { ...entry, title, html: holder.innerHTML.trim() };
}

/** @param {string} text @param {Record<string, string>} [values] */
const worded = (text, values) => translate(HEADINGS[text] ?? text, values);

export const PlainWordsModule = {
  __init__: ["plainWords"],
  plainWords: ["type", PlainWords],
  translate: ["value", worded],
};
