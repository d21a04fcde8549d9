/**
 * What was typed and could not be saved yet, in this browser: only sealed, under a key that the server gives to whoever
 * is signed in and may work on the task. The key is in memory alone; without it the browser holds nothing to read.
 */

const PREFIX = "parley-typed:";
/** How long something stays, in milliseconds. */
const LONGEST = 7 * 24 * 60 * 60 * 1000;

/** @typedef {[string, string][]} Pairs names and values, as a form sends them */
/** @typedef {{key: string, owner: string, csrf_token: string}} Grant what the server gives for a task */
/** @typedef {{put: (pairs: Pairs) => Promise<boolean>, get: () => Promise<{pairs: Pairs, at: number} | null>, drop: () => void}} Keep */

/**
 * The place for one task. Without the means to seal (a page over plain http from another machine) nothing is kept.
 * @param {string} task
 * @param {Grant} grant
 * @returns {Promise<Keep | null>}
 */
export async function openKeep(task, grant) {
  if (!globalThis.crypto?.subtle) return null;
  const raw = Uint8Array.from(atob(grant.key), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const place = `${PREFIX}${grant.owner}:${task}`;
  const bound = new TextEncoder().encode(place);
  let newest = 0;
  return {
    async put(pairs) {
      const mine = ++newest;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(pairs));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, key, text);
      if (mine !== newest) return true; // something newer is on its way
      return write(place, { at: Date.now(), iv: letters(iv), sealed: letters(new Uint8Array(sealed)) });
    },
    async get() {
      try {
        const { at, iv, sealed } = JSON.parse(localStorage.getItem(place) ?? "");
        const algorithm = { name: "AES-GCM", iv: bytes(iv), additionalData: bound };
        const text = await crypto.subtle.decrypt(algorithm, key, bytes(sealed));
        return { at, pairs: JSON.parse(new TextDecoder().decode(text)) };
      } catch {
        return null; // nothing there, or sealed before the account's sessions were ended
      }
    },
    drop() {
      newest += 1;
      remove((name) => name === place);
    },
  };
}

/** Forgets everything, whoever typed it: at sign-out. */
export function dropAll() {
  remove(() => true);
}

/** Forgets what nobody came back for. */
export function dropOld() {
  remove((_, value) => !(Date.now() - (JSON.parse(value).at ?? 0) < LONGEST));
}

/**
 * @param {(name: string, value: string) => boolean} meant
 */
function remove(meant) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    for (const name of names) if (meant(name, localStorage.getItem(name) ?? "{}")) localStorage.removeItem(name);
  } catch (error) {
    console.warn("this browser keeps nothing for pages", error);
  }
}

/**
 * @param {string} place
 * @param {object} value
 */
function write(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or switched off
  }
}

/** @param {Uint8Array} data */
function letters(data) {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
