/** What the panel shows for the selected element: groups in plain words. Order is the order in which people ask. */
import { conditionGroup, scriptGroup } from "./deciding.js";
import { messageGroup, noticeGroup } from "./telling.js";
import { formGroup, whoGroup } from "./people.js";
import { mappingGroup, callGroup, decisionGroup, outsideGroup } from "./outside.js";
import { nameGroup, procedureGroup, seenGroup, technicalGroup } from "./naming.js";
import { dueGroup, timerGroup } from "./time.js";
import { repeatsGroup } from "./repeats.js";
import { Subject } from "./model.js";
import { say } from "../../words.js";

/** groups of the library's own that are kept, with plainer names */
const KEPT = /** @type {Record<string, string>} */ ({ error: say("Error"), signal: say("Signal"), escalation: say("Escalation"), link: say("Link to another place") });
const GROUPS = [
  nameGroup,
  procedureGroup,
  whoGroup,
  formGroup,
  timerGroup,
  dueGroup,
  conditionGroup,
  noticeGroup,
  messageGroup,
  decisionGroup,
  outsideGroup,
  callGroup,
  mappingGroup,
  scriptGroup,
  repeatsGroup,
  seenGroup,
  technicalGroup,
];
/** below the library's own provider, so that its groups are there to choose from */
const LATER = 400;

class Provider {
  /** @param {any} propertiesPanel @param {any} injector @param {any} room what the room gives: knowledge, rooms */
  constructor(propertiesPanel, injector, room) {
    this.injector = injector;
    this.room = room;
    propertiesPanel.registerProvider(LATER, this);
  }

  /** @param {any} element */
  getGroups(element) {
    return (/** @type {any[]} */ groups) => {
      const kept = groups.filter((one) => one.id in KEPT).map((one) => ({ ...one, label: KEPT[one.id] }));
      const subject = new Subject(element, this.injector);
      const ours = GROUPS.flatMap((group) => group(subject, this.room));
      return [...ours.slice(0, -1), ...kept, ...ours.slice(-1)];
    };
  }
}
Provider.$inject = ["propertiesPanel", "injector", "config.room"];

export const PanelModule = {
  __init__: ["parleyProvider"],
  parleyProvider: ["type", Provider],
};
