/** Plain words beside those of BPMN: in the palette, in the menu that adds steps, and over the panel. */
import translate from "diagram-js/lib/i18n/translate/translate";
import { say } from "../words.js";

/** what the entries of the palette do */
const PALETTE = /** @type {Record<string, string>} */ ({
  "hand-tool": say("Move the view (hand tool)"),
  "lasso-tool": say("Select several at once (lasso tool)"),
  "space-tool": say("Make room or take it away (space tool)"),
  "global-connect-tool": say("Connect two steps (arrow)"),
  "create.start-event": say("Start (start event)"),
  "create.intermediate-event": say("Something happens on the way: wait, message (intermediate event)"),
  "create.end-event": say("End (end event)"),
  "create.exclusive-gateway": say("Choice (gateway)"),
  "create.task": say("Step (task)"),
  "create.data-object": say("Data, as a note only (data object)"),
  "create.subprocess-expanded": say("Several steps as one (sub-process)"),
  "create.participant-expanded": say("Procedure with lanes (pool)"),
  "create.group": say("Frame around steps, as a note only (group)"),
  create: say("Another element …"),
});

/** by which words the entries of the menu are found as well, with commas between them */
const FOUND_BY = /** @type {Record<string, string>} */ ({
  "exclusive gateway": say("choice, question, decision, if, either, branch"),
  "parallel gateway": say("at the same time, parallel, both, and"),
  "inclusive gateway": say("several ways, some of"),
  "event-based gateway": say("whichever comes first, wait for one of"),
  "user task": say("person, task, form, somebody, ask, people, step"),
  "business rule task": say("decision table, rule, decide"),
  "send task": say("message, notice, notify, mail, letter, tell"),
  "service task": say("automatic, by itself, worker, webhook"),
  "script task": say("work out, calculate"),
  "receive task": say("wait for a message"),
  "call activity": say("procedure, another procedure"),
  "start event": say("start, begin, beginning"),
  "end event": say("end, finish, over, done"),
  "timer intermediate catch event": say("wait, timer, date, time, until, pause, delay"),
  "timer boundary event": say("deadline, expiry, too late"),
  "timer boundary event (non-interrupting)": say("reminder, remind, deadline"),
  "timer start event": say("every day, schedule"),
  "message intermediate catch event": say("message, wait for a message"),
  "message intermediate throw event": say("message, send a message"),
  "signal intermediate catch event": say("signal, wait for a signal"),
  "signal intermediate throw event": say("signal, send a signal"),
});

/** what the panel and the list of problems call an element */
const HEADINGS = /** @type {Record<string, string>} */ ({
  Collaboration: say("The whole diagram"),
  Process: say("The whole procedure"),
  Participant: say("Procedure with lanes"),
  Lane: say("Lane: who does it"),
  "Exclusive Gateway": say("Choice"),
  "Parallel Gateway": say("At the same time"),
  "Inclusive Gateway": say("One or several ways"),
  "Event Based Gateway": say("Whichever comes first"),
  "Sequence Flow": say("Way to the next step"),
  "Default Flow": say("Way that is taken otherwise"),
  "Conditional Flow": say("Way under a condition"),
  "Message Flow": say("Message between procedures"),
  Association: say("Line to a note"),
  Task: say("Step"),
  "User Task": say("Step for a person"),
  "Manual Task": say("Step outside Parley"),
  "Service Task": say("Step done by itself"),
  "Script Task": say("Something worked out"),
  "Send Task": say("Message or notice"),
  "Receive Task": say("Wait for a message"),
  "Business Rule Task": say("Decision table"),
  "Call Activity": say("Another procedure"),
  "Sub Process": say("Several steps as one"),
  "Event Sub Process": say("Steps for when something happens"),
  "Start Event": say("Start"),
  "Timer Start Event": say("Start at a time"),
  "Message Start Event": say("Start by a message"),
  "Signal Start Event": say("Start by a signal"),
  "Conditional Start Event": say("Start when something holds"),
  "Error Start Event": say("Start by an error"),
  "Escalation Start Event": say("Start by an escalation"),
  "End Event": say("End"),
  "Terminate End Event": say("End of everything"),
  "Message End Event": say("End with a message"),
  "Signal End Event": say("End with a signal"),
  "Error End Event": say("End with an error"),
  "Escalation End Event": say("End with an escalation"),
  "Intermediate Catch Event": say("Wait"),
  "Intermediate Throw Event": say("Something happens"),
  "Timer Intermediate Catch Event": say("Wait for a time"),
  "Message Intermediate Catch Event": say("Wait for a message"),
  "Signal Intermediate Catch Event": say("Wait for a signal"),
  "Conditional Intermediate Catch Event": say("Wait until something holds"),
  "Message Intermediate Throw Event": say("Send a message"),
  "Signal Intermediate Throw Event": say("Send a signal"),
  "Escalation Intermediate Throw Event": say("Escalate"),
  "Boundary Event": say("What may happen during a step"),
  "Timer Boundary Event": say("Clock on a step: time limit"),
  "Timer Boundary Event (Non Interrupting)": say("Clock on a step: reminder"),
  "Message Boundary Event": say("Message during a step, which ends it"),
  "Message Boundary Event (Non Interrupting)": say("Message during a step"),
  "Signal Boundary Event": say("Signal during a step, which ends it"),
  "Signal Boundary Event (Non Interrupting)": say("Signal during a step"),
  "Conditional Boundary Event": say("Something holds during a step, which ends it"),
  "Conditional Boundary Event (Non Interrupting)": say("Something holds during a step"),
  "Error Boundary Event": say("Error during a step"),
  "Escalation Boundary Event": say("Escalation during a step, which ends it"),
  "Escalation Boundary Event (Non Interrupting)": say("Escalation during a step"),
  "Data Object Reference": say("Data, as a note only"),
  "Data Store Reference": say("Store of data, as a note only"),
  Group: say("Frame around steps"),
  "Text Annotation": say("Note"),
});

/** what the entries of menus are in plain words, by their names */
const DESCRIBED = new Map(Object.entries(HEADINGS).map(([name, words]) => [described(name), words]));

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
  const name = english.get(entry.label) ?? String(entry.label ?? "");
  const words = FOUND_BY[name.toLowerCase()]?.split(", ") ?? [];
  const plain = DESCRIBED.get(described(name));
  const description = plain && plain !== entry.label ? plain : entry.description;
  return { ...entry, description, search: [...words, name, ...[entry.search ?? []].flat()] };
}

/** @param {string} name in a menu or in the panel @returns {string} the same for both, which write hyphens and large letters differently */
function described(name) {
  return name.toLowerCase().replace(/\s*\((expanded|collapsed)\)/, "").replaceAll("-", " ");
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

/** what the libraries call by its English name, by what is said instead */
const english = /** @type {Map<string, string>} */ (new Map());

/** @param {string} text of a library, in English @param {Record<string, string>} [values] */
function worded(text, values) {
  const said = HEADINGS[text] ?? (text && say(text));
  english.set(said, text);
  return translate(said, values);
}

export const PlainWordsModule = {
  __init__: ["plainWords"],
  plainWords: ["type", PlainWords],
  translate: ["value", worded],
};
