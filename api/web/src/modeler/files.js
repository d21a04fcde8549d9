/** A file of a change, as the server keeps it: read, saved with a revision, and kept here when it cannot be saved. */
import { wordsOf } from "./knowledge.js";
import { say } from "../words.js";

/** @typedef {{state: "saved" | "kept" | "stale" | "refused", revision: number, message?: string}} Saved */

/** whoever is not signed in is led to the sign-in page */
const SIGNED_OUT = say("You are signed out: your edits are kept in this browser. Sign in in another tab, then load this page again.");

export class ChangeFile {
  /**
   * @param {string} address of the file
   * @param {string} token repeated by every unsafe request
   */
  constructor(address, token) {
    this.address = address;
    this.token = token;
    this.revision = 0;
  }

  /** @returns {Promise<string>} its text as the change has it */
  async read() {
    const answer = await fetch(this.address, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(say("The file could not be loaded ({status}).", { status: answer.status }));
    this.revision = revisionOf(answer);
    return answer.text();
  }

  /**
   * @param {string} text
   * @returns {Promise<Saved>}
   */
  async save(text) {
    let answer;
    try {
      answer = await fetch(this.address, {
        method: "PUT",
        body: text,
        headers: { "If-Match": `"${this.revision}"`, "X-CSRF-Token": this.token, "Content-Type": "application/octet-stream" },
      });
    } catch {
      this.keep(text);
      return { state: "kept", revision: this.revision };
    }
    if (answer.redirected) {
      this.keep(text);
      return { state: "kept", revision: this.revision, message: SIGNED_OUT };
    }
    if (answer.ok) {
      this.revision = revisionOf(answer);
      this.forget();
      return { state: "saved", revision: this.revision };
    }
    this.keep(text);
    const state = answer.status === 409 ? "stale" : answer.status < 500 ? "refused" : "kept";
    return { state, revision: this.revision, message: await wordsOf(answer) };
  }

  /** @param {string} text kept in this browser until it can be saved */
  keep(text) {
    try {
      localStorage.setItem(this.#key(), JSON.stringify({ revision: this.revision, text, at: new Date().toISOString() }));
    } catch (error) {
      console.warn("This browser keeps nothing:", error);
    }
  }

  /** @returns {{revision: number, text: string, at: string} | null} what was kept here and never saved */
  kept() {
    const found = localStorage.getItem(this.#key());
    return found ? JSON.parse(found) : null;
  }

  forget() {
    localStorage.removeItem(this.#key());
  }

  /** Learn the revision that is saved now, so that the next save goes over it. */
  async catchUp() {
    const answer = await fetch(this.address, { cache: "no-store" });
    if (answer.ok && !answer.redirected) this.revision = revisionOf(answer);
  }

  #key() {
    return `unsaved:${this.address}`;
  }
}

/** @param {Response} answer @returns {number} */
function revisionOf(answer) {
  return Number(/\d+/.exec(answer.headers.get("ETag") ?? "")?.[0] ?? 0);
}

