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

/** what the panel and the list of problems call an element */
const HEADINGS = /** @type {Record<string, string>} */ ({
  Collaboration: "The whole diagram",
  Process: "The whole procedure",
  Participant: "Procedure with lanes",
  Lane: "Lane: who does it",
  "Exclusive Gateway": "Choice",
  "Parallel Gateway": "At the same time",
  "Inclusive Gateway": "One or several ways",
  "Event Based Gateway": "Whichever comes first",
  "Sequence Flow": "Way to the next step",
  "Default Flow": "Way that is taken otherwise",
  "Conditional Flow": "Way under a condition",
  "Message Flow": "Message between procedures",
  Association: "Line to a note",
  Task: "Step",
  "User Task": "Step for a person",
  "Manual Task": "Step outside Parley",
  "Service Task": "Step done by itself",
  "Script Task": "Something worked out",
  "Send Task": "Message or notice",
  "Receive Task": "Wait for a message",
  "Business Rule Task": "Decision table",
  "Call Activity": "Another procedure",
  "Sub Process": "Several steps as one",
  "Event Sub Process": "Steps for when something happens",
  "Start Event": "Start",
  "Timer Start Event": "Start at a time",
  "Message Start Event": "Start by a message",
  "Signal Start Event": "Start by a signal",
  "Conditional Start Event": "Start when something holds",
  "Error Start Event": "Start by an error",
  "Escalation Start Event": "Start by an escalation",
  "End Event": "End",
  "Terminate End Event": "End of everything",
  "Message End Event": "End with a message",
  "Signal End Event": "End with a signal",
  "Error End Event": "End with an error",
  "Escalation End Event": "End with an escalation",
  "Intermediate Catch Event": "Wait",
  "Intermediate Throw Event": "Something happens",
  "Timer Intermediate Catch Event": "Wait for a time",
  "Message Intermediate Catch Event": "Wait for a message",
  "Signal Intermediate Catch Event": "Wait for a signal",
  "Conditional Intermediate Catch Event": "Wait until something holds",
  "Message Intermediate Throw Event": "Send a message",
  "Signal Intermediate Throw Event": "Send a signal",
  "Escalation Intermediate Throw Event": "Escalate",
  "Boundary Event": "What may happen during a step",
  "Timer Boundary Event": "Clock on a step: time limit",
  "Timer Boundary Event (Non Interrupting)": "Clock on a step: reminder",
  "Message Boundary Event": "Message during a step, which ends it",
  "Message Boundary Event (Non Interrupting)": "Message during a step",
  "Signal Boundary Event": "Signal during a step, which ends it",
  "Signal Boundary Event (Non Interrupting)": "Signal during a step",
  "Conditional Boundary Event": "Something holds during a step, which ends it",
  "Conditional Boundary Event (Non Interrupting)": "Something holds during a step",
  "Error Boundary Event": "Error during a step",
  "Escalation Boundary Event": "Escalation during a step, which ends it",
  "Escalation Boundary Event (Non Interrupting)": "Escalation during a step",
  "Data Object Reference": "Data, as a note only",
  "Data Store Reference": "Store of data, as a note only",
  Group: "Frame around steps",
  "Text Annotation": "Note",
});

/** @param {string} type as BPMN has it, such as bpmn:EndEvent @returns {string} what people call such an element */
export function kindOf(type) {
  const spaced = type.replace("bpmn:", "").replace(/([a-z])([A-Z])/g, "$1 $2");
  return HEADINGS[spaced] ?? spaced;
}

/** below the palette's own provider and above what leaves entries out */
const AFTER = 200;

class PlainWords {
  /** @param {any} popupMenu @param {any} palette */
  constructor(popupMenu, palette) {
    for (const menu of ["bpmn-append", "bpmn-create", "bpmn-replace"]) popupMenu.registerProvider(menu, AFTER, this);
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
