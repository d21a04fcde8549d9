/**
 * Saves what is typed: as a draft on the server, and until that has it sealed in this browser. Says how it stands, and
 * never gives up what was typed: without a connection, after a time-out, or when another tab went on with the same form.
 */
import { say } from "../words.js";
import { openKeep } from "./kept.js";
import { note } from "./notes.js";

/** Milliseconds from the last key to saving; and to the next try without a connection. */
const CALM = 800;
const AGAIN = 5_000;

/** @typedef {import("./kept.js").Keep} Keep @typedef {import("./kept.js").Pairs} Pairs */
/** @typedef {"saved" | "offline" | "signed-out" | "refused" | "failed"} Outcome */

/** @param {HTMLFormElement} form one with the address of its draft */
export function keepDrafts(form) {
  const address = form.dataset.draft ?? "";
  const task = form.dataset.task ?? "";
  const version = /** @type {HTMLInputElement} */ (form.elements.namedItem("_version"));
  const state = { unsaved: false, stopped: false, timer: 0, owner: "", saving: /** @type {Promise<Outcome> | null} */ (null) };
  /** @type {Keep | null} */
  let keep = null;
  const channel = new BroadcastChannel(`parley-draft:${task}`);

  const changed = () => {
    state.unsaved = true;
    void keep?.put(pairsOf(form));
    schedule(CALM);
  };
  const schedule = (/** @type {number} */ wait) => {
    clearTimeout(state.timer);
    if (!state.stopped) state.timer = setTimeout(() => void save(), wait);
  };
  /** @returns {Promise<Outcome>} */
  const save = async () => {
    clearTimeout(state.timer);
    while (state.saving) await state.saving;
    state.saving = put(true).finally(() => {
      state.saving = null;
    });
    return state.saving;
  };
  /** @param {boolean} renewing @returns {Promise<Outcome>} */
  const put = async (renewing) => {
    const sent = pairsOf(form);
    const options = { method: "PUT", body: new URLSearchParams([...sent, ...tokensOf(form)]), redirect: /** @type {const} */ ("manual") };
    const answer = await fetch(address, options).catch(() => null);
    if (answer === null) return offline();
    if (answer.ok) return saved(answer, sent);
    if (answer.status === 412) return elsewhere(answer);
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      return renewing && (await renew()) ? put(false) : signedOut();
    }
    return refused(answer);
  };
  /** @param {Response} answer @param {Pairs} sent @returns {Promise<Outcome>} */
  const saved = async (answer, sent) => {
    version.value = answer.headers.get("ETag")?.replace(/\D/g, "") ?? version.value;
    state.unsaved = !same(sent, pairsOf(form));
    if (!state.unsaved) keep?.drop();
    tell(form, await answer.text());
    note(form, null);
    channel.postMessage({ version: Number(version.value) });
    return "saved";
  };
  /** @returns {Outcome} */
  const offline = () => {
    tell(form, say("Not saved yet"));
    note(form, keep
      ? say("There is no connection. What you type is kept in this browser, encrypted, and saved as soon as the connection is back.")
      : say("There is no connection. What you typed stands on this page only; leave it open until it says that it was saved."));
    schedule(AGAIN);
    return "offline";
  };
  /** @returns {Outcome} */
  const signedOut = () => {
    tell(form, say("Not saved yet"));
    note(form, say("You were signed out after a time. What you typed stays here; sign in again in another tab and come back."), [
      { label: say("Sign in again"), href: `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}` },
      { label: say("Save now"), act: () => void save() },
    ]);
    return "signed-out";
  };
  /** @param {Response} answer @returns {Promise<Outcome>} */
  const elsewhere = async (answer) => {
    const other = answer.headers.get("ETag")?.replace(/\D/g, "") ?? "";
    state.stopped = true;
    tell(form, say("Not saved"));
    note(form, await answer.text(), [
      { label: say("Look at the other one"), href: location.pathname + location.search },
      {
        label: say("Go on with what is here"),
        act: () => {
          version.value = other;
          state.stopped = false;
          void save();
        },
      },
    ]);
    return "refused";
  };
  /** @param {Response} answer @returns {Outcome} */
  const refused = (answer) => {
    if (answer.status >= 500) {
      tell(form, say("Not saved; it is tried again when you go on typing."));
      return "failed";
    }
    state.stopped = [404, 409].includes(answer.status);
    tell(form, say("Not saved"));
    note(form, state.stopped
      ? say("This task is no longer open, or no longer yours, so nothing is saved. Copy what you still need from here.")
      : say("This is too much to be saved as it is. Shorten it, or take out signs that you did not type."));
    return "refused";
  };
  /** A new sign-in in another tab has a token of its own; somebody else's sign-in is not taken. */
  const renew = async () => {
    const grant = await ask(address);
    if (!grant || (state.owner && grant.owner !== state.owner)) return false;
    for (const token of document.querySelectorAll('input[name="csrf_token"]')) {
      /** @type {HTMLInputElement} */ (token).value = grant.csrf_token;
    }
    return true;
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  if (isEdited(form)) changed(); // somebody was quicker than this script
  window.addEventListener("online", () => state.unsaved && schedule(0));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && state.unsaved && schedule(0));
  window.addEventListener("beforeunload", (event) => state.unsaved && event.preventDefault());
  sendWhenSaved(form, save, () => {
    state.unsaved = false;
  });
  channel.addEventListener("message", ({ data }) => {
    if (data.version <= Number(version.value)) return;
    note(form, say("You went on with this form in another tab, and it was saved there."), [
      { label: say("Go on from there"), href: location.pathname + location.search, here: true },
    ]);
  });
  void ask(address).then(async (grant) => {
    if (!grant) return;
    state.owner = grant.owner;
    keep = await openKeep(task, grant);
    if (form.dataset.restored !== undefined || state.unsaved) changed();
    else if (keep) await offer(form, keep);
  });
  return changed;
}

/**
 * Nothing is sent before the draft is safe, so that a send without a connection or after a time-out loses nothing.
 * @param {HTMLFormElement} form
 * @param {() => Promise<Outcome>} save
 * @param {() => void} leaving
 */
function sendWhenSaved(form, save, leaving) {
  let safe = false;
  form.addEventListener("submit", (event) => {
    if (safe) return leaving();
    event.preventDefault();
    const button = event.submitter;
    void save().then((outcome) => {
      if (["offline", "signed-out", "refused"].includes(outcome)) return;
      safe = true;
      form.requestSubmit(button);
      safe = false;
    });
  });
}

/**
 * A file goes to the server as soon as it is chosen, by the button that does it without script.
 * @param {HTMLFormElement} form
 */
export function addFiles(form) {
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files?.length) return;
    const button = input.parentElement?.querySelector('button[name="_attach"]');
    if (button instanceof HTMLButtonElement) form.requestSubmit(button);
  });
}

/**
 * Offers what an earlier visit could not save.
 * @param {HTMLFormElement} form
 * @param {Keep} keep
 */
async function offer(form, keep) {
  const found = await keep.get();
  if (found === null) return;
  if (same(found.pairs, pairsOf(form))) return keep.drop();
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(found.at);
  note(form, say("On {when} you typed something here that could not be saved. It is kept in this browser, encrypted.", { when }), [
    { label: say("Fill it in"), act: () => fill(form, found.pairs) },
    {
      label: say("Throw it away"),
      act: () => {
        keep.drop();
        note(form, null);
      },
    },
  ]);
}

/**
 * Lets the server make the form with these answers, as it does for rows and mistakes.
 * @param {HTMLFormElement} form
 * @param {Pairs} pairs
 */
function fill(form, pairs) {
  const sender = document.createElement("form");
  sender.method = "post";
  sender.hidden = true;
  for (const [name, value] of [...pairs, ...tokensOf(form), ["_restore", "1"]]) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    sender.append(input);
  }
  document.body.append(sender);
  sender.submit();
}

/** @param {string} address @returns {Promise<import("./kept.js").Grant | null>} */
async function ask(address) {
  const answer = await fetch(`${address}/key`, { cache: "no-store", redirect: "manual" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** @param {HTMLFormElement} form @returns {Pairs} the answers, without what the page adds itself */
function pairsOf(form) {
  return /** @type {Pairs} */ ([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !isOurs(name)));
}

/** @param {HTMLFormElement} form @returns {Pairs} */
function tokensOf(form) {
  return /** @type {Pairs} */ ([...new FormData(form)].filter(([name]) => isOurs(name)));
}

/** @param {HTMLFormElement} form @returns {boolean} whether an answer differs from what the page came with */
function isEdited(form) {
  return [...form.elements].some((one) => {
    if (one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio")) return one.checked !== one.defaultChecked;
    if (one instanceof HTMLTextAreaElement || (one instanceof HTMLInputElement && !isOurs(one.name))) return one.value !== one.defaultValue;
    return false;
  });
}

/** @param {string} name */
function isOurs(name) {
  return name === "csrf_token" || name.startsWith("_");
}

/** @param {Pairs} one @param {Pairs} other */
function same(one, other) {
  const said = (/** @type {Pairs} */ pairs) => JSON.stringify(pairs.filter(([, value]) => value !== "").toSorted());
  return said(one) === said(other);
}

/** @param {HTMLFormElement} form @param {string} words */
function tell(form, words) {
  const place = form.querySelector("#saved");
  if (place) place.textContent = words;
}
