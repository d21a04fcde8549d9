/** Who else has this file open, asked every half minute while the page is looked at. */
import { say } from "../words.js";

const EVERY = 30_000;

/**
 * @param {import("./knowledge.js").Knowledge} knowledge
 * @param {HTMLElement | null} place
 */
export async function watchOthers(knowledge, place) {
  if (!place) return;
  const look = async () => {
    if (document.hidden) return;
    const others = await knowledge.others();
    const who = { names: listed(others) };
    const words = others.length === 1 ? say("{names} has this open too.", who) : others.length ? say("{names} have this open too.", who) : "";
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words;
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  await look();
}

/** @param {string[]} names */
function listed(names) {
  return names.length < 2 ? names.join("") : say("{list} and {last}", { list: names.slice(0, -1).join(", "), last: names.at(-1) ?? "" });
}
