/** Name and notes; what a procedure is; what others may see; the technical name. */
import { area, choice, group, line, optionsOf, tick } from "./parts.js";

const ID = /^[A-Za-z_][\w.-]*$/;

/** @param {import("./model.js").Subject} one */
export function nameGroup(one) {
  if (one.is("bpmn:Process", "bpmn:Collaboration", "bpmn:Participant")) return [];
  const annotation = one.is("bpmn:TextAnnotation");
  const name = annotation ? "text" : "name";
  if (!annotation && !one.bo.$descriptor.propertiesByName.name && !one.is("bpmn:Group")) return [];
  return group(
    "name",
    "Name and notes",
    [
      line({
        id: "name",
        label: one.is("bpmn:SequenceFlow") ? "Words on the line" : annotation ? "Text" : "Name",
        help: one.is("bpmn:UserTask") ? "Begin with a verb: people read it in their inbox." : undefined,
        element: one.element,
        read: () => one.get(name),
        write: (text) => one.show({ [name]: text || undefined }),
      }),
      ...(annotation ? [] : [notes(one, one.bo, one.is("bpmn:UserTask", "bpmn:ManualTask") ? "Notes for whoever does it" : "Notes")]),
    ],
    true,
  );
}

/**
 * @param {import("./model.js").Subject} one
 * @param {any} of what the notes are about
 * @param {string} label
 */
function notes(one, of, label) {
  return area({
    id: "notes",
    label,
    element: one.element,
    read: () => of.get("documentation")?.[0]?.text ?? "",
    write: (text) => one.setAll({ documentation: text ? [one.make("bpmn:Documentation", { text }, of)] : [] }, of),
  });
}

/** @param {import("./model.js").Subject} one */
export function procedureGroup(one) {
  const process = one.is("bpmn:Process") ? one.bo : one.is("bpmn:Participant") ? one.bo.processRef : null;
  if (!process) return one.is("bpmn:Collaboration") ? collaboration(one) : [];
  return group(
    "procedure",
    "Procedure",
    [
      line({
        id: "name",
        label: "Name",
        element: one.element,
        read: () => process.name ?? "",
        write: (name) => {
          one.set("name", name, process);
          if (process !== one.bo) one.show({ name });
        },
      }),
      notes(one, process, "What it is for"),
      tick({
        id: "executable",
        label: "Can be run",
        help: "Without it this is only a picture.",
        element: one.element,
        read: () => process.isExecutable ?? false,
        write: (value) => one.setAll({ isExecutable: Boolean(value) }, process),
      }),
    ],
    true,
  );
}

/** @param {import("./model.js").Subject} one */
function collaboration(one) {
  return group("procedure", "Diagram", [notes(one, one.bo, "Notes")], true);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {{knowledge: import("../knowledge.js").Knowledge}} room
 */
export function seenGroup(one, room) {
  if (!one.is("bpmn:FlowNode")) return [];
  const entries = [
    tick({
      id: "discreet",
      label: "Others are not told that this exists",
      help: "Only who works it, and who lists all cases, sees it.",
      element: one.element,
      read: () => one.get("parley:discreet") === "true",
      write: (value) => one.set("parley:discreet", value ? "true" : ""),
    }),
    choice({
      id: "milestone",
      label: "Milestone reached when it is done",
      element: one.element,
      read: () => one.get("parley:milestone"),
      write: (value) => one.set("parley:milestone", value),
      options: () => optionsOf("None", room.knowledge.known.milestones),
    }),
  ];
  const shows = line({
    id: "shows",
    label: "Confidential content opened to who does it",
    help: "Classes with commas between them, such as C2. Their role has to be allowed to read them.",
    element: one.element,
    read: () => one.get("parley:shows"),
    write: (value) => one.set("parley:shows", value),
  });
  return group("seen", "What others may see", one.is("bpmn:UserTask", "bpmn:ManualTask") ? [shows, ...entries] : entries);
}

/** @param {import("./model.js").Subject} one */
export function technicalGroup(one) {
  const of = one.is("bpmn:Participant") && one.bo.processRef ? one.bo.processRef : one.bo;
  const entry = line({
    id: "id",
    label: of === one.bo ? "Id" : "Id of the procedure",
    help: "Tests, reports and running cases know it by this; change it only while it is new.",
    element: one.element,
    read: () => of.id,
    write: (id) => ID.test(id ?? "") && (of === one.bo ? one.show({ id }) : one.set("id", id, of)),
    validate: (/** @type {string} */ id) => problemOf(one, of, id),
  });
  return group("technical", "Technical name", [entry]);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {any} of
 * @param {string} id
 */
function problemOf(one, of, id) {
  if (!ID.test(id ?? "")) return "Begin with a letter; letters, digits, “_”, “-” and “.” may follow.";
  const other = one.injector.get("moddle").ids?.assigned(id);
  return other && other !== of ? "Something else has this id." : undefined;
}
