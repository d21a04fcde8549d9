/** Texts of browser modules in the page's language, from the page's blocks of words; in English where it has none. */

/** what every page says, and what a room of the studio says besides */
const blocks = ["words", "room-words"].map((id) => document.getElementById(id)?.textContent || "{}");
const words = /** @type {Record<string, string>} */ (Object.assign({}, ...blocks.map((block) => JSON.parse(block))));

/**
 * @param {string} text as it stands in English, with values in braces; the server gives what it is in other languages
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (found, name) => String(values[name] ?? found));
}
