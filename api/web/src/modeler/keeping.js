/** What every room does with its file: open it with what was kept, save it by itself, settle with who saved first, tell how it stands. */
import { askStale, offerKept } from "./asking.js";
import { ChangeFile } from "./files.js";
import { Autosave } from "./saving.js";
import { say } from "../words.js";

export class Keeping {
  /**
   * @param {HTMLElement} room data-file: the file's address; data-name; data-token; data-compare; data-readonly when nothing may be saved
   * @param {() => Promise<string>} text of the file now
   */
  constructor(room, text) {
    const { file: address = "", token = "", name = "", compare, readonly } = room.dataset;
    this.room = room;
    this.name = name;
    this.compare = compare;
    this.readonly = readonly !== undefined;
    this.file = new ChangeFile(address, token);
    this.saving = new Autosave(this.file, text, (words, tone) => this.say(words, tone), (mine) => this.settle(mine));
  }

  /** @returns {Promise<{text: string, kept: boolean}>} what to open; kept: it was in this browser only and is still to be saved */
  async open() {
    const saved = await this.file.read();
    const kept = this.readonly ? null : await offerKept(this.file, saved);
    return { text: kept ?? saved, kept: kept !== null };
  }

  /** Something was edited. */
  edited() {
    if (this.readonly) this.say(say("This change cannot be edited now: nothing of what you do here is kept."), "wrong");
    else this.saving.edited();
  }

  /** A link of the page is followed once what was drawn a moment ago is saved; when it cannot be, the browser asks. */
  saveBeforeLeaving() {
    document.addEventListener("click", async (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]:not([href^='#'])") : null;
      const aside = event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented;
      if (!(link instanceof HTMLAnchorElement) || link.target || aside || this.readonly) return;
      event.preventDefault();
      await this.saving.settled();
      if (!this.saving.paused) window.location.assign(link.href);
    });
  }

  /** @param {string} mine what could not be saved, because somebody else saved first */
  async settle(mine) {
    this.saving.paused = true;
    const choice = await askStale(mine, this.name, this.file.address, this.compare);
    this.saving.paused = false;
    if (choice === "theirs") {
      this.file.forget();
      this.saving.edits = this.saving.done;
      window.location.reload();
    } else if (choice === "mine") {
      await this.file.catchUp();
      await this.saving.now();
    } else this.say(say("Not saved: somebody else saved this file. The next edit asks again."), "wrong");
  }

  /** @param {string} words @param {"quiet" | "wrong"} tone */
  say(words, tone) {
    const status = /** @type {HTMLElement} */ (this.room.querySelector("[data-status]"));
    status.textContent = words;
    status.classList.toggle("wrong", tone === "wrong");
  }
}
