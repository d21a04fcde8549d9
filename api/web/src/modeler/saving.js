/** Saves by itself a moment after the last edit, one save at a time, and says in words how it stands. */
import { say } from "../words.js";

const PAUSE = 1000;
const AGAIN = 5000;
/** milliseconds between two looks at a save that is on its way */
const LOOK = 50;

export class Autosave {
  /**
   * @param {import("./files.js").ChangeFile} file
   * @param {() => Promise<string>} text gives what is to be saved
   * @param {(words: string, tone: "quiet" | "wrong") => void} say
   * @param {(text: string) => void} stale called with what was not saved when somebody else saved first
   */
  constructor(file, text, say, stale) {
    this.file = file;
    this.text = text;
    this.say = say;
    this.stale = stale;
    this.edits = 0;
    this.done = 0;
    this.saving = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.paused = false;
    window.addEventListener("beforeunload", (event) => this.edits !== this.done && event.preventDefault());
    window.addEventListener("online", () => this.later(0));
  }

  /** Something was edited. */
  edited() {
    this.edits += 1;
    this.say(say("Not saved yet"), "quiet");
    this.later(PAUSE);
  }

  /** Say that all is saved, and when; nothing while an edit is still to be. */
  saySaved() {
    if (this.edits !== this.done) return;
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.say(say("Saved {at}", { at }), "quiet");
  }

  /** @param {number} pause milliseconds */
  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), pause);
  }

  /** @returns {Promise<void>} resolves when a save that is on its way is over, and one of what came after it */
  async settled() {
    while (this.saving) await new Promise((done) => setTimeout(done, LOOK));
    await this.now();
  }

  /** @returns {Promise<void>} resolves when what stands now is saved, or said not to be */
  async now() {
    if (this.saving || this.paused || this.edits === this.done) return;
    this.saving = true;
    const upTo = this.edits;
    const text = await this.text();
    const result = await this.file.save(text);
    this.saving = false;
    if (result.state === "saved") {
      this.done = upTo;
      this.saySaved();
      if (this.edits !== this.done) this.later(PAUSE);
    } else if (result.state === "kept") {
      this.say(result.message ?? say("No connection: your edits are kept in this browser and saved as soon as it is back."), "wrong");
      this.later(AGAIN);
    } else if (result.state === "stale") {
      this.say(say("Somebody else saved this file meanwhile; yours is kept in this browser."), "wrong");
      this.stale(text);
    } else {
      this.say(say("Not saved, but kept in this browser: {why}", { why: result.message || say("the server refused it") }), "wrong");
    }
  }
}
