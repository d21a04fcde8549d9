/** Texts of browser modules in the page's language, from the page's block of words; in English where it has none. */

const block = document.getElementById("words");
const words = /** @type {Record<string, string>} */ (JSON.parse(block?.textContent || "{}"));

/**
 * @param {string} text as it stands in English, with values in braces; the server gives what it is in other languages
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (found, name) => String(values[name] ?? found));
}
