/** Name and notes; what a procedure is; what others may see; the technical name. */
import { area, choice, group, line, optionsOf, tick } from "./parts.js";
import { say } from "../../words.js";

const ID = /^[A-Za-z_][\w.-]*$/;

/** @param {import("./model.js").Subject} one */
export function nameGroup(one) {
  if (one.is("bpmn:Process", "bpmn:Collaboration", "bpmn:Participant")) return [];
  const annotation = one.is("bpmn:TextAnnotation");
  const name = annotation ? "text" : "name";
  if (!annotation && !one.bo.$descriptor.propertiesByName.name && !one.is("bpmn:Group")) return [];
  return group(
    "name",
    say("Name and notes"),
    [
      line({
        id: "name",
        label: one.is("bpmn:SequenceFlow") ? say("Words on the line") : annotation ? say("Text") : say("Name"),
        help: one.is("bpmn:UserTask") ? say("Begin with a verb: people read it in their inbox.") : undefined,
        element: one.element,
        read: () => one.get(name),
        write: (text) => one.show({ [name]: text || undefined }),
      }),
      ...(annotation ? [] : [notes(one, one.bo, one.is("bpmn:UserTask", "bpmn:ManualTask") ? say("Notes for whoever does it") : say("Notes"))]),
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
    say("Procedure"),
    [
      line({
        id: "name",
        label: say("Name"),
        element: one.element,
        read: () => process.name ?? "",
        write: (name) => {
          one.set("name", name, process);
          if (process !== one.bo) one.show({ name });
        },
      }),
      notes(one, process, say("What it is for")),
      tick({
        id: "executable",
        label: say("Can be run"),
        help: say("Without it this is only a picture."),
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
  return group("procedure", say("Diagram"), [notes(one, one.bo, say("Notes"))], true);
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
      label: say("Others are not told that this exists"),
      help: say("Only who works it, and who lists all cases, sees it."),
      element: one.element,
      read: () => one.get("parley:discreet") === "true",
      write: (value) => one.set("parley:discreet", value ? "true" : ""),
    }),
    choice({
      id: "milestone",
      label: say("Milestone reached when it is done"),
      element: one.element,
      read: () => one.get("parley:milestone"),
      write: (value) => one.set("parley:milestone", value),
      options: () => optionsOf(say("None"), room.knowledge.known.milestones),
    }),
  ];
  const shows = line({
    id: "shows",
    label: say("Confidential content opened to who does it"),
    help: say("Classes with commas between them, such as C2. Their role has to be allowed to read them."),
    element: one.element,
    read: () => one.get("parley:shows"),
    write: (value) => one.set("parley:shows", value),
  });
  return group("seen", say("What others may see"), one.is("bpmn:UserTask", "bpmn:ManualTask") ? [shows, ...entries] : entries);
}

/** @param {import("./model.js").Subject} one */
export function technicalGroup(one) {
  const of = one.is("bpmn:Participant") && one.bo.processRef ? one.bo.processRef : one.bo;
  const entry = line({
    id: "id",
    label: of === one.bo ? say("Id") : say("Id of the procedure"),
    help: say("Tests, reports and running cases know it by this; change it only while it is new."),
    element: one.element,
    read: () => of.id,
    write: (id) => ID.test(id ?? "") && (of === one.bo ? one.show({ id }) : one.set("id", id, of)),
    validate: (/** @type {string} */ id) => problemOf(one, of, id),
  });
  return group("technical", say("Technical name"), [entry]);
}

/**
 * @param {import("./model.js").Subject} one
 * @param {any} of
 * @param {string} id
 */
function problemOf(one, of, id) {
  if (!ID.test(id ?? "")) return say("Begin with a letter; letters, digits, “_”, “-” and “.” may follow.");
  const other = one.injector.get("moddle").ids?.assigned(id);
  return other && other !== of ? say("Something else has this id.") : undefined;
}
