/** What the pack and the other files know, for the choices of the panel: forms, roles, settings, variables at a place … */
import { say } from "../words.js";

/**
 * @typedef {{type?: string, label?: string, values?: Record<string, string>}} Variable
 * @typedef {{key: string, label: string, type: string, value: string | number | boolean, min?: string | number, max?: string | number}} Setting
 */

const NOTHING = {
  forms: [],
  roles: [],
  lanes: [],
  duties: [],
  exclusions: [],
  settings: [],
  decisions: [],
  processes: [],
  messages: [],
  notices: [],
  calendars: [],
  operations: [],
  milestones: [],
  classes: [],
  deadline_rules: [],
  variables: {},
  at: {},
};

export class Knowledge {
  /**
   * @param {string} change address of the change
   * @param {string} name of the file
   * @param {string} token repeated by every unsafe request
   */
  constructor(change, name, token) {
    this.change = change;
    this.name = name;
    this.token = token;
    /** @type {any} */
    this.known = NOTHING;
    /** @type {() => void} */
    this.onNews = () => {};
    /** called when something was saved that is not in the room's own file @type {() => void} */
    this.onSaved = () => {};
    this.asked = 0;
  }

  /** @param {string} text what the file holds now, saved or not */
  async refresh(text) {
    const turn = (this.asked += 1);
    const answer = await this.#send("POST", `${this.change}/knowledge/${encodeURI(this.name)}`, { files: { [this.name]: text } });
    if (!answer?.ok || turn !== this.asked) return;
    this.known = { ...NOTHING, ...(await answer.json()) };
    this.onNews();
  }

  /** @param {string} id of an element @returns {[string, Variable][]} variables that can be set before it; all when that is not known */
  variables(id) {
    const names = this.known.at[id] ?? Object.keys(this.known.variables);
    return names.map((/** @type {string} */ name) => [name, this.known.variables[name] ?? {}]);
  }

  /** @param {string} key @returns {Setting | undefined} */
  setting(key) {
    return this.known.settings.find((/** @type {Setting} */ one) => one.key === key);
  }

  /** @param {string} type @returns {Setting[]} */
  settings(type) {
    return this.known.settings.filter((/** @type {Setting} */ one) => one.type === type);
  }

  /**
   * Give a setting another value in this change's pack.
   *
   * @param {string} key
   * @param {string | number | boolean} value
   * @returns {Promise<string>} what stands against it; empty when it is done
   */
  async changeSetting(key, value) {
    const answer = await this.#send("PUT", `${this.change}/settings/${encodeURIComponent(key)}`, { value });
    if (!answer) return say("No connection: the setting was not changed. Try again when it is back.");
    if (!answer.ok) return await wordsOf(answer);
    const found = this.setting(key);
    if (found) found.value = value;
    this.onNews();
    this.onSaved();
    return "";
  }

  /**
   * Add a reminder to a step in this change's pack, take one out, or give its own ones up.
   *
   * @param {string} method
   * @param {string} step process and element, and what else the address says
   * @param {object} [body]
   * @returns {Promise<string>} what stands against it; empty when it is done
   */
  async changeReminders(method, step, body) {
    const answer = await this.#send(method, `${this.change}/reminders/${step}`, body);
    if (!answer) return say("No connection: the reminders were not changed. Try again when it is back.");
    if (!answer.ok) return await wordsOf(answer);
    this.known.deadline_rules = (await answer.json()).deadline_rules;
    this.onNews();
    this.onSaved();
    return "";
  }

  /**
   * A new form without fields in this change.
   *
   * @param {string} title
   * @returns {Promise<{key?: string, problem?: string}>} its key, or what stands against it
   */
  async newForm(title) {
    const answer = await this.#send("POST", `${this.change}/diagram-forms`, { title });
    if (!answer) return { problem: say("No connection: the form was not made. Try again when it is back.") };
    if (!answer.ok) return { problem: await wordsOf(answer) };
    const { key } = await answer.json();
    this.known.forms = [...this.known.forms, { key, title, fields: [] }];
    this.onNews();
    this.onSaved();
    return { key };
  }

  /** @param {object} body {text} or {structure} @returns {Promise<any>} {structure} or {text}, with `problem` when it is wrong */
  async condition(body) {
    const answer = await this.#send("POST", `${this.change}/conditions`, body);
    if (!answer) return { problem: say("No connection: write it as FEEL, or wait until it is back.") };
    return answer.ok ? answer.json() : { problem: await wordsOf(answer) };
  }

  /** @param {Record<string, string>} files @returns {Promise<any[] | null>} what the server finds wrong; null when it cannot be asked */
  async problems(files) {
    const answer = await this.#send("POST", `${this.change}/check`, { files });
    return answer?.ok ? (await answer.json()).problems : null;
  }

  /** @returns {Promise<string[]>} who else has this file open */
  async others() {
    const answer = await this.#send("POST", `${this.change}/editing/${encodeURI(this.name)}`, {});
    return answer?.ok ? (await answer.json()).others : [];
  }

  /**
   * @param {string} method
   * @param {string} address
   * @param {object} [body]
   * @returns {Promise<Response | null>} null without a connection
   */
  async #send(method, address, body) {
    const headers = { "X-CSRF-Token": this.token, "Content-Type": "application/json", Accept: "application/json" };
    try {
      const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
      return answer.redirected ? null : answer;
    } catch (error) {
      console.warn("not reached:", address, error);
      return null;
    }
  }
}

/** @param {Response} answer an error, as JSON or as a page @returns {Promise<string>} its sentence */
export async function wordsOf(answer) {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.message ?? problem.problem ?? "";
  } catch {
    return new DOMParser().parseFromString(text, "text/html").querySelector("main p")?.textContent ?? say("The server answered {status}.", { status: answer.status });
  }
}
