/** Reading and changing the diagram for the panel: attributes, parts inside an element, messages; each change is one step back. */
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";

export { getBusinessObject, is, isAny };

/** One element and the services that change it. */
export class Subject {
  /** @param {any} element of the drawing @param {any} injector */
  constructor(element, injector) {
    this.element = element;
    this.injector = injector;
    this.bo = getBusinessObject(element);
    this.modeling = injector.get("modeling");
    this.factory = injector.get("bpmnFactory");
  }

  /** @param {...string} types @returns {boolean} whether it is one of them */
  is(...types) {
    return isAny(this.bo, types);
  }

  /** @param {string} name of an attribute; `parley:` ones too @param {any} [of] a part of the element */
  get(name, of = this.bo) {
    return of.get(name) ?? "";
  }

  /** @param {string} name @param {any} value @param {any} [of] */
  set(name, value, of = this.bo) {
    const kept = value === "" || value === false ? undefined : value;
    this.modeling.updateModdleProperties(this.element, of, { [name]: kept });
  }

  /** @param {object} properties several at once, as one step @param {any} [of] */
  setAll(properties, of = this.bo) {
    this.modeling.updateModdleProperties(this.element, of, properties);
  }

  /** @param {object} properties that the drawing shows as well: name, conditions, loops */
  show(properties) {
    this.modeling.updateProperties(this.element, properties);
  }

  /** @param {string} type @param {object} properties @param {any} [parent] */
  make(type, properties, parent = this.bo) {
    const made = this.factory.create(type, properties);
    made.$parent = parent;
    return made;
  }

  /** @param {string} body @param {any} parent @returns {any} a formal expression; undefined for an empty text */
  expression(body, parent) {
    return body ? this.make("bpmn:FormalExpression", { body }, parent) : undefined;
  }

  /** @param {string} type @returns {any} the event's definition of that type */
  event(type) {
    return (this.bo.get("eventDefinitions") ?? []).find((/** @type {any} */ one) => is(one, type));
  }

  /** @returns {any} the file's root */
  get definitions() {
    let found = this.bo;
    while (found.$parent) found = found.$parent;
    return found;
  }

  /** @returns {string} key of the procedure that it is in */
  get process() {
    let found = this.bo;
    while (found && found.$type !== "bpmn:Process") found = found.$parent;
    return found?.id ?? "";
  }

  /** @param {string} type @returns {any[]} elements at the file's root, such as messages */
  roots(type) {
    return (this.definitions.get("rootElements") ?? []).filter((/** @type {any} */ one) => is(one, type));
  }

  /** @param {any} root put into the file, then used: one step each */
  addRoot(root) {
    const definitions = this.definitions;
    root.$parent = definitions;
    this.modeling.updateModdleProperties(this.element, definitions, { rootElements: [...definitions.get("rootElements"), root] });
  }

  /** @param {string} type of an extension element @returns {any} the first one */
  extension(type) {
    return (this.bo.get("extensionElements")?.get("values") ?? []).find((/** @type {any} */ one) => is(one, type));
  }

  /** @param {any} added or put in place of one of its type; without entries it is taken away */
  putExtension(added) {
    const holder = this.bo.get("extensionElements") ?? this.make("bpmn:ExtensionElements", { values: [] });
    const others = holder.get("values").filter((/** @type {any} */ one) => one.$type !== added.$type);
    const values = [...others, added];
    const made = this.make("bpmn:ExtensionElements", { values });
    for (const value of values) value.$parent = made;
    this.setAll({ extensionElements: made });
  }

  /** @returns {string[]} names of the lanes that hold it, the innermost first */
  lanes() {
    for (let step = this.bo; step; step = step.$parent) {
      const found = lanesIn(step.$parent?.laneSets ?? [], step);
      if (found.length) return found;
    }
    return [];
  }
}

/**
 * @param {any[]} sets of lanes
 * @param {any} node
 * @returns {string[]}
 */
function lanesIn(sets, node) {
  for (const lane of sets.flatMap((set) => set.lanes ?? [])) {
    const inner = lane.childLaneSet ? lanesIn([lane.childLaneSet], node) : [];
    if (inner.length) return [...inner, lane.name ?? ""];
    if ((lane.flowNodeRef ?? []).includes(node)) return [lane.name ?? ""];
  }
  return [];
}
