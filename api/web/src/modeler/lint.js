/** Rules of the drawing, checked in the browser: what would be hard to read or is not connected. The server checks what can run. */
import Linter from "bpmnlint/lib/linter.js";
import conditionalFlows from "bpmnlint/rules/conditional-flows.js";
import endEventRequired from "bpmnlint/rules/end-event-required.js";
import labelRequired from "bpmnlint/rules/label-required.js";
import noDisconnected from "bpmnlint/rules/no-disconnected.js";
import noDuplicateFlows from "bpmnlint/rules/no-duplicate-sequence-flows.js";
import noImplicitEnd from "bpmnlint/rules/no-implicit-end.js";
import noImplicitSplit from "bpmnlint/rules/no-implicit-split.js";
import noImplicitStart from "bpmnlint/rules/no-implicit-start.js";
import noOverlapping from "bpmnlint/rules/no-overlapping-elements.js";
import startEventRequired from "bpmnlint/rules/start-event-required.js";
import { say } from "../words.js";

const RULES = /** @type {Record<string, any>} */ ({
  "conditional-flows": conditionalFlows,
  "end-event-required": endEventRequired,
  "label-required": labelRequired,
  "no-disconnected": noDisconnected,
  "no-duplicate-sequence-flows": noDuplicateFlows,
  "no-implicit-end": noImplicitEnd,
  "no-implicit-split": noImplicitSplit,
  "no-implicit-start": noImplicitStart,
  "no-overlapping-elements": noOverlapping,
  "start-event-required": startEventRequired,
});
const WORDS = /** @type {Record<string, string>} */ ({
  "conditional-flows": say("Of several ways out, some have a condition and this has none: give it one, or make it the one taken otherwise."),
  "end-event-required": say("It has no end: add an end event after the last step."),
  "label-required": say("It has no name: say in a few words what happens here."),
  "no-disconnected": say("It is not connected with anything: connect it, or delete it."),
  "no-duplicate-sequence-flows": say("Two lines lead from and to the same steps: delete one of them."),
  "no-implicit-end": say("Nothing comes after it: connect it with what follows, or with an end event."),
  "no-implicit-split": say("Several ways lead out of it without a gateway, so all are taken: put a gateway behind it if that is not meant."),
  "no-implicit-start": say("Nothing leads to it: connect it with what comes before, or with a start event."),
  "no-overlapping-elements": say("It lies over something else: move one of them."),
  "start-event-required": say("It has no start: add a start event before the first step."),
});

const OPTIONS = {
  config: { rules: Object.fromEntries(Object.keys(RULES).map((name) => [name, "warn"])) },
  resolver: { resolveRule: (/** @type {string} */ _, /** @type {string} */ name) => RULES[name], resolveConfig: () => null },
};

/**
 * @param {any} definitions as the modeler has them
 * @returns {Promise<{element_id: string, code: string, message: string, level: "advice"}[]>}
 */
export async function lint(definitions) {
  // rules remember what they saw, so each look takes new ones
  const found = await new Linter(OPTIONS).lint(definitions);
  return Object.entries(found).flatMap(([rule, reports]) =>
    /** @type {any[]} */ (reports)
      .filter((report) => report.id)
      .map((report) => ({ element_id: report.id, code: `drawing-${rule}`, message: WORDS[rule] ?? report.message, level: "advice" })),
  );
}
